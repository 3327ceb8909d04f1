import { checkTester } from '../../test/check-tester.ts';
import { secretFinding, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { secretsRevoked } from './secrets-revoked.ts';

const scope = [system({ systemId: 'github' })];
const open = secretFinding({ status: 'open', resolution: 'none', validity: 'unknown', resolvedById: null, resolvedBy: null, resolvedAt: null });

checkTester(secretsRevoked, {
  conforms: {
    revoked: { item: secretFinding(), given: { scope } },
    'it does not work any more': { item: { ...open, validity: 'inactive' }, given: { scope } },
    'somebody said that it is none': { item: secretFinding({ resolution: 'false-positive', validity: 'unknown' }), given: { scope } },
  },
  deviates: {
    'open for more than a day': { item: open, given: { scope }, because: 'was found on 2026-05-20T12:00:00Z and was not revoked by 2026-05-21T12:00:00Z' },
    'not to be fixed': { item: secretFinding({ resolution: 'wont-fix' }), given: { scope }, because: 'was closed by bruno-novak as not to be fixed' },
    'closed, and it still works': {
      item: secretFinding({ validity: 'active' }),
      given: { scope },
      because: 'was closed by bruno-novak, and the credential still works',
    },
  },
  unknown: {
    'nobody is named who said so': {
      item: secretFinding({ resolution: 'false-positive', resolvedBy: null, resolvedById: null, validity: 'unknown' }),
      given: { scope },
      because: 'it is not known who said that it is no credential',
    },
    'the source does not say how': {
      item: secretFinding({ resolution: 'unknown', validity: 'unknown' }),
      given: { scope },
      because: 'it is not known how it was resolved',
    },
  },
  notYet: { 'within the day': { item: open, given: { scope }, at: instant('2026-05-21T00:00:00Z') }, 'a system out of scope': { item: open } },
});
