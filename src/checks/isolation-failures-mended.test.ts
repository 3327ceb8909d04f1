import { checkTester } from '../../test/check-tester.ts';
import { isolationTest } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { isolationFailuresMended } from './isolation-failures-mended.ts';

const failure = isolationTest({ result: 'failure' });
const next = (at: string) => ({ others: [failure, isolationTest({ testId: 'IT-2', executedAt: instant(at) })] });
const open = 'failed on 2026-05-12T09:00:00Z, and none had succeeded by 2026-05-19T09:00:00Z';

checkTester(isolationFailuresMended, {
  conforms: {
    'it succeeded': { item: isolationTest() },
    'the next one did, in time': { item: failure, given: next('2026-05-19T09:00:00Z') },
  },
  deviates: {
    'nothing followed': { item: failure, given: { others: [failure] }, because: open },
    'the next one came too late': { item: failure, given: next('2026-05-19T09:00:01Z'), because: open },
    'a success before it says nothing': { item: failure, given: next('2026-05-11T09:00:00Z'), because: open },
  },
  notYet: { 'the register is still to be read': { item: failure, given: { others: [failure] }, at: instant('2026-05-27T08:59:59Z') } },
});
