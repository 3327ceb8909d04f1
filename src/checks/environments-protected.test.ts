import { checkTester } from '../../test/check-tester.ts';
import { environment, system } from '../../test/rows.ts';
import { environmentsProtected } from './environments-protected.ts';

const scope = [system({ systemId: 'github' })];

checkTester(environmentsProtected, {
  conforms: { 'all rules are set': { item: environment(), given: { scope } } },
  deviates: {
    'no approval': { item: environment({ reviewers: [] }), given: { scope }, because: 'production asks for no approval' },
    'self-review': { item: environment({ selfReviewPrevented: 'no' }), given: { scope }, because: 'who starts a run may approve it for production themselves' },
    'any branch': { item: environment({ branches: [] }), given: { scope }, because: 'production takes deployments of any branch' },
    'trap 28: administrators go around': {
      item: environment({ adminsBypass: 'yes' }),
      given: { scope },
      because: 'administrators may go around the rules of production',
    },
  },
  unknown: {
    'the source does not say': { item: environment({ adminsBypass: 'unknown' }), given: { scope }, because: 'not all rules of production are known' },
  },
  notYet: { 'a system out of scope': { item: environment() } },
  ignores: { 'another environment': environment({ production: false }) },
});
