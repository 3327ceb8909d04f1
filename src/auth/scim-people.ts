import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type Means, recorded } from './means.ts';
import { addressOf, addUser, changeUser, knownUser, type User, type UserChange, userByEmail, userById, users } from './people.ts';
import { ROLES, type Role } from './roles.ts';
import { newId } from './secret.ts';

/** A user as an identity provider writes them. */
export interface WrittenUser {
  readonly userName: string;
  readonly externalId: string | null;
  readonly active: boolean;
  readonly email: string;
  readonly name: string;
  readonly as: Readonly<Record<string, Json>>;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly members: readonly { readonly id: string; readonly name: string }[];
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly version: number;
}

/** Something that is there already, or may not be: 409 to who asked. */
export const CONFLICT = 'conflict';

/** The role of whom no group gives one. It is the one that may least. */
const LEAST: Role = 'member';

/** Adds a user, or takes over one of the same address who came otherwise. `conflict` where the provider has named one so before. */
export async function writeUser(means: Means, by: string, id: string | null, written: WrittenUser): Promise<User | typeof CONFLICT> {
  const email = addressOf(written.email);
  const named = (await users(means)).find((its) => its.scim.userName?.toLowerCase() === written.userName.toLowerCase());
  const there = await userByEmail(means, email);
  const scim = { userName: written.userName, externalId: written.externalId, as: written.as };
  if (id !== null) {
    if ((named && named.id !== id) || (there && there.id !== id)) return CONFLICT;
    return changeUser(means, by, id, { email, name: written.name, active: written.active, scim });
  }
  if (named || (there && there.scim.userName !== null)) return CONFLICT;
  if (there) return changeUser(means, by, there.id, { name: written.name, active: written.active, scim });
  const its = { email, name: written.name, active: written.active, role: LEAST, cameBy: 'scim', scim };
  return recorded(means, { act: 'user-add', by, target: null, says: { email, role: LEAST, cameBy: 'scim', userName: written.userName } }, () =>
    addUser(means, its),
  );
}

export async function groups({ db }: Means, only?: string): Promise<readonly Group[]> {
  const query = db().selectFrom('auth.group').selectAll().orderBy('name');
  const rows = await (only === undefined ? query : query.where('id', '=', only)).execute();
  const members = await db()
    .selectFrom('auth.member')
    .innerJoin('auth.user', 'auth.user.id', 'auth.member.user_id')
    .select(['auth.member.group_id', 'auth.user.id', 'auth.user.name'])
    .orderBy('auth.user.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    externalId: row.external_id,
    members: members.filter(({ group_id }) => group_id === row.id).map(({ id, name }) => ({ id, name })),
    createdAt: row.created_at,
    changedAt: row.changed_at,
    version: row.version,
  }));
}

/** Adds a group or changes it, and gives its members, old and new, the roles that follow. Throws `ConfigurationError` for members who are nobody. */
export async function writeGroup(
  means: Means,
  by: string,
  id: string | null,
  { name, externalId, members }: { readonly name: string; readonly externalId: string | null; readonly members: readonly string[] },
): Promise<Group | typeof CONFLICT> {
  const all = await groups(means);
  if (all.some((its) => its.name.toLowerCase() === name.toLowerCase() && its.id !== id)) return CONFLICT;
  const before = all.find((its) => its.id === id);
  const wanted = [...new Set(members)];
  for (const member of wanted) if (!(await userById(means, member))) throw new ConfigurationError(`there is no user ${member}.`);
  const had = before?.members.map((member) => member.id) ?? [];
  const [added, removed] = [wanted.filter((member) => !had.includes(member)), had.filter((member) => !wanted.includes(member))];
  if (before && before.name === name && before.externalId === externalId && added.length + removed.length === 0) return before;
  const its = id ?? newId('g');
  const says = { name: before && before.name !== name ? { from: before.name, to: name } : name, added, removed };
  await recorded(means, { act: before ? 'group-change' : 'group-add', by, target: `groups/${its}`, says }, () =>
    means
      .db()
      .transaction()
      .execute(async (db) => {
        const at = means.clock();
        const row = { id: its, name, external_id: externalId, created_at: at, changed_at: at, version: 1 };
        await db
          .insertInto('auth.group')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((eb) => ({ name, external_id: externalId, changed_at: at, version: eb('auth.group.version', '+', 1) })),
          )
          .execute();
        if (removed.length > 0) await db.deleteFrom('auth.member').where('group_id', '=', its).where('user_id', 'in', removed).execute();
        if (added.length > 0)
          await db
            .insertInto('auth.member')
            .values(added.map((user_id) => ({ group_id: its, user_id })))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
      }),
  );
  await followGroups(means, by, before && before.name !== name ? [...new Set([...had, ...wanted])] : [...added, ...removed], removed);
  const [now] = await groups(means, its);
  if (!now) throw new ConfigurationError(`the group ${its} was removed meanwhile.`);
  return now;
}

export async function removeGroup(means: Means, by: string, id: string): Promise<boolean> {
  const [group] = await groups(means, id);
  if (!group) return false;
  await recorded(means, { act: 'group-remove', by, target: `groups/${id}`, says: { name: group.name } }, () =>
    means.db().deleteFrom('auth.group').where('id', '=', id).execute(),
  );
  const had = group.members.map((member) => member.id);
  await followGroups(means, by, had, had);
  return true;
}

/** Each has the strongest role that a group of theirs gives; who has left all that gave one, the least. Who never was in one keeps theirs. */
async function followGroups(means: Means, by: string, those: readonly string[], left: readonly string[]): Promise<void> {
  const all = await groups(means);
  for (const id of those) {
    const given = all.filter(({ members }) => members.some((member) => member.id === id)).flatMap(({ name }) => means.settings.groups[name] ?? []);
    const role = ROLES.find((known) => given.includes(known)) ?? (left.includes(id) ? LEAST : undefined);
    const user = await knownUser(means, id);
    const change: UserChange = role === undefined ? {} : { role };
    if (role !== undefined && role !== user.role) await changeUser(means, by, id, change);
  }
}
