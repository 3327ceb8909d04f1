import SCIMMY from 'scimmy';
import type { Json } from '../core/canonical.ts';
import { TickmarkError } from '../core/error.ts';
import { iso } from '../core/instant.ts';
import type { Means } from './means.ts';
import { LAST_ADMIN, removeUser, type User, userById, users } from './people.ts';
import { CONFLICT, type Group, groups, removeGroup, writeGroup, writeUser } from './scim-people.ts';

// What SCIM 2.0 (RFC 7643) speaks of: users and groups, as the library asks for them and as Tickmark has them.

export interface Asked {
  readonly means: Means;
  /** How the audit trail names who asks. */
  readonly by: string;
  readonly ifMatch: string | null;
}

export const PER_PAGE = 100;
export const { User: Users, Group: Groups } = SCIMMY.Resources;
export const problem = (status: number, type: string | null, says: string) => new SCIMMY.Types.Error(status, type as never, says);

let isDeclared = false;

/** Nothing is advertised, taken or kept that Tickmark has no use for: passwords, numbers and addresses of people least of all. */
export function declare(): void {
  if (isDeclared) return;
  isDeclared = true;
  SCIMMY.Config.set({
    patch: true,
    filter: { supported: true, maxResults: PER_PAGE },
    sort: true,
    etag: true,
    bulk: false,
    changePassword: false,
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'Token', description: 'A token that an admin made for this', specUri: 'https://datatracker.ietf.org/doc/html/rfc6750' },
    ],
  } as never);
  SCIMMY.Schemas.User.definition.truncate([
    ...['password', 'roles', 'entitlements', 'x509Certificates', 'ims', 'photos', 'addresses', 'phoneNumbers', 'profileUrl', 'nickName'],
    ...['title', 'userType', 'preferredLanguage', 'locale', 'timezone', 'name.middleName', 'name.honorificPrefix', 'name.honorificSuffix'],
  ] as never);
  SCIMMY.Resources.declare(Users)
    .ingress((async (resource: { readonly id?: string }, data: object, asked: Asked) => told(() => takeUser(resource.id ?? null, plain(data), asked))) as never)
    .egress((async (resource: Listed, { means }: Asked) => {
      if (resource.id !== undefined) return shownUser(means, await found(means, resource.id));
      const all = await groups(means);
      const shown = (await users(means)).map((user) => shownWith(user, all));
      return matching(resource, shown);
    }) as never)
    .degress((async ({ id = '' }: { readonly id?: string }, { means, by, ifMatch }: Asked) => {
      refuseStale(ifMatch, (await found(means, id)).version);
      await told(() => removeUser(means, by, id));
    }) as never);
  SCIMMY.Resources.declare(Groups)
    .ingress((async (resource: { readonly id?: string }, data: object, asked: Asked) =>
      told(() => takeGroup(resource.id ?? null, plain(data), asked))) as never)
    .egress((async (resource: Listed, { means }: Asked) => {
      if (resource.id === undefined)
        return matching(
          resource,
          (await groups(means)).map((group) => shownGroup(means, group)),
        );
      return shownGroup(means, await foundGroup(means, resource.id));
    }) as never)
    .degress((async ({ id = '' }: { readonly id?: string }, { means, by, ifMatch }: Asked) => {
      refuseStale(ifMatch, (await foundGroup(means, id)).version);
      await removeGroup(means, by, id);
    }) as never);
}

interface Listed {
  readonly id?: string;
  readonly filter?: { match(all: readonly object[]): object[] };
}

/** Filters speak of attributes as they are shown, and of most of them whatever their case (RFC 7643, section 2.2), which the library does not know. */
function matching({ filter }: Listed, all: readonly object[]): readonly object[] {
  if (!filter) return all;
  const lowered = all.map((one) => JSON.parse(JSON.stringify(one), (_, value: unknown) => (typeof value === 'string' ? lower(value) : value)) as object);
  const kept = new Set(filter.match(lowered));
  return all.filter((_, place) => kept.has(lowered[place] ?? {}));
}

/** Instants keep their letters. */
const lower = (text: string): string => (/^\d{4}-\d\d-\d\dT/.test(text) ? text : text.toLowerCase());
/** The longest filter that is read: providers ask for an address or two. */
const LONGEST = 2000;

/** A text that nothing ends goes to the end, so that each sign is looked at once. Throws a problem for one that is too long. */
export function loweredFilter(filter: string): string {
  if (filter.length > LONGEST) throw problem(400, 'invalidFilter', `A filter has at most ${LONGEST} signs.`);
  return filter.replace(/"((?:[^"\\]|\\[\s\S]?)*)(?:"|$)/g, (all, text: string) => (all.length === text.length + 1 ? all : `"${lower(text)}"`));
}

/** What is refused here is said as SCIM says it; the library would take it for something that is not there. */
async function told<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof TickmarkError)) throw error;
    throw error.message === LAST_ADMIN ? problem(403, null, error.message) : problem(400, 'invalidValue', error.message);
  }
}

/** What the library made of it, without its accessors. */
const plain = (data: object): Readonly<Record<string, Json>> => JSON.parse(JSON.stringify(data)) as Readonly<Record<string, Json>>;

async function found(means: Means, id: string): Promise<User> {
  const user = await userById(means, id);
  if (!user) throw problem(404, null, `There is no user ${id}.`);
  return user;
}

async function foundGroup(means: Means, id: string): Promise<Group> {
  const [group] = await groups(means, id);
  if (!group) throw problem(404, null, `There is no group ${id}.`);
  return group;
}

export const baseOf = ({ url }: Means): string => `${url()}/scim/v2`;

const etagOf = (version: number): string => `W/"${version}"`;

/** Who changes what they have not seen is told so. */
function refuseStale(ifMatch: string | null, version: number): void {
  if (ifMatch === null || ifMatch === '*') return;
  if (!ifMatch.split(',').some((tag) => tag.trim() === etagOf(version))) throw problem(412, null, `It has changed: it is ${etagOf(version)} now.`);
}

const metaOf = ({ createdAt, changedAt, version }: Pick<Group, 'createdAt' | 'changedAt' | 'version'>) => ({
  created: iso(createdAt),
  lastModified: iso(changedAt),
  version: etagOf(version),
});

const shownUser = async (means: Means, user: User): Promise<object> => shownWith(user, await groups(means));

/** Who came otherwise is shown by what Tickmark knows of them. */
function shownWith(user: User, all: readonly Group[]): object {
  const { userName, externalId, as } = user.scim;
  const known = { displayName: user.name, emails: [{ value: user.email, type: 'work', primary: true }] };
  const theirs = all.filter(({ members }) => members.some(({ id }) => id === user.id));
  return {
    ...(as ?? known),
    id: user.id,
    userName: userName ?? user.email,
    ...(externalId === null ? {} : { externalId }),
    active: user.active,
    ...(theirs.length === 0 ? {} : { groups: theirs.map(({ id, name }) => ({ value: id, display: name, type: 'direct' })) }),
    meta: metaOf(user),
  };
}

const shownGroup = (means: Means, group: Group): object => ({
  id: group.id,
  displayName: group.name,
  ...(group.externalId === null ? {} : { externalId: group.externalId }),
  ...(group.members.length === 0 ? {} : { members: group.members.map(({ id }) => ({ value: id, type: 'User', $ref: `${baseOf(means)}/Users/${id}` })) }),
  meta: metaOf(group),
});

async function takeUser(id: string | null, data: Readonly<Record<string, Json>>, { means, by, ifMatch }: Asked): Promise<object> {
  if (id !== null) refuseStale(ifMatch, (await found(means, id)).version);
  const { userName, externalId, active, name, displayName, emails } = data as {
    readonly userName?: string;
    readonly externalId?: string;
    readonly active?: boolean;
    readonly name?: { readonly formatted?: string; readonly givenName?: string; readonly familyName?: string };
    readonly displayName?: string;
    readonly emails?: readonly { readonly value?: string; readonly primary?: boolean }[];
  };
  if (userName === undefined || userName.trim() === '') throw problem(400, 'invalidValue', 'userName is missing.');
  const email = emails?.find(({ primary }) => primary)?.value ?? emails?.[0]?.value ?? userName;
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw problem(400, 'invalidValue', 'A user needs an address: emails, or a userName that is one.');
  const called = displayName ?? name?.formatted ?? [name?.givenName, name?.familyName].filter((part) => part !== undefined).join(' ');
  const as = Object.fromEntries(Object.entries({ name, displayName, emails }).filter(([, value]) => value !== undefined)) as Readonly<Record<string, Json>>;
  const written = await writeUser(means, by, id, { userName, externalId: externalId ?? null, active: active ?? true, email, name: called || userName, as });
  if (written === CONFLICT) throw problem(409, 'uniqueness', `There is another user ${userName}.`);
  return shownUser(means, written);
}

async function takeGroup(id: string | null, data: Readonly<Record<string, Json>>, { means, by, ifMatch }: Asked): Promise<object> {
  if (id !== null) refuseStale(ifMatch, (await foundGroup(means, id)).version);
  const { displayName, externalId, members } = data as {
    readonly displayName?: string;
    readonly externalId?: string;
    readonly members?: readonly { readonly value?: string }[];
  };
  if (displayName === undefined || displayName.trim() === '') throw problem(400, 'invalidValue', 'displayName is missing.');
  const its = { name: displayName, externalId: externalId ?? null, members: (members ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])) };
  const written = await writeGroup(means, by, id, its);
  if (written === CONFLICT) throw problem(409, 'uniqueness', `There is another group ${displayName}.`);
  return shownGroup(means, written);
}
