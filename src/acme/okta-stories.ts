import { days, hours, type Instant } from '../core/instant.ts';
import { type Person, person, type World } from './world.ts';

/** When each thing happens in the log of the identity provider, so many days before the last day. */
export const LOG_DAYS = {
  handMade: 213,
  selfGranted: 219,
  sharedChange: 204,
  passwordAlone: 199,
} as const;

/** Places of the people that these stories are about. */
export const LOG_CAST = { lateLeaver: 21, administrator: 1, selfGranter: 2 } as const;

/** One leaver is forgotten for two days: nobody had told the identity provider. */
export const deactivatedAt = (world: World, it: Person): Instant | null =>
  it.endAt === null ? null : it.endAt + (it.id === person(world, LOG_CAST.lateLeaver).id ? hours(50) : hours(1));

/** A working day, not later than so many days before the last. */
export function workdayAgo(world: World, count: number): Instant {
  let day = world.ago(count);
  while ([0, 6].includes(new Date(day).getUTCDay())) day -= days(1);
  return day;
}

export function logStories(world: World) {
  const late = person(world, LOG_CAST.lateLeaver).email;
  const story = (name: string, tells: string, check: string, item: string) => ({ name, tells, check, item, open: true });
  return [
    story('account by hand', 'an account for nobody was made, used and deleted within one day', 'account-creations-matched', 'visitor@acme.example'),
    story('made by hand', 'that account was opened and closed by hand', 'provisioning-automated', 'visitor@acme.example in okta'),
    story('late deactivation', 'the account of a leaver was open for two days', 'deactivations-matched', late),
    story('late hand', 'and then somebody closed it by hand', 'provisioning-automated', `${late} in okta: deactivated`),
    story('leaver at work', 'the leaver signed in on the day after', 'leaver-sign-ins-stopped', late),
    story('own role', 'an administrator gave themselves a role', 'admin-roles-granted-by-others', person(world, LOG_CAST.selfGranter).email),
    story('role without request', 'for which nobody had asked', 'access-grants-requested', `${person(world, LOG_CAST.selfGranter).email} in okta: role-added`),
    story('account without request', 'nor for the account of the day', 'access-grants-requested', 'visitor@acme.example in okta: created'),
    story('password alone', 'somebody signed in from the office with a password alone', 'second-factor-used', person(world, 3).email),
    story('shared hand', 'a network zone was changed with the shared login', 'admin-changes-attributed', 'zone.update by ops-shared@acme.example'),
  ];
}
