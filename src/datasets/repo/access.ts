import { z } from 'zod';
import { type Derived, deriveDataset, type Join } from '../dataset.ts';
import { list, systemId, text } from '../fields.ts';
import { RepoMember, repoMembers } from './members.ts';
import { type RepoOrganization, repoOrganizations } from './organizations.ts';
import { type RepoPermission, repoPermissions } from './permissions.ts';

/** Lowest first. */
const LEVELS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
type Level = (typeof LEVELS)[number];

export const RepoAccess = z.object({
  systemId,
  organization: text('Login of the organization'),
  userId: text('Id of the account, as in identity.users'),
  login: text('Login name'),
  role: RepoMember.shape.role,
  level: z.enum(LEVELS).describe('The highest that it surely holds in some repository'),
  ways: list('What it holds, where, and how it came to it'),
  undecided: list('What is not known of its rights'),
  direct: list('Repositories in which it was given the right to write, or more, itself and not through a team'),
  directUndecided: list('Repositories to which it was added itself, and whose level another way explains: GitHub tells the higher of the two'),
});
export type RepoAccess = z.infer<typeof RepoAccess>;

type With = { readonly rights: Join<RepoPermission, 'principalIds'>; readonly organizations: Join<RepoOrganization, 'organization'> };

/** All ways at once: as an owner, by the base permission, through a team or one below it, and given directly. */
export const repoAccess = deriveDataset<RepoAccess, RepoMember, With>(
  {
    id: 'repo.access',
    title: 'What one account may do in the repositories of an organization, and how it came to it',
    row: RepoAccess,
    label: ({ login, systemId: system }) => `${login} in ${system}`,
  },
  {
    population: repoMembers,
    with: {
      rights: repoPermissions.where(({ archived, permission }) => !archived || permission === 'admin').on('principalId', 'principalIds'),
      organizations: repoOrganizations.on('name', 'organization'),
    },

    derive(member, { rights, organizations }): Derived<RepoAccess> {
      const { systemId: system, organization, userId, login, role } = member;
      const its = rights.filter((right) => right.systemId === system && isOf(member, right));
      const [settings] = organizations.filter((one) => one.systemId === system);
      const base = role === 'outside-collaborator' ? 'none' : (settings?.basePermission ?? 'unknown');
      const own = its.filter(({ kind }) => kind !== 'team');
      const everywhere: Level = role === 'owner' ? 'admin' : base === 'unknown' ? 'none' : base;
      const asTold = own.filter(({ permission }) => rank(permission) >= rank('write'));
      const hidden = asTold.filter((right) => !exceeds(right, otherwise(right, its, everywhere)));
      const levels = [everywhere, ...its.flatMap(({ permission }) => (permission === 'unknown' ? [] : [permission]))];
      return {
        row: {
          ...{ systemId: system, organization, userId, login, role },
          level: highest(levels),
          ways: [
            ...(role === 'owner' ? [`admin on every repository, as owner of ${organization}`] : []),
            ...baseWay(base, organization),
            ...waysOf(member, its),
          ],
          undecided: [
            ...(base === 'unknown' && role === 'member' ? [`GitHub does not say what every member of ${organization} may do`] : []),
            ...member.unresolved.map((team) => `GitHub does not describe the team above ${team}`),
            ...its.flatMap(({ permission, repo }) => (permission === 'unknown' ? [`GitHub does not say at which level it holds ${repo}`] : [])),
          ].sort(),
          direct: asTold.flatMap((right) => (hidden.includes(right) ? [] : [right.repo])).sort(),
          directUndecided: hidden.map(({ repo }) => repo).sort(),
        },
        cites: [...its, ...organizations.filter((one) => one.systemId === system)],
      };
    },
  },
);

/** Ids of teams and of accounts are counted apart: the same number may be both. */
function isOf({ userId, teams }: RepoMember, { kind, principalId }: RepoPermission): boolean {
  return kind === 'team' ? teams.some((team) => team.startsWith(`${principalId} `)) : principalId === userId;
}

const rank = (level: Level | 'unknown'): number => LEVELS.indexOf(level as Level);
const highest = (levels: readonly Level[]): Level => LEVELS[Math.max(0, ...levels.map(rank))] ?? 'none';

/** The highest that it holds in the same repository by another way. */
function otherwise({ repoId }: RepoPermission, its: readonly RepoPermission[], everywhere: Level): Level {
  return highest([everywhere, ...its.flatMap((one) => (one.kind === 'team' && one.repoId === repoId && one.permission !== 'unknown' ? [one.permission] : []))]);
}
const exceeds = ({ permission }: RepoPermission, other: Level): boolean => rank(permission) > rank(other);

const baseWay = (base: Level | 'unknown', organization: string): readonly string[] =>
  base === 'none' || base === 'unknown' ? [] : [`${base} on every repository, by the base permission of ${organization}`];

/** Repositories that are named; more are counted. */
const NAMED = 3;

function waysOf({ teams }: RepoMember, its: readonly RepoPermission[]): readonly string[] {
  const teamOf = new Map(teams.map((team) => [team.slice(0, team.indexOf(' ')), team.slice(team.indexOf(' ') + 1)]));
  const how = ({ kind, principalId, principal }: RepoPermission) =>
    kind === 'team' ? `through team ${teamOf.get(principalId) ?? principal}` : kind === 'user' ? 'given directly' : 'as outside collaborator';
  const ways = Map.groupBy(its, (right) => `${right.permission === 'unknown' ? 'a level that is not told' : right.permission} on|${how(right)}`);
  return [...ways]
    .map(([way, rights]) => {
      const [level = '', means = ''] = way.split('|');
      const repos = rights.map(({ repo }) => repo).sort();
      return `${level} ${repos.length > NAMED ? `${repos.length} repositories` : repos.join(', ')}, ${means}`;
    })
    .sort();
}
