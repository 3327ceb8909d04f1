import type { RepoMember } from '../../datasets/repo/members.ts';
import type { RepoOrganization } from '../../datasets/repo/organizations.ts';
import type { Account, Team } from './answers.ts';

interface People {
  readonly systemId: string;
  readonly organization: string;
  readonly owners: readonly Account[];
  readonly members: readonly Account[];
  readonly outside: readonly Account[];
  readonly teams: readonly (Team & { readonly maintainers: readonly Account[]; readonly members: readonly Account[] })[];
}

/**
 * Everybody with his teams. Who is in a team holds what the teams above it hold (docs.github.com, "About teams"), whether
 * or not GitHub lists him in those too.
 */
export function memberRows({ systemId, organization, owners, members, outside, teams }: People): RepoMember[] {
  const byId = new Map(teams.map((team) => [team.id, team]));
  const above = (team: Team, seen: readonly number[] = []): readonly Team[] => {
    const parent = team.parent ? byId.get(team.parent.id) : undefined;
    return parent === undefined || seen.includes(parent.id) ? [] : [parent, ...above(parent, [...seen, parent.id])];
  };
  const listed = new Map<number, Team[]>();
  for (const team of teams) for (const { id } of [...team.maintainers, ...team.members]) listed.set(id, [...(listed.get(id) ?? []), team]);

  const row =
    (role: RepoMember['role']) =>
    ({ id, login }: Account): RepoMember => {
      const its = new Map<number, string>();
      for (const team of listed.get(id) ?? []) for (const upper of above(team)) its.set(upper.id, `${upper.name}, by its team ${team.name}`);
      for (const team of listed.get(id) ?? []) if (!its.has(team.id)) its.set(team.id, team.name);
      return {
        systemId,
        organization,
        userId: String(id),
        login,
        role,
        principalIds: [String(id), ...[...its.keys()].sort((a, b) => a - b).map(String)],
        teams: [...its].map(([team, name]) => `${team} ${name}`).sort(),
        unresolved: teams.flatMap(({ id: team, name, parent }) => (its.has(team) && parent && !byId.has(parent.id) ? [name] : [])).sort(),
      };
    };
  return [...owners.map(row('owner')), ...members.map(row('member')), ...outside.map(row('outside-collaborator'))];
}

const BASES: readonly string[] = ['admin', 'write', 'read', 'none'] satisfies readonly RepoOrganization['basePermission'][];

/** GitHub tells it to owners only. */
export const basePermission = (said: string | null | undefined): RepoOrganization['basePermission'] =>
  typeof said === 'string' && BASES.includes(said) ? (said as RepoOrganization['basePermission']) : 'unknown';
