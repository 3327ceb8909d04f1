import { type Ternary, ternary } from '../core/ternary.ts';
import type { Grant } from '../datasets/access/grants.ts';
import { type Membership, membershipNamed } from '../datasets/identity/memberships.ts';
import type { RepoPermission } from '../datasets/repo/permissions.ts';

const said = (right: string): string => right.trim().toLowerCase();
const isOne = (right: string, names: readonly string[]): boolean => names.some((name) => name.toLowerCase() === said(right));

/** The name alone, or with its kind. A policy of a cloud account is told as `policy X`, and is called X by whoever reads it. */
function namesOf({ kind, name }: Pick<Membership, 'kind' | 'name'>): readonly string[] {
  const plain = [name, name.replace(/^policy /, '')];
  return [...plain, ...plain.map((its) => `${kind} ${its}`)];
}

/** Whether a right, as a review writes it, is what an account holds: by name, with its kind, or as the list for reviewers prints it. */
export function isMembership(right: string, row: Pick<Membership, 'kind' | 'name' | 'role'>): boolean {
  // A role is held or not: by which way, which is printed before it, makes no other right of it.
  return isOne(right, [...namesOf(row), membershipNamed(row)]) || (row.kind === 'role' && isLevelOf(right, row));
}

/** Whether it names the same group, team, application, role or organization, at whatever level. */
export const isCalled = (right: string, row: Pick<Membership, 'kind' | 'name'>): boolean => isOne(right, namesOf(row)) || isLevelOf(right, row);

const isLevelOf = (right: string, { kind, name }: Pick<Membership, 'kind' | 'name'>): boolean => said(right).endsWith(` of ${kind} ${name}`.toLowerCase());

/** As `isMembership`, of what an identity provider lets an account use or administer. */
export const isGrant = (right: string, { kind, role, roleId }: Pick<Grant, 'kind' | 'role' | 'roleId'>): boolean =>
  isOne(right, [roleId]) || isCalled(right, { kind: kind === 'application' ? 'app' : 'role', name: role }) || isOne(right, [`${kind} ${role}`]);

const LEVELS: readonly string[] = ['read', 'triage', 'write', 'maintain', 'admin'] satisfies RepoPermission['permission'][];
const LEVEL = new RegExp(`^(${LEVELS.join('|')}) on `);

/** Whether it names the repository, at whatever level. */
export const isRepository = (right: string, { repo, repoId }: Pick<RepoPermission, 'repo' | 'repoId'>): boolean =>
  isOne(said(right).replace(LEVEL, ''), [repo, repoId, `repository ${repo}`]);

/** As `isMembership`, of a repository: whoever holds more holds what is named, too. Unknown where the level that is held is. */
export function isPermission(right: string, row: Pick<RepoPermission, 'repo' | 'repoId' | 'permission'>): Ternary {
  if (!isRepository(right, row)) return 'no';
  const level = LEVEL.exec(said(right))?.[1];
  if (level === undefined) return 'yes';
  return row.permission === 'unknown' ? 'unknown' : ternary(LEVELS.indexOf(row.permission) >= LEVELS.indexOf(level));
}
