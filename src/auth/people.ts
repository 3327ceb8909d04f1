import type { Kysely, Selectable } from 'kysely';
import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { UserTable } from '../store/auth-tables.ts';
import type { Tables } from '../store/tables.ts';
import { type Means, recorded } from './means.ts';
import { type Principal, ROLES, type Role } from './roles.ts';
import { newId } from './secret.ts';
import { plain } from './text.ts';

export type Bounds = Principal['bounds'];

/** Somebody who may sign in, or could once. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly bounds: Bounds;
  readonly active: boolean;
  readonly hasPassword: boolean;
  readonly cameBy: string;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly version: number;
  /** What the identity provider says of them over SCIM. */
  readonly scim: {
    readonly userName: string | null;
    readonly externalId: string | null;
    /** Their names and addresses, as they were written. */
    readonly as: Readonly<Record<string, Json>> | null;
  };
}

export const userOf = (row: Selectable<UserTable>): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role as Role,
  bounds: row.bounds as Bounds,
  active: row.active,
  hasPassword: row.password !== null,
  cameBy: row.came_by,
  createdAt: row.created_at,
  changedAt: row.changed_at,
  version: row.version,
  scim: { userName: row.user_name, externalId: row.external_id, as: row.scim as User['scim']['as'] },
});

/** JSON goes to the database as text. */
export const jsonOf = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

export async function users({ db }: Means): Promise<readonly User[]> {
  return (await db().selectFrom('auth.user').selectAll().orderBy('email').execute()).map(userOf);
}

export async function userById({ db }: Means, id: string): Promise<User | null> {
  const row = await db().selectFrom('auth.user').selectAll().where('id', '=', plain(id)).executeTakeFirst();
  return row ? userOf(row) : null;
}

export async function userByEmail({ db }: Means, email: string): Promise<User | null> {
  const row = await db().selectFrom('auth.user').selectAll().where('email', '=', plain(email.toLowerCase())).executeTakeFirst();
  return row ? userOf(row) : null;
}

/** Throws `ConfigurationError` where there is none. */
export async function knownUser(means: Means, id: string): Promise<User> {
  const user = await userById(means, id);
  if (!user) throw new ConfigurationError(`there is no user ${id}. "tickmark users list" lists them.`);
  return user;
}

/** Whether somebody could set this workspace up already. */
export async function hasAdmin({ db }: Means): Promise<boolean> {
  const row = await db().selectFrom('auth.user').select('id').where('role', '=', 'admin').where('active', '=', true).limit(1).executeTakeFirst();
  return row !== undefined;
}

export interface Newcomer {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly bounds?: Bounds;
  readonly cameBy: string;
  readonly active?: boolean;
  readonly password?: string | null;
  readonly scim?: Partial<User['scim']>;
}

/** To be called in a record of the act. Throws `ConfigurationError` where the address is somebody's already. */
export async function addUser(means: Means, { email, name, role, bounds = null, cameBy, active = true, password = null, scim = {} }: Newcomer): Promise<User> {
  const at = means.clock();
  const row = await means
    .db()
    .insertInto('auth.user')
    .values({
      id: newId('u'),
      email: addressOf(email),
      name: plain(name).trim().slice(0, 120) || addressOf(email),
      role,
      bounds: jsonOf(bounds),
      active,
      password,
      password_at: password === null ? null : at,
      came_by: cameBy,
      user_name: scim.userName ?? null,
      external_id: scim.externalId ?? null,
      scim: jsonOf(scim.as),
      created_at: at,
      changed_at: at,
      version: 1,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new ConfigurationError(`${email} is the address of a user already.`);
  return userOf(row);
}

/** Lower case. Throws `ConfigurationError` where it is none. */
export function addressOf(text: string): string {
  const address = plain(text).trim().toLowerCase();
  if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(address) || address.length > 254)
    throw new ConfigurationError(`${text.slice(0, 60)}: expected an address, like maria.lopez@acme.example.`);
  return address;
}

/** Throws `ConfigurationError` that lists what there is. */
export function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role === undefined) throw new ConfigurationError(`no role is called ${text}. There are: ${ROLES.join(', ')}.`);
  return role;
}

export interface UserChange {
  readonly name?: string;
  readonly email?: string;
  readonly role?: Role;
  readonly bounds?: Bounds;
  readonly active?: boolean;
  readonly scim?: Partial<User['scim']>;
}

/**
 * Changes a user, with a record of what it was and what it is. The last admin stays one. Who is deactivated has no session
 * and no token from then on, and whose role changes signs in anew.
 */
export async function changeUser(means: Means, by: string, id: string, change: UserChange): Promise<User> {
  const before = await knownUser(means, id);
  const says = differences(before, change);
  if (says === null) return before;
  await refuseLastAdmin(means.db(), before, change, false);
  const act =
    change.active === undefined || change.active === before.active
      ? 'role' in says
        ? 'role-change'
        : 'user-change'
      : change.active
        ? 'user-activate'
        : 'user-deactivate';
  return recorded(means, { act, by, target: `users/${id}`, says: { user: before.email, ...says } }, () =>
    means
      .db()
      .transaction()
      .execute(async (db) => {
        await refuseLastAdmin(db, before, change, true);
        const loses = change.active === false || (change.role !== undefined && change.role !== before.role) || change.bounds !== undefined;
        if (loses) await db.deleteFrom('auth.session').where('user_id', '=', id).execute();
        if (change.active === false) await db.deleteFrom('auth.token').where('user_id', '=', id).execute();
        // A token of one's own never may more than oneself.
        else if (loses)
          await db
            .updateTable('auth.token')
            .set({ role: change.role ?? before.role, bounds: jsonOf(change.bounds ?? before.bounds) })
            .where('user_id', '=', id)
            .execute();
        const { scim = {}, bounds, email, name, ...others } = change;
        const row = await db
          .updateTable('auth.user')
          .set((eb) => ({
            ...others,
            ...(name === undefined ? {} : { name: plain(name).trim().slice(0, 120) || before.name }),
            ...(email === undefined ? {} : { email: addressOf(email) }),
            ...(bounds === undefined ? {} : { bounds: jsonOf(bounds) }),
            ...(scim.userName === undefined ? {} : { user_name: scim.userName }),
            ...(scim.externalId === undefined ? {} : { external_id: scim.externalId }),
            ...(scim.as === undefined ? {} : { scim: jsonOf(scim.as) }),
            changed_at: means.clock(),
            version: eb('version', '+', 1),
          }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return userOf(row);
      }),
  );
}

/** What differs, before and after; `null` where nothing does. */
function differences(before: User, change: UserChange): Readonly<Record<string, Json>> | null {
  const { scim = {}, ...others } = change;
  const fields = [
    ...Object.entries(others).map(([field, to]) => [field, before[field as keyof User], to]),
    ...Object.entries(scim).map(([field, to]) => [field, before.scim[field as keyof User['scim']], to]),
  ];
  const differing = fields.filter(([, from, to]) => to !== undefined && JSON.stringify(from) !== JSON.stringify(to));
  return differing.length === 0 ? null : Object.fromEntries(differing.map(([field, from, to]) => [field, { from, to } as Json]));
}

export const LAST_ADMIN = 'this is the last admin. Make somebody else an admin first.';

/** Two who take each other's role at once wait for each other: one of them is refused. */
async function refuseLastAdmin(db: Kysely<Tables>, { id, role, active }: User, change: UserChange, locking: boolean): Promise<void> {
  const stays = (change.role ?? role) === 'admin' && (change.active ?? active);
  if (role !== 'admin' || !active || stays) return;
  const query = db.selectFrom('auth.user').select('id').where('role', '=', 'admin').where('active', '=', true).orderBy('id');
  const admins = await (locking ? query.forUpdate() : query).execute();
  if (!admins.some((other) => other.id !== id)) throw new ConfigurationError(LAST_ADMIN);
}

/** Takes a user out altogether. What they did stays in the log. Throws `ConfigurationError` for the last admin. */
export async function removeUser(means: Means, by: string, id: string): Promise<void> {
  const user = await knownUser(means, id);
  await refuseLastAdmin(means.db(), user, { active: false }, false);
  await recorded(means, { act: 'user-remove', by, target: `users/${id}`, says: { user: user.email, role: user.role } }, () =>
    means
      .db()
      .transaction()
      .execute(async (db) => {
        await refuseLastAdmin(db, user, { active: false }, true);
        await db.deleteFrom('auth.user').where('id', '=', id).execute();
      }),
  );
}
