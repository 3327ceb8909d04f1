import { ConfigurationError } from '../core/error.ts';
import { days, type Duration, hours, type Instant } from '../core/instant.ts';
import type { LinkTable } from '../store/auth-tables.ts';
import { attempt, type Refused } from './attempts.ts';
import { type From, type Means, recorded } from './means.ts';
import { addressOf, addUser, type Bounds, changeUser, hasAdmin, jsonOf, type User, userByEmail } from './people.ts';
import type { Role } from './roles.ts';
import { digestOf, newId, newSecret } from './secret.ts';

/**
 * `owner`: to set this workspace up, while it has no admin. `demo`: to sign in as the made-up company's owner.
 * `invitation`: for somebody new. `reset`: for somebody who has lost what they sign in with.
 */
type LinkKind = 'owner' | 'demo' | 'invitation' | 'reset';

export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly bounds: Bounds;
  readonly madeBy: string;
  readonly createdAt: Instant;
  readonly endsAt: Instant;
}

const LASTS: Readonly<Record<LinkKind, Duration>> = { owner: hours(24), demo: hours(24), invitation: days(7), reset: hours(24) };
export const ACME_OWNER = 'owner@acme.example';

const linkOf = (row: LinkTable): Link => ({
  id: row.id,
  kind: row.kind as LinkKind,
  email: row.email,
  name: row.name,
  role: row.role as Role,
  bounds: row.bounds as Bounds,
  madeBy: row.made_by,
  createdAt: row.created_at,
  endsAt: row.ends_at,
});

async function makeLink(
  means: Means,
  kind: LinkKind,
  {
    email,
    name = null,
    role,
    bounds = null,
    by,
  }: { readonly email: string | null; readonly name?: string | null; readonly role: Role; readonly bounds?: Bounds; readonly by: string },
): Promise<{ readonly link: Link; readonly url: string }> {
  const [secret, at] = [newSecret(), means.clock()];
  const row = { id: newId('l'), kind, email, name, role, bounds: jsonOf(bounds), made_by: by, created_at: at, ends_at: at + LASTS[kind], used_at: null };
  await means
    .db()
    .insertInto('auth.link')
    .values({ ...row, digest: digestOf(secret) })
    .execute();
  return { link: linkOf({ ...row, bounds, digest: Buffer.alloc(0) }), url: `${means.url()}/sign-in/link/${secret}` };
}

/**
 * The link that whoever starts the server opens: of the made-up company always, of another while it has no admin. Links of
 * before open nothing any more. `null` where none is needed.
 */
export async function startLink(means: Means): Promise<string | null> {
  const { db, demo } = means;
  if (!demo && (await hasAdmin(means))) return null;
  const kind = demo ? 'demo' : 'owner';
  await db().deleteFrom('auth.link').where('kind', '=', kind).execute();
  return (await makeLink(means, kind, { email: demo ? ACME_OWNER : null, role: 'admin', by: 'tickmark' })).url;
}

/** Throws `ConfigurationError` where the address is somebody's already. The link before, for the same address, opens nothing any more. */
export async function invite(
  means: Means,
  by: string,
  { email: given, name, role, bounds }: { readonly email: string; readonly name: string | null; readonly role: Role; readonly bounds: Bounds },
): Promise<{ readonly link: Link; readonly url: string }> {
  const email = addressOf(given);
  if (await userByEmail(means, email))
    throw new ConfigurationError(`${email} is the address of a user already. Change their role, or reset what they sign in with.`);
  const says = { email, role, ...(bounds === null ? {} : { bounds: JSON.parse(JSON.stringify(bounds)) }) };
  return recorded(means, { act: 'invite', by, target: null, says }, async () => {
    await means.db().deleteFrom('auth.link').where('kind', '=', 'invitation').where('email', '=', email).execute();
    return makeLink(means, 'invitation', { email, name, role, bounds, by });
  });
}

/** By which somebody chooses anew how they sign in. Whoever gives it out has seen that it is them. */
export async function resetLink(means: Means, by: string, user: User): Promise<string> {
  return recorded(means, { act: 'sign-in-link', by, target: `users/${user.id}`, says: { user: user.email } }, async () => {
    await means.db().deleteFrom('auth.link').where('kind', '=', 'reset').where('email', '=', user.email).execute();
    return (await makeLink(means, 'reset', { email: user.email, name: user.name, role: user.role, by })).url;
  });
}

export async function invitations({ db, clock }: Means): Promise<readonly Link[]> {
  const rows = await db()
    .selectFrom('auth.link')
    .selectAll()
    .where('kind', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('ends_at', '>', clock())
    .orderBy('created_at')
    .execute();
  return rows.map(linkOf);
}

export async function withdrawInvitation(means: Means, by: string, id: string): Promise<void> {
  const link = (await invitations(means)).find((its) => its.id === id);
  if (!link) throw new ConfigurationError(`there is no invitation ${id}.`);
  await recorded(means, { act: 'invite-withdraw', by, target: null, says: { email: link.email } }, () =>
    means.db().deleteFrom('auth.link').where('id', '=', id).execute(),
  );
}

/** What a link opens; `null` of one that never was, was used, or has run out. */
export async function linkBehind(means: Means, secret: string, { address }: From): Promise<Link | Refused | null> {
  const refused = await attempt(means, 'link', address);
  if (refused) return refused;
  const { db, clock } = means;
  const row = await db().selectFrom('auth.link').selectAll().where('digest', '=', digestOf(secret)).executeTakeFirst();
  if (!row || row.used_at !== null || row.ends_at <= clock()) return null;
  if (row.kind === 'owner' && (await hasAdmin(means))) return null;
  return linkOf(row);
}

/** Uses a link up: of two who come at once, one gets it. */
async function useUp({ db, clock }: Means, secret: string): Promise<Link | null> {
  const row = await db()
    .updateTable('auth.link')
    .set({ used_at: clock() })
    .where('digest', '=', digestOf(secret))
    .where('used_at', 'is', null)
    .where('ends_at', '>', clock())
    .returningAll()
    .executeTakeFirst();
  return row ? linkOf(row) : null;
}

/** The made-up company's owner, with nothing to type; `null` where the link is of no use any more. */
export async function openDemoLink(means: Means, secret: string): Promise<User | null> {
  const link = await useUp(means, secret);
  if (link?.kind !== 'demo') return null;
  const owner = await userByEmail(means, ACME_OWNER);
  if (owner) return owner.active && owner.role === 'admin' ? owner : changeUser(means, 'tickmark', owner.id, { active: true, role: 'admin' });
  const act = { act: 'user-add', by: 'tickmark', target: null, says: { email: ACME_OWNER, role: 'admin', cameBy: 'demo' } };
  return recorded(means, act, () => addUser(means, { email: ACME_OWNER, name: 'Owner of Acme', role: 'admin', cameBy: 'demo' }));
}

export interface Accepted {
  readonly email: string;
  readonly name: string;
  /** Hashed; `null`: they will sign in otherwise. */
  readonly password: string | null;
}

/** Takes up the link to set the workspace up, an invitation, or one to begin anew. `null` where it is of no use any more. */
export async function acceptLink(means: Means, secret: string, { email, name, password }: Accepted): Promise<User | null> {
  const link = await useUp(means, secret);
  if (!link || (link.kind === 'owner' && (await hasAdmin(means)))) return null;
  if (link.kind === 'reset') return acceptReset(means, link.email ?? '', password);
  const cameBy = link.kind === 'owner' ? 'owner' : 'invitation';
  const its = { email: link.email ?? email, name, role: link.role, bounds: link.bounds, cameBy, password };
  const act = {
    act: 'user-add',
    by: link.kind === 'owner' ? addressOf(its.email) : link.madeBy,
    target: null,
    says: { email: addressOf(its.email), role: its.role, cameBy },
  };
  return recorded(means, act, () => addUser(means, its));
}

async function acceptReset(means: Means, email: string, password: string | null): Promise<User | null> {
  const user = await userByEmail(means, email);
  if (!user?.active) return null;
  if (password !== null) await setPassword(means, user, password);
  return user;
}

/** Already hashed. Sessions that were opened with the old one end. */
export async function setPassword(means: Means, user: User, password: string, but?: string): Promise<void> {
  await recorded(means, { act: 'password-change', by: user.email, target: `users/${user.id}`, says: null }, async () => {
    await means.db().updateTable('auth.user').set({ password, password_at: means.clock() }).where('id', '=', user.id).execute();
    const others = means.db().deleteFrom('auth.session').where('user_id', '=', user.id);
    await (but === undefined ? others : others.where('id', '!=', but)).execute();
  });
}
