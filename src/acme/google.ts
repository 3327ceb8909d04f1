import { days, hours, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { DIRECTORY_CAST, DIRECTORY_DAYS } from './directory-stories.ts';
import { workday } from './okta.ts';
import { CAST, during } from './stories.ts';
import { type Person, person, type World } from './world.ts';

const CUSTOMER = 'C0acme001';
const PAGE = 40;
const HELPDESK = '02helpdesk0acme';
const NEVER = '1970-01-01T00:00:00.000Z';

/** Google Workspace in the wire format of its Directory API: everybody has mail. */
export function google(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'admin.googleapis.com') return null;
  const topic = pathname.replace('/admin/directory/v1/', '').replace(/^customer\/[^/]+\//, '');
  const page = Number(searchParams.get('pageToken')?.replace('page-', '') ?? 0);
  const paged = (kind: string, name: string, entries: readonly unknown[]) =>
    jsonAnswer(
      200,
      {
        kind: `admin#directory#${kind}`,
        etag: `"${kind}"`,
        ...(entries.length === 0 ? {} : { [name]: entries.slice(page * PAGE, (page + 1) * PAGE) }),
        ...((page + 1) * PAGE < entries.length ? { nextPageToken: `page-${page + 1}` } : {}),
      },
      at,
    );
  if (topic === 'users') return paged('users', 'users', usersOf(world, at, searchParams.get('showDeleted') === 'true'));
  if (topic === 'roles') return paged('roles', 'items', ROLES);
  if (topic === 'roleassignments') return paged('roleAssignments', 'items', assignments(world));
  if (topic === `groups/${HELPDESK}/members`) return paged('members', 'members', [memberOf(person(world, DIRECTORY_CAST.delegatedAdmin))]);
  return jsonAnswer(404, { error: { code: 404, message: 'Resource Not Found', errors: [{ domain: 'global', reason: 'notFound' }] } }, at);
}

const ROLES = [
  { kind: 'admin#directory#role', roleId: '101', roleName: '_SEED_ADMIN_ROLE', isSystemRole: true, isSuperAdminRole: true },
  { kind: 'admin#directory#role', roleId: '102', roleName: '_HELP_DESK_ADMIN_ROLE', isSystemRole: true, isSuperAdminRole: false },
];

const assignments = (world: World) => [
  ...[person(world, 1), person(world, 2)].map((it, place) => ({
    kind: 'admin#directory#roleAssignment',
    roleAssignmentId: `20${place}`,
    roleId: '101',
    assignedTo: googleId(it),
    assigneeType: 'user',
    scopeType: 'CUSTOMER',
  })),
  { kind: 'admin#directory#roleAssignment', roleAssignmentId: '209', roleId: '102', assignedTo: HELPDESK, assigneeType: 'group', scopeType: 'CUSTOMER' },
];

const memberOf = (it: Person) => ({ kind: 'admin#directory#member', id: googleId(it), email: it.email, role: 'MEMBER', type: 'USER', status: 'ACTIVE' });

export const googleId = ({ id }: Person): string => `1098${id.slice(2).padStart(17, '0')}`;

/** Leavers are suspended within the hour, deleted a month later, and shown as deleted for twenty days. */
function usersOf(world: World, at: Instant, deleted: boolean): readonly unknown[] {
  const deletion = ({ endAt }: Person) => (endAt === null ? Infinity : endAt + days(DIRECTORY_DAYS.deletedAfter));
  const there = world.people.filter((it) => it.startAt - days(1) <= at);
  const its = there.filter((it) => (deleted ? deletion(it) <= at && at < deletion(it) + days(20) : at < deletion(it)));
  return its
    .map((it) => ({ ...userOf(world, it, at), ...(deleted ? { deletionTime: iso(deletion(it)) } : {}) }))
    .sort((a, b) => (a.primaryEmail < b.primaryEmail ? -1 : 1));
}

function userOf(world: World, it: Person, at: Instant) {
  const is = (place: number) => it.id === person(world, place).id;
  const gone = it.endAt !== null && it.endAt + hours(1) <= at;
  const login = workday(Math.min(at, (it.endAt ?? at) - hours(8)), 9);
  return {
    kind: 'admin#directory#user',
    id: googleId(it),
    primaryEmail: it.email,
    name: { fullName: it.name },
    isAdmin: is(1) || is(2),
    isDelegatedAdmin: is(DIRECTORY_CAST.delegatedAdmin),
    lastLoginTime: login < it.startAt ? NEVER : iso(login),
    creationTime: iso(it.startAt - days(1)),
    suspended: gone,
    archived: false,
    ...(is(CAST.renamed) ? { aliases: [`${it.name.split(' ')[0]?.toLowerCase()}.former@acme.example`] } : {}),
    ...(it.type === 'employee' ? { externalIds: [{ value: it.id, type: 'organization' }] } : {}),
    customerId: CUSTOMER,
    orgUnitPath: `/${it.department}`,
    isEnrolledIn2Sv: !(is(DIRECTORY_CAST.secondStepOff) && during(world, at, DIRECTORY_DAYS.secondStepOff)),
    isEnforcedIn2Sv: !(it.department === 'Sales' && during(world, at, DIRECTORY_DAYS.enforcementOff)),
  };
}
