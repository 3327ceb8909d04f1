import { checkTester } from '../../test/check-tester.ts';
import { account, secretFinding, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { secretsRevoked } from './secrets-revoked.ts';

const scope = [system({ systemId: 'github' })];
const closers = [account({ systemId: 'github', userId: 'g2', login: 'bruno-novak', personId: 'W-2' })];
const open = secretFinding({ status: 'open', resolution: 'none', validity: 'unknown', resolvedById: null, resolvedBy: null, resolvedAt: null });

const since = 'was found on 2026-05-20T12:00:00Z and does not work any more, and nobody tells whether that was so by 2026-05-21T12:00:00Z';

checkTester(secretsRevoked, {
  conforms: {
    revoked: { item: secretFinding(), given: { scope } },
    'at the very end of the day': { item: secretFinding({ resolvedAt: instant('2026-05-21T12:00:00Z') }), given: { scope } },
    'within the day it does not work any more': { item: { ...open, validity: 'inactive' }, given: { scope }, at: instant('2026-05-21T11:59:59Z') },
    'within the day it is revoked, and nobody says since when': {
      item: secretFinding({ resolvedAt: null }),
      given: { scope },
      at: instant('2026-05-21T11:59:59Z'),
    },
    'somebody said that it is none, whose account is gone since': {
      item: secretFinding({ resolution: 'false-positive', validity: 'unknown' }),
      given: { scope },
    },
    'somebody said that it is none': { item: secretFinding({ resolution: 'false-positive', validity: 'unknown' }), given: { scope, closers } },
  },
  deviates: {
    'open for more than a day': { item: open, given: { scope }, because: 'was found on 2026-05-20T12:00:00Z and was not revoked by 2026-05-21T12:00:00Z' },
    'revoked too late': {
      item: secretFinding({ resolvedAt: instant('2026-05-21T12:00:01Z') }),
      given: { scope },
      because: 'was found on 2026-05-20T12:00:00Z and revoked only on 2026-05-21T12:00:01Z; it was due on 2026-05-21T12:00:00Z',
    },
    'not to be fixed': { item: secretFinding({ resolution: 'wont-fix' }), given: { scope }, because: 'was closed by bruno-novak as not to be fixed' },
    'closed, and it still works': {
      item: secretFinding({ validity: 'active' }),
      given: { scope },
      because: 'was closed by bruno-novak, and the credential still works',
    },
    'taken out of the code': {
      item: secretFinding({ resolution: 'deleted', validity: 'unknown' }),
      given: { scope, closers },
      because: 'was found on 2026-05-20T12:00:00Z and only taken out of the code, which revokes nothing',
    },
    'an application said that it is none': {
      item: secretFinding({ resolution: 'false-positive', validity: 'unknown', resolvedBy: 'triage[bot]' }),
      given: { scope },
      because: 'was closed as no credential by triage[bot], which is a machine',
    },
    'a machine said that it is none': {
      item: secretFinding({ resolution: 'used-in-tests', validity: 'unknown', resolvedBy: 'acme-bot' }),
      given: { scope, closers: [account({ systemId: 'github', userId: 'g2', login: 'acme-bot', kind: 'service', personId: null, ownerId: 'W-2' })] },
      because: 'was closed as no credential by acme-bot, which is a machine',
      cites: { closers: [0] },
    },
  },
  unknown: {
    'it does not work any more, and nobody says since when': { item: { ...open, validity: 'inactive' }, given: { scope }, because: since },
    'revoked, and nobody says when': { item: secretFinding({ resolvedAt: null, validity: 'unknown' }), given: { scope }, because: since },
    'taken out of the code, and it does not work any more': { item: secretFinding({ resolution: 'deleted' }), given: { scope }, because: since },
    'several people share the account of who said so': {
      item: secretFinding({ resolution: 'false-positive', validity: 'unknown', resolvedBy: 'ops' }),
      given: { scope, closers: [account({ systemId: 'github', userId: 'g2', login: 'ops', kind: 'shared', personId: null, ownerId: 'W-2' })] },
      because: 'several people share ops, who said that it is no credential',
    },
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
