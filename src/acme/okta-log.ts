import { days, hours, type Instant, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { uuidOf } from './event-id.ts';
import { ACCESS_CAST, ACCESS_DAYS } from './okta-access-stories.ts';
import { factorTypeOf, oktaId, profileOf } from './okta.ts';
import { deactivatedAt, LOG_CAST, LOG_DAYS, workdayAgo } from './okta-stories.ts';
import { DAYS, during } from './stories.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

interface Party {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
}

/** What happened, in as much of Okta's shape as tells something. */
interface Happened {
  readonly at: Instant;
  readonly eventType: string;
  readonly actor: Party;
  readonly target?: readonly Party[];
  readonly result?: string;
  readonly session?: string;
  readonly debug?: Readonly<Record<string, string>>;
}

const SYNC: Party = { id: '0oa0hrsync', type: 'SystemPrincipal', alternateId: 'system@acme.example', displayName: 'HR synchronisation' };
const SHARED: Party = { id: '00u0shared', type: 'User', alternateId: 'ops-shared@acme.example', displayName: 'Operations Shared' };
const VISITOR: Party = { id: '00u0visitor', type: 'User', alternateId: 'visitor@acme.example', displayName: 'Visitor' };
const user = (world: World, it: Person): Party => ({ id: oktaId(it), type: 'User', alternateId: profileOf(world, it).login, displayName: it.name });
const thing = (type: string, id: string, displayName: string): Party => ({ id, type, alternateId: 'unknown', displayName });
const group = (name: string): Party => thing('UserGroup', `00g0${name.toLowerCase()}`, name);
const app = (name: string): Party => thing('AppInstance', `0oa0${name.toLowerCase()}`, name);

/** Small, so that more than one is always walked. */
const PAGE = 200;

/** The log of Acme's tenant: pages in the order in which things happened, and always a next one. */
export function oktaLog(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  if (!url.startsWith('https://acme.okta.com/api/v1/logs?') || during(world, at, DAYS.oktaOutage)) return null;
  const address = new URL(url);
  const after = address.searchParams.get('after');
  const [since = 0, given = 0] = after === null ? [Date.parse(address.searchParams.get('since') ?? ''), 0] : after.split('.').map(Number);
  // A cursor is a time and how many of that very instant were given.
  const fresh = happenedBetween(world, Math.max(since, at - days(90)), at).slice(given, given + Math.min(PAGE, Number(address.searchParams.get('limit'))));
  const last = fresh.at(-1);
  const next = new URL(address);
  if (last) next.searchParams.set('after', `${last.at}.${fresh.filter(({ at: its }) => its === last.at).length + (last.at === since ? given : 0)}`);
  else next.searchParams.set('after', `${since}.${given}`);
  next.searchParams.delete('since');
  return {
    status: 200,
    headers: {
      date: new Date(at).toUTCString(),
      'content-type': 'application/json',
      link: `<${address.href}>; rel="self", <${next.href}>; rel="next"`,
      'x-rate-limit-limit': '120',
      'x-rate-limit-remaining': '118',
    },
    body: new TextEncoder().encode(JSON.stringify(fresh.map(inWords))),
  };
}

function inWords({ at, eventType, actor, target, result = 'SUCCESS', session, debug }: Happened) {
  return {
    uuid: uuidOf(`${at} ${eventType} ${actor.id} ${target?.map(({ id }) => id).join() ?? ''} ${debug?.factor ?? ''} ${result}`),
    published: new Date(at).toISOString(),
    eventType,
    version: '0',
    severity: result === 'SUCCESS' ? 'INFO' : 'WARN',
    actor,
    target: target ?? null,
    outcome: { result, reason: null },
    authenticationContext: { authenticationProvider: null, authenticationStep: 0, externalSessionId: session ?? 'unknown' },
    debugContext: { debugData: debug ?? {} },
  };
}

/** What happened from one instant up to another, in order. */
function happenedBetween(world: World, from: Instant, to: Instant): readonly Happened[] {
  const its = [...world.people.flatMap((it) => life(world, it)), ...incidents(world), ...workdays(world, from, to)];
  return its.filter(({ at }) => from <= at && at <= to).sort((a, b) => a.at - b.at);
}

/** Accounts follow HR: made three days before the first one, closed an hour after the last. */
function life(world: World, it: Person): readonly Happened[] {
  const who = user(world, it);
  const made = it.startAt - days(3);
  const closed = deactivatedAt(world, it);
  const byHand = it.id === person(world, LOG_CAST.lateLeaver).id;
  const held = [group(it.department), app('Mail'), ...(isEngineer(it) ? [app('AWS'), app('GitHub')] : [])];
  const given = (at: Instant, verb: 'add' | 'remove'): readonly Happened[] =>
    held.map((what, place) => ({
      at: at + minutes(1) + place * 1000,
      eventType: `${what.type === 'UserGroup' ? 'group' : 'application'}.user_membership.${verb}`,
      actor: SYNC,
      target: what.type === 'UserGroup' ? [who, what] : [{ ...who, id: `0ua0${it.id.toLowerCase()}`, type: 'AppUser' }, what, who],
    }));
  return [
    { at: made, eventType: 'user.lifecycle.create', actor: SYNC, target: [who] },
    ...given(made, 'add'),
    { at: it.startAt, eventType: 'user.lifecycle.activate', actor: SYNC, target: [who] },
    ...(closed === null
      ? []
      : [
          { at: closed, eventType: 'user.lifecycle.deactivate', actor: byHand ? user(world, person(world, LOG_CAST.administrator)) : SYNC, target: [who] },
          ...given(closed, 'remove'),
        ]),
  ];
}

/** Four people of every working day, each with a second factor. */
function workdays(world: World, from: Instant, to: Instant): readonly Happened[] {
  const found: Happened[] = [];
  for (let day = Math.floor(from / days(1)) * days(1); day <= to; day += days(1)) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    const there = world.people.filter(({ startAt, endAt }) => startAt <= day && (endAt === null || endAt >= day + days(1)));
    const turn = Math.floor(day / days(1)) * 4;
    for (let seat = 0; seat < 4; seat++) {
      const it = there[(turn + seat) % there.length];
      if (it) found.push(...signingIn(world, it, day + hours(8) + minutes(7 * seat), true));
    }
  }
  return found;
}

function signingIn(world: World, it: Person, at: Instant, second: boolean): readonly Happened[] {
  const who = user(world, it);
  const session = `trs${it.id}${at.toString(36)}`;
  return [
    { at, eventType: 'policy.evaluate_sign_on', actor: who, result: second ? 'CHALLENGE' : 'ALLOW', session },
    { at: at + 1000, eventType: 'user.authentication.auth_via_mfa', actor: who, session, debug: { factor: 'PASSWORD_AS_FACTOR' } },
    ...(second
      ? [{ at: at + 9000, eventType: 'user.authentication.auth_via_mfa', actor: who, session, debug: { factor: factorTypeOf(world, it, at).toUpperCase() } }]
      : []),
    { at: at + 10_000, eventType: 'user.session.start', actor: who, session },
  ];
}

/** What people do by hand, the stories among it. */
function incidents(world: World): readonly Happened[] {
  const admin = user(world, person(world, LOG_CAST.administrator));
  const self = user(world, person(world, LOG_CAST.selfGranter));
  const helper = user(world, person(world, 3));
  const late = person(world, LOG_CAST.lateLeaver);
  const byName = user(world, person(world, ACCESS_CAST.directly));
  const zone = thing('Zone', 'nzo0office', 'Office network');
  const policy = thing('PolicyEntity', '00p0signon', 'Workforce sign-on');
  const role = (at: Instant, actor: Party, who: Party, privilegeGranted: string): readonly Happened[] => [
    { at, eventType: 'user.account.privilege.grant', actor, target: [who], debug: { privilegeGranted } },
    { at: at + hours(7), eventType: 'user.account.privilege.revoke', actor: admin, target: [who], debug: { privilegeRevoked: privilegeGranted } },
  ];
  const visit = world.ago(LOG_DAYS.handMade, 9);
  return [
    ...role(world.ago(131, 9), admin, helper, 'Help desk administrator'),
    ...role(world.ago(LOG_DAYS.selfGranted, 9), self, self, 'API access management administrator'),
    { at: world.ago(LOG_DAYS.sharedChange, 15), eventType: 'zone.update', actor: SHARED, target: [zone] },
    { at: world.ago(DAYS.sharedLogin.to), eventType: 'user.lifecycle.deactivate', actor: admin, target: [SHARED] },
    { at: world.ago(DAYS.zoneException.from), eventType: 'policy.rule.add', actor: admin, target: [policy] },
    { at: world.ago(DAYS.zoneException.to), eventType: 'policy.rule.delete', actor: admin, target: [policy] },
    { at: world.ago(ACCESS_DAYS.directly.since, 11), eventType: 'application.user_membership.add', actor: admin, target: [app('AWS'), byName] },
    { at: world.ago(ACCESS_DAYS.groupRole.since, 9), eventType: 'group.privilege.grant', actor: admin, target: [group('Support')] },
    ...[ACCESS_DAYS.longSession.from, ACCESS_DAYS.longSession.to].map((day) => ({
      at: world.ago(day),
      eventType: 'policy.rule.update',
      actor: admin,
      target: [policy],
    })),
    ...signingIn(world, person(world, 3), workdayAgo(world, LOG_DAYS.passwordAlone) + hours(11), false),
    ...signingIn(world, late, (late.endAt ?? 0) + hours(30), true),
    { at: visit, eventType: 'user.lifecycle.create', actor: admin, target: [VISITOR] },
    { at: visit + minutes(2), eventType: 'user.lifecycle.activate', actor: admin, target: [VISITOR] },
    { at: visit + hours(6), eventType: 'user.lifecycle.deactivate', actor: admin, target: [VISITOR] },
    { at: visit + hours(6) + minutes(1), eventType: 'user.lifecycle.delete.completed', actor: admin, target: [VISITOR] },
  ];
}
