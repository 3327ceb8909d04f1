import { checkTester } from '../../test/check-tester.ts';
import { system } from '../../test/rows.ts';
import { hardeningRule } from '../../test/source-rows.ts';
import { hardeningRulesKept } from './hardening-rules-kept.ts';

const given = { scope: [system({ systemId: 'aws' })] };

checkTester(hardeningRulesKept, {
  conforms: { 'nothing breaks it': { item: hardeningRule(), given } },
  deviates: {
    'one resource breaks it': { item: hardeningRule({ failed: ['sg-1'] }), given, because: 'broken by sg-1' },
    'many do': { item: hardeningRule({ failed: ['a', 'b', 'c', 'd', 'e'], undecided: ['f'] }), given, because: 'broken by a, b, c and 2 more' },
    'it was not evaluated': { item: hardeningRule({ evaluated: false, severity: 'unknown' }), given, because: 'Prowler was to evaluate it, and did not' },
  },
  unknown: { 'the tool leaves it to people': { item: hardeningRule({ undecided: ['root'] }), given, because: 'Prowler does not say it of root' } },
  notYet: { 'a system out of scope': { item: hardeningRule() } },
  ignores: { 'a remark': hardeningRule({ severity: 'informational' }) },
});
