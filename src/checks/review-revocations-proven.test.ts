import { checkTester } from '../../test/check-tester.ts';
import { decision, grant, membership, repoPermission, user } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { reviewRevocationsProven } from './review-revocations-proven.ts';

const decidedAt = instant('2026-04-01T00:00:00Z');
const item = decision({ decision: 'revoke', decidedAt, right: 'GitHub' });
const accounts = [user()];
const because = 'it was taken away on 2026-04-01T00:00:00Z, and still held on 2026-04-10T00:00:00Z';

checkTester(reviewRevocationsProven, {
  conforms: {
    gone: { item, given: { accounts } },
    'another right of the account': {
      item,
      given: { accounts, granted: [grant({ role: 'AWS', roleId: 'app2' })], belonging: [membership({ name: 'Everyone' })] },
    },
    'of another system': {
      item,
      given: { accounts, granted: [grant({ systemId: 'google' })], belonging: [membership({ systemId: 'google', name: 'github' })] },
    },
    'the account is gone, too': { item, given: { accounts: [user({ userId: 'u9' })] } },
  },
  deviates: {
    'a ticket that was closed': { item: { ...item, executedAt: decidedAt }, given: { accounts, granted: [grant()] }, because, cites: { granted: [0] } },
    'by its id': { item: { ...item, right: 'APP1' }, given: { accounts, granted: [grant()] }, because, cites: { granted: [0] } },
    'trap 27: through another group': {
      item,
      given: { accounts, granted: [grant({ grantId: 'g9', via: 'group', groups: ['Builders'] })] },
      because,
      cites: { granted: [0] },
    },
    'as a group': {
      item: { ...item, right: 'everyone' },
      given: { accounts, belonging: [membership({ name: 'Everyone' })] },
      because,
      cites: { belonging: [0] },
    },
    'on a repository': {
      item: { ...item, right: 'acme/web' },
      given: { accounts, permitted: [repoPermission({ systemId: 'okta', principalId: 'u1' })] },
      because,
      cites: { permitted: [0] },
    },
    'one level of it': {
      item: { ...item, right: 'write on acme/web' },
      given: { accounts, permitted: [repoPermission({ systemId: 'okta', principalId: 'u1' })] },
      because,
      cites: { permitted: [0] },
    },
  },
  unknown: { 'a system that no source reads': { item, because: 'no source tells of accounts in okta' } },
  notYet: { 'until the deadline': { item, given: { granted: [grant()] }, at: decidedAt + days(9) - 1 } },
  ignores: { 'what is kept': decision(), 'what is changed': decision({ decision: 'modify' }) },
});
