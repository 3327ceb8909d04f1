import type { Instant } from '../core/instant.ts';
import { worstSeverity } from '../core/severity.ts';
import type { Alert, Deed, Signal } from './alert.ts';
import type { Policy } from './policy.ts';

/** Two signals of one key are about the same. */
export const keyOf = ({ rule, key }: Pick<Signal, 'rule' | 'key'>): string => `${rule} ${key}`;

/**
 * What a signal does to the newest alert about the same; `null` where it says nothing new. A `raise` begins another alert.
 * Asked of the alert as it is when it is written, so that it does not matter how many servers see the signal.
 */
export function bySignal(alert: Alert | null, signal: Signal, policy: Policy, now: Instant): Deed | null {
  if (alert === null) return { do: 'raise', signal };
  const { resolved, lasts, endedAt } = alert;
  if (resolved === null) return grown(alert, signal);
  if (!lasts) return now - (endedAt ?? resolved.at) < policy.reopen ? { do: 'reopen', signal } : { do: 'raise', signal };
  const patience = resolved.conclusion === 'true_positive' ? policy.recheck.real : policy.recheck.other;
  if (now - resolved.at >= patience) return { do: 'reopen', signal };
  return grown(alert, signal);
}

/** More of the same is told anew, and never less urgently. That there is less of it is no news: it is over when none is left. */
function grown(alert: Alert, signal: Signal): Deed | null {
  const severity = worstSeverity([alert.signal.severity, signal.severity]);
  if (signal.magnitude <= alert.signal.magnitude && severity === alert.signal.severity) return null;
  return { do: 'grow', signal: { ...signal, severity, magnitude: Math.max(signal.magnitude, alert.signal.magnitude) } };
}

/** What it does to an alert that its cause is gone, or that nobody looks for it any more. */
export function byAbsence({ lasts, signal }: Alert, { rules }: Policy): Deed | null {
  if (!lasts) return null;
  return { do: 'end', because: rules.some(({ name }) => name === signal.rule) ? 'its cause has ended' : 'its rule was taken out of the configuration' };
}

/** Why a person cannot do this to an alert; `null` where they can. */
export function refusal({ id, state, snoozedUntil, resolved }: Alert, deed: Deed, now: Instant): string | null {
  if (deed.do === 'acknowledge' && state !== 'open') return `${id} is ${state} already`;
  // What ended by itself may be concluded afterwards.
  if (deed.do === 'resolve' && resolved !== null && resolved.conclusion !== 'auto_resolved') return `${id} is resolved already`;
  if (deed.do === 'snooze' && state === 'resolved') return `${id} is resolved: there is nothing to put off`;
  if (deed.do === 'snooze' && deed.until <= now) return 'a snooze ends in the future';
  if (deed.do === 'snooze' && snoozedUntil !== null && snoozedUntil >= deed.until) return `${id} is put off for longer already`;
  return null;
}
