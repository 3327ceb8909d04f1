import { days, hours, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { DIRECTORY_CAST, DIRECTORY_DAYS } from './directory-stories.ts';
import { during } from './stories.ts';
import type { Person, World } from './world.ts';

/** Most that the tool gives in one answer, whatever is asked for. */
const CAP = 30;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const DEPARTMENTS = ['Executive', 'Sales', 'Finance', 'Product'];

/** The expense tool, whose accounts are provisioned by SCIM. People sign in by single sign-on. */
export function expenses(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'expenses.acme.example') return null;
  if (pathname === '/scim/v2/ServiceProviderConfig')
    return scim(at, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'], ...ABILITIES });
  const entries = pathname === '/scim/v2/Users' ? usersOf(world, at) : pathname === '/scim/v2/Groups' ? groupsOf(world, at) : null;
  if (entries === null) return scim(at, { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404', detail: 'Resource not found' }, 404);
  const start = Math.max(1, Number(searchParams.get('startIndex') ?? 1));
  const given = entries.slice(start - 1, start - 1 + Math.min(CAP, Number(searchParams.get('count') ?? CAP)));
  return scim(at, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: entries.length,
    startIndex: start,
    itemsPerPage: given.length,
    Resources: given,
  });
}

const ABILITIES = {
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: CAP },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: 'oauthbearertoken', name: 'OAuth Bearer Token', description: 'A token of the workspace' }],
};

const scim = (at: Instant, body: unknown, status = 200) => jsonAnswer(status, body, at, 'application/scim+json');

const idOf = ({ id }: Person): string => `ex-${id.toLowerCase()}`;
const holders = ({ people }: World, at: Instant): readonly Person[] =>
  people.filter(({ department, startAt }) => DEPARTMENTS.includes(department) && startAt - days(1) <= at);
const active = ({ endAt }: Person, at: Instant): boolean => endAt === null || at < endAt + hours(1);

function usersOf(world: World, at: Instant): readonly unknown[] {
  const own = holders(world, at).map((it) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    id: idOf(it),
    userName: it.email,
    displayName: it.name,
    active: active(it, at),
    emails: [{ value: it.email, type: 'work', primary: true }],
    [ENTERPRISE]: { employeeNumber: it.id, department: it.department },
    meta: { resourceType: 'User', created: iso(it.startAt - days(1)) },
  }));
  const orphan = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: 'ex-0000',
    userName: DIRECTORY_CAST.orphan,
    displayName: 'Pat Lindgren',
    active: true,
    emails: [{ value: DIRECTORY_CAST.orphan, type: 'work', primary: true }],
    meta: { resourceType: 'User', created: iso(world.ago(DIRECTORY_DAYS.expensesOrphan.from)) },
  };
  return during(world, at, DIRECTORY_DAYS.expensesOrphan) ? [...own, orphan] : own;
}

const groupsOf = (world: World, at: Instant): readonly unknown[] =>
  [
    { id: 'ex-g-approvers', displayName: 'Approvers', has: ({ department }: Person) => department === 'Finance' },
    { id: 'ex-g-everyone', displayName: 'Everyone', has: () => true },
  ].map(({ id, displayName, has }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    id,
    displayName,
    members: holders(world, at)
      .filter((it) => has(it) && active(it, at))
      .map((it) => ({ value: idOf(it), display: it.name, type: 'User' })),
    meta: { resourceType: 'Group' },
  }));
