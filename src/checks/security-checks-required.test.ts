import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { securityChecksRequired } from './security-checks-required.ts';

const scope = [system({ systemId: 'github' })];
const rules = (over: Parameters<typeof protection>[0]) => ({ scope, rules: [protection(over)] });

checkTester(securityChecksRequired, {
  conforms: {
    'a scan is required': { item: repository(), given: rules({ requiredChecks: ['ci', 'CodeQL'] }) },
    'by the word security': { item: repository(), given: rules({ requiredChecks: ['security / scan'] }) },
  },
  deviates: {
    'only others are': {
      item: repository(),
      given: rules({ requiredChecks: ['lint', 'ci'] }),
      because: 'main asks for ci, lint, none of which is a security check by its name',
      cites: { rules: [0] },
    },
    'none is': { item: repository(), given: rules({ requiredChecks: [] }), because: 'main asks for no check', cites: { rules: [0] } },
    'trap 35: evaluated only': {
      item: repository(),
      given: rules({ requiredChecks: ['CodeQL'], inForce: 'evaluate' }),
      because: 'the rules of main are only evaluated and block nothing',
      cites: { rules: [0] },
    },
  },
  unknown: {
    'trap 39: what cannot be read is not "none"': { item: repository(), given: rules({ inForce: 'unknown' }), because: 'the rules of main are not known' },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archived one': repository({ archived: true }) },
});
