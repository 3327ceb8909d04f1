import type { Instant } from '../../src/core/instant.ts';
import type { WireAnswer, WireRequest } from '../../src/sources/wire.ts';
import type { User } from '../iam/year.ts';

/** What a SCIM provider says of these users, a group for every fifty of them. */
export function scimOf(users: readonly User[]): (request: WireRequest, at: Instant) => WireAnswer {
  const people = users.map(({ id, password }) => ({
    id,
    userName: `${id}@acme.example`,
    displayName: id,
    active: password,
    emails: [{ value: `${id}@acme.example` }],
  }));
  const groups = Array.from({ length: Math.ceil(users.length / 50) }, (_, group) => ({
    id: `g${group}`,
    displayName: `group ${group}`,
    members: people.slice(group * 50, group * 50 + 50).map(({ id }) => ({ value: id, type: 'User' })),
  }));
  return ({ url }, at) => {
    const { pathname, searchParams } = new URL(url);
    const all = pathname.endsWith('/Users') ? people : groups;
    const [start, count] = [Number(searchParams.get('startIndex') ?? 1), Number(searchParams.get('count') ?? 100)];
    const Resources = all.slice(start - 1, start - 1 + count);
    const body = { totalResults: all.length, startIndex: start, itemsPerPage: Resources.length, Resources };
    return { status: 200, headers: { 'content-type': 'application/scim+json', date: new Date(at).toUTCString() }, body: Buffer.from(JSON.stringify(body)) };
  };
}
