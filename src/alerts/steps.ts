import { type Instant, NEVER } from '../core/instant.ts';
import type { Alert, Saying } from './alert.ts';
import { type Policy, type Quiet, stepsOf } from './policy.ts';
import { afterAudible } from './quiet.ts';

/** One notification that is to be brought. Its id follows from what it is, so that two servers cannot make it twice. */
export interface Notice {
  readonly id: string;
  readonly round: number;
  readonly step: number;
  readonly channel: string;
  readonly says: Saying;
  readonly due: Instant;
}

/** The notifications of an open alert that are due by now, of its present round: one for each step and channel. */
export function dueNotices(alert: Alert, policy: Policy, now: Instant): readonly Notice[] {
  return noticesOf(alert, policy).filter(({ due }) => due <= now);
}

/** When the next notification, the end of a snooze or of an acknowledgement comes; `NEVER` where nothing lies ahead. */
export function nextStep(alert: Alert, policy: Policy, now: Instant): Instant {
  const ahead = [...noticesOf(alert, policy).map(({ due }) => due), resumesAt(alert, policy), wakesAt(alert)].filter((at) => at > now);
  return ahead.length === 0 ? NEVER : Math.min(...ahead);
}

function noticesOf(alert: Alert, policy: Policy): readonly Notice[] {
  if (alert.state !== 'open' || alert.snoozedUntil !== null) return [];
  return stepsOf(policy, alert.signal.route).flatMap(({ after, to }, step) => {
    const due = afterAudible(alert.openedAt, after, quietFor(alert, policy));
    return to.filter((channel) => channel !== alert.signal.avoid).map((channel) => noticeOf(alert, step, channel, 'raised', due));
  });
}

/** Those who were told that something is so are told, at once, that somebody took it (where a channel escalates by itself) or that it is over. */
export function followUps(alert: Alert, says: 'acknowledged' | 'resolved', channels: readonly string[], now: Instant): readonly Notice[] {
  return channels.map((channel) => noticeOf(alert, 0, channel, says, now));
}

function noticeOf({ id, round, seq }: Alert, step: number, channel: string, says: Saying, due: Instant): Notice {
  // What follows a deed of a person or of the cause is named by that deed: in one round it may be acknowledged and resolved more than once.
  const name = says === 'raised' ? `${round}.${step}` : `${says}.${seq}`;
  return { id: `${id}.${name}.${channel}`, round, step, channel, says, due };
}

const quietFor = ({ signal: { severity, quiet } }: Alert, policy: Policy): Quiet | null => (quiet && severity !== 'critical' ? policy.quiet : null);

/** When an acknowledged alert that nobody resolved is escalated anew. */
const resumesAt = ({ state, acknowledged }: Alert, { resume }: Policy): Instant =>
  state === 'acknowledged' && acknowledged !== null ? acknowledged.at + resume : NEVER;

const wakesAt = ({ state, snoozedUntil }: Alert): Instant => (state !== 'resolved' && snoozedUntil !== null ? snoozedUntil : NEVER);

/** What time alone does to an alert by now: it wakes from a snooze, or its escalation goes on. */
export function byTime(alert: Alert, policy: Policy, now: Instant): 'wake' | 'resume' | null {
  if (wakesAt(alert) <= now) return 'wake';
  return alert.snoozedUntil === null && resumesAt(alert, policy) <= now ? 'resume' : null;
}
