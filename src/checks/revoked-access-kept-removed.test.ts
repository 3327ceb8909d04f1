import { checkTester } from '../../test/check-tester.ts';
import { accessRequest, decision, membership, system, user } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { revokedAccessKeptRemoved } from './revoked-access-kept-removed.ts';

const scope = [system()];
const holders = [user()];
const decidedAt = instant('2026-04-01T00:00:00Z');
const item = membership({ name: 'Builders' });
const revoke = (over: Parameters<typeof decision>[0] = {}) => decision({ decision: 'revoke', right: 'builders', decidedAt, ...over });
const request = (over: Parameters<typeof accessRequest>[0] = {}) =>
  accessRequest({ decision: 'approved', role: 'Builders', beneficiaryEmails: ['ines.duarte@acme.example'], decidedAt: decidedAt + 1, ...over });
const because = 'a review took it away on 2026-04-01T00:00:00Z, and no request for it was approved since';

checkTester(revokedAccessKeptRemoved, {
  conforms: {
    'never taken away': { item, given: { scope, holders, revoked: [revoke({ right: 'Testers' }), revoke({ systemId: 'github' })] } },
    'a member where the owner was taken away': {
      item: membership({ kind: 'organization', name: 'acme' }),
      given: { scope, holders, revoked: [revoke({ right: 'owner of organization acme' })] },
    },
    'in the days for it': { item, given: { scope, holders, revoked: [revoke()] }, at: decidedAt + days(7) - 1 },
    'approved since, by role': { item, given: { scope, holders, revoked: [revoke()], requested: [request()] } },
    'approved since, by title': {
      item,
      given: { scope, holders, revoked: [revoke()], requested: [request({ role: null, title: 'Please add me to builders' })] },
    },
  },
  deviates: {
    'trap 27: returned through another grant': { item, given: { scope, holders, revoked: [revoke()] }, because, cites: { revoked: [0] } },
    ...Object.fromEntries(
      Object.entries({
        'as the list prints it': { right: 'group Builders', row: item },
        'an administrator, as the list prints it': {
          right: 'administrator of role Super Administrator',
          row: membership({ kind: 'role', name: 'Super Administrator', role: 'administrator through group Leads' }),
        },
        'a policy by its own name': { right: 'readonlyaccess', row: membership({ kind: 'role', name: 'policy ReadOnlyAccess', role: 'attached' }) },
      }).map(([name, { right, row }]) => [name, { item: row, given: { scope, holders, revoked: [revoke({ right })] }, because, cites: { revoked: [0] } }]),
    ),
    'approved before': { item, given: { scope, holders, revoked: [revoke()], requested: [request({ decidedAt })] }, because, cites: { revoked: [0] } },
    'approved for somebody else': {
      item,
      given: { scope, holders, revoked: [revoke()], requested: [request({ beneficiaryEmails: ['other@acme.example'] })] },
      because,
      cites: { revoked: [0] },
    },
    'approved for something else': {
      item,
      given: { scope, holders, revoked: [revoke()], requested: [request({ role: 'Testers', title: 'Testers' })] },
      because,
      cites: { revoked: [0] },
    },
    'taken away twice': {
      item,
      given: {
        scope,
        holders,
        revoked: [revoke({ decisionId: 'D-0', decidedAt: decidedAt - days(90) }), revoke()],
        requested: [request({ decidedAt: decidedAt - days(1) })],
      },
      because,
      cites: { revoked: [1] },
    },
  },
  unknown: {
    'approved, and its source does not say when': {
      item,
      given: { scope, holders, revoked: [revoke()], requested: [request({ decidedAt: null })] },
      because: 'a request for it was approved, and its source does not say when',
    },
    'approved since, and nobody knows whose account it is': {
      item,
      given: { scope, revoked: [revoke()], requested: [request()] },
      because: 'a request for it was approved for somebody, and nobody knows whose account this is',
    },
  },
  notYet: { 'a system out of scope': { item } },
});
