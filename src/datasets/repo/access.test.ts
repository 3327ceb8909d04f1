import { describe, expect, it } from 'vitest';
import { type RepoAccess, repoAccess } from './access.ts';
import type { RepoMember } from './members.ts';
import type { RepoOrganization } from './organizations.ts';
import type { RepoPermission } from './permissions.ts';

const member = (over: Partial<RepoMember> = {}): RepoMember => ({
  systemId: 'github',
  organization: 'acme',
  userId: '1',
  login: 'ines',
  role: 'member',
  principalIds: ['1', '30', '31'],
  teams: ['30 Engineering, by its team Web', '31 Web'],
  unresolved: [],
  ...over,
});
const acme = (basePermission: RepoOrganization['basePermission']): RepoOrganization => ({
  systemId: 'github',
  organizationId: '77',
  name: 'acme',
  basePermission,
});
const right = (repo: string, over: Partial<RepoPermission> = {}): RepoPermission => ({
  systemId: 'github',
  repoId: repo,
  repo,
  kind: 'team',
  principalId: '31',
  principal: 'Web',
  permission: 'write',
  via: 'team',
  archived: false,
  ...over,
});
const own = (repo: string, permission: RepoPermission['permission']) =>
  right(repo, { kind: 'user', via: 'direct', principalId: '1', principal: 'ines', permission });
const accessOf = (rights: readonly RepoPermission[], organizations: readonly RepoOrganization[] = [acme('none')], over: Partial<RepoMember> = {}): RepoAccess =>
  repoAccess.derived?.derive(member(over), { rights, organizations } as never).row as RepoAccess;

describe('what one account may do in repositories', () => {
  it.each<[string, RepoAccess, Partial<RepoAccess>]>([
    ['nothing', accessOf([]), { level: 'none', ways: [], undecided: [] }],
    ['the base permission', accessOf([], [acme('read')]), { level: 'read', ways: ['read on every repository, by the base permission of acme'] }],
    [
      'all, as an owner',
      accessOf([], [acme('none')], { role: 'owner' }),
      { level: 'admin', ways: ['admin on every repository, as owner of acme'], undecided: [] },
    ],
    [
      'through a team, and through one above it',
      accessOf([right('web'), right('api', { principalId: '30', principal: 'Engineering', permission: 'maintain' })]),
      { level: 'maintain', ways: ['maintain on api, through team Engineering, by its team Web', 'write on web, through team Web'], direct: [] },
    ],
    ['not what another team holds', accessOf([right('web', { principalId: '32' })]), { level: 'none', ways: [] }],
    ['not what a team holds that has the number of the account', accessOf([right('web', { principalId: '1' })]), { level: 'none', ways: [] }],
    ['not what an account holds that has the number of a team', accessOf([{ ...own('web', 'admin'), principalId: '31' }]), { level: 'none' }],
    ['not what it holds in another system', accessOf([{ ...own('web', 'admin'), systemId: 'other' }]), { level: 'none' }],
    ['given directly', accessOf([own('web', 'admin')]), { level: 'admin', ways: ['admin on web, given directly'], direct: ['web'], directUndecided: [] }],
    ['to read, given directly', accessOf([own('web', 'read')]), { level: 'read', direct: [], directUndecided: [] }],
    ['given directly, as much as a team gives', accessOf([own('web', 'write'), right('web')]), { direct: [], directUndecided: ['web'] }],
    ['given directly, more than a team gives', accessOf([own('web', 'admin'), right('web')]), { direct: ['web'], directUndecided: [] }],
    ['given directly, as much as the base permission', accessOf([own('web', 'write')], [acme('write')]), { direct: [], directUndecided: ['web'] }],
    ['given directly to an owner', accessOf([own('web', 'admin')], [acme('none')], { role: 'owner' }), { direct: [], directUndecided: ['web'] }],
    [
      'from outside, without the base permission',
      accessOf([right('web', { kind: 'outside-collaborator', via: 'direct', principalId: '1' })], [acme('admin')], { role: 'outside-collaborator', teams: [] }),
      { level: 'write', ways: ['write on web, as outside collaborator'] },
    ],
    [
      'a base permission that is not told',
      accessOf([], [acme('unknown')]),
      { level: 'none', undecided: ['GitHub does not say what every member of acme may do'] },
    ],
    [
      'a level that is not told',
      accessOf([right('web', { permission: 'unknown' })]),
      { level: 'none', ways: ['a level that is not told on web, through team Web'], undecided: ['GitHub does not say at which level it holds web'] },
    ],
    [
      'a team above that nobody described',
      accessOf([], [acme('none')], { unresolved: ['Web'] }),
      { undecided: ['GitHub does not describe the team above Web'] },
    ],
    ['many', accessOf(['a', 'b', 'c', 'd'].map((repo) => right(repo))), { ways: ['write on 4 repositories, through team Web'] }],
  ])('%s', (_, said, expected) => expect(said).toMatchObject(expected));

  it('cites what it rests on', () => {
    const [web, base] = [right('web'), acme('read')];
    const { cites } = repoAccess.derived?.derive(member(), { rights: [web, right('x', { principalId: '32' })], organizations: [base] } as never) ?? {};
    expect(cites).toEqual([web, base]);
  });
});
