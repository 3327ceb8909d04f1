import { checkTester } from '../../test/check-tester.ts';
import { application, decision, grant, group, membership, repoPermission, repository, role } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { reviewRevocationsProven } from './review-revocations-proven.ts';

const decidedAt = instant('2026-04-01T00:00:00Z');
const item = decision({ decision: 'revoke', decidedAt, right: 'GitHub' });
const of = (right: string) => ({ ...item, right });
const apps = [application()];
const groups = [group()];
const because = 'it was taken away on 2026-04-01T00:00:00Z, and still held on 2026-04-10T00:00:00Z';
const nameless = (right: string) => `nothing in okta is called ${right}, so that it cannot be seen to be gone`;
const permitted = [repoPermission({ systemId: 'okta', principalId: 'u1' })];
const repos = [repository({ systemId: 'okta' })];
const owner = membership({ kind: 'organization', name: 'acme', role: 'owner' });
const administrator = membership({ kind: 'role', name: 'Super Administrator', role: 'administrator', privileged: true });
const policy = membership({ kind: 'role', name: 'policy ReadOnlyAccess', role: 'attached' });
const held = (right: string, row: ReturnType<typeof membership>) => ({ item: of(right), given: { belonging: [row] }, because, cites: { belonging: [0] } });
/** Seen gone, for another account shows that the name is one. */
const gone = (right: string, row: ReturnType<typeof membership>) => ({ item: of(right), given: { belonging: [{ ...row, userId: 'u9' }] } });

checkTester(reviewRevocationsProven, {
  conforms: {
    gone: { item, given: { apps } },
    'another right of the account': {
      item,
      given: { apps, granted: [grant({ role: 'AWS', roleId: 'app2' })], belonging: [membership({ name: 'Everyone' })] },
    },
    'of another system': { item, given: { apps, granted: [grant({ systemId: 'google' })] } },
    'a group that nobody is in any more': { item: of('Everyone'), given: { groups } },
    'a group by its id': { item: of('grp1'), given: { groups } },
    'a role, by its id': { item: of('role1'), given: { roles: [role()] } },
    'a role as the list prints it': { item: of('administrator of role Supporter'), given: { roles: [role()] } },
    'an application by its id': { item: of('app1'), given: { apps } },
    'a repository, at a level': { item: of('write on acme/web'), given: { repos } },
    'a lower level stays': { item: of('admin on acme/web'), given: { repos, permitted } },
    'an owner who is a member now': {
      item: of('owner of organization acme'),
      given: { belonging: [{ ...owner, role: 'member' }, membership({ userId: 'u2' })] },
    },
    'a group as the list prints it': gone('group Everyone', membership()),
    'a policy by its own name': gone('ReadOnlyAccess', policy),
  },
  deviates: {
    'a ticket that was closed': { item: { ...item, executedAt: decidedAt }, given: { granted: [grant()] }, because, cites: { granted: [0] } },
    'by its id': { item: of('APP1'), given: { granted: [grant()] }, because, cites: { granted: [0] } },
    'as an application': { item: of('application GitHub'), given: { granted: [grant()] }, because, cites: { granted: [0] } },
    'trap 27: through another group': {
      item,
      given: { granted: [grant({ grantId: 'g9', via: 'group', groups: ['Builders'] })] },
      because,
      cites: { granted: [0] },
    },
    'as a group': held('everyone', membership()),
    'as a group, as the list prints it': held('group Everyone', membership()),
    'as a group, by its id': { item: of('grp1'), given: { groups, belonging: [membership()] }, because, cites: { belonging: [0] } },
    'an administrator, as the list prints it': held('administrator of role Super Administrator', administrator),
    'an administrator by another way than the list printed': held('administrator of role Super Administrator', {
      ...administrator,
      role: 'administrator through group Leads',
    }),
    'an owner, as the list prints it': held('owner of organization acme', owner),
    'a policy by its own name': held('ReadOnlyAccess', policy),
    'a policy, as the list prints it': held('policy ReadOnlyAccess', policy),
    'on a repository': { item: of('acme/web'), given: { permitted }, because, cites: { permitted: [0] } },
    'one level of it': { item: of('write on acme/web'), given: { permitted }, because, cites: { permitted: [0] } },
    'more than that level of it': { item: of('read on acme/web'), given: { permitted }, because, cites: { permitted: [0] } },
  },
  unknown: {
    'a system of whose rights nobody tells': { item, because: nameless('GitHub') },
    'a name that nothing bears': {
      item: of('Leads of the cloud'),
      given: { apps, groups, repos, roles: [role()], belonging: [membership()], granted: [grant()], permitted },
      because: nameless('Leads of the cloud'),
    },
    'a level that is not told': {
      item: of('write on acme/web'),
      given: { repos, permitted: [repoPermission({ systemId: 'okta', principalId: 'u1', permission: 'unknown' })] },
      because: 'okta does not tell what right the account has to that repository',
    },
  },
  notYet: { 'until the deadline': { item, given: { granted: [grant()] }, at: decidedAt + days(9) - 1 } },
  ignores: { 'what is kept': decision(), 'what is changed': decision({ decision: 'modify' }) },
});
