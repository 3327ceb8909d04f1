import type { Alert, Deed } from '../alerts/alert.ts';
import type { Duration } from '../core/instant.ts';
import { several, spokenInstant } from '../core/spoken.ts';
import type { AlertEvent } from '../datasets/alert/events.ts';

/** Of alerts of one system and severity: what was done, how long that took, and what was not done. */
export interface ResponseTimes {
  readonly system: string;
  readonly severity: AlertEvent['severity'];
  readonly raised: number;
  /** From being raised to the first acknowledgement by a person. */
  readonly acknowledge: Times;
  /** From being raised to its end; what ended of itself counts as well. */
  readonly resolve: Times;
}

export interface Times {
  readonly count: number;
  /** Milliseconds; `null` where there is none. */
  readonly mean: Duration | null;
  readonly longest: Duration | null;
  /** No time is known of these, and leaving them out would make anybody look fast. */
  readonly open: number;
  /** The source does not tell. */
  readonly unknown: number;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** Mean times to acknowledge and to resolve, by system and severity. */
export function responseTimes(events: readonly AlertEvent[]): readonly ResponseTimes[] {
  const systems = [...new Set(events.map(({ systemId }) => systemId))].sort();
  return systems.flatMap((system) =>
    SEVERITIES.flatMap((severity) => {
      const its = events.filter((event) => event.systemId === system && event.severity === severity);
      return its.length === 0
        ? []
        : [{ system, severity, raised: its.length, acknowledge: timesOf(its, acknowledgementOf), resolve: timesOf(its, resolutionOf) }];
    }),
  );
}

/** `null`: it was not done; `unknown`: nobody can tell. */
type Took = Duration | null | 'unknown';

export function timesOf(events: readonly AlertEvent[], took: (event: AlertEvent) => Took): Times {
  const all = events.map(took);
  const times = all.filter((it) => typeof it === 'number');
  return {
    count: times.length,
    mean: times.length === 0 ? null : Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
    longest: times.length === 0 ? null : Math.max(...times),
    open: all.filter((it) => it === null).length,
    unknown: all.filter((it) => it === 'unknown').length,
  };
}

export function acknowledgementOf({ told, firedAt, acknowledgedAt, acknowledgedByKind }: AlertEvent): Took {
  if (!told.includes('acknowledgement') || acknowledgedByKind === 'unknown') return 'unknown';
  return acknowledgedByKind === 'human' && acknowledgedAt !== null ? acknowledgedAt - firedAt : null;
}

export const resolutionOf = ({ firedAt, resolvedAt }: AlertEvent): Took => (resolvedAt === null ? null : resolvedAt - firedAt);

/** How it stands, in a word or two. */
export const alertState = ({ state, snoozedUntil }: Pick<Alert, 'state' | 'snoozedUntil'>): string => (snoozedUntil === null ? state : `${state}, put off`);

/** One alert in a sentence. */
export function alertLine({ id, state, signal, raisedAt, acknowledged: taken, resolved: over, assignee, snoozedUntil, reopened, lasts }: Alert): string {
  const parts = [
    `${id} [${signal.severity}] ${signal.title}`,
    `raised ${spokenInstant(raisedAt)}${reopened > 0 ? `, reopened ${several(reopened, 'time')}` : ''}`,
    ...(taken ? [`acknowledged ${spokenInstant(taken.at)} by ${taken.by}`] : []),
    ...(assignee === null ? [] : [`assigned to ${assignee}`]),
    ...(snoozedUntil === null ? [] : [`put off until ${spokenInstant(snoozedUntil)}`]),
    over ? `resolved ${spokenInstant(over.at)} by ${over.by} (${over.conclusion}): ${over.cause}` : state,
    ...(over && lasts ? ['its cause was still there when it was looked at last'] : []),
  ];
  return parts.join('; ');
}

/** What was done, in words. */
export function deedLine(deed: Deed): string {
  switch (deed.do) {
    case 'raise':
      return `raised: ${deed.signal.title}`;
    case 'reopen':
      return `reopened: ${deed.signal.title}`;
    case 'grow':
      return `more of it: ${deed.signal.title}`;
    case 'end':
      return `ended: ${deed.because}`;
    case 'resume':
      return 'escalated anew: acknowledged, and not resolved in time';
    case 'wake':
      return 'the time it was put off for is over';
    case 'acknowledge':
      return 'acknowledged';
    case 'note':
      return `note: ${deed.text}`;
    case 'assign':
      return `assigned to ${deed.to}`;
    case 'resolve':
      return `resolved as ${deed.conclusion}${deed.incident === null ? '' : `, incident ${deed.incident}`}: ${deed.cause}`;
    case 'snooze':
      return `put off until ${spokenInstant(deed.until)}: ${deed.text}`;
    case 'notify':
    case 'fail':
    case 'withhold':
      return deliveryLine(deed);
  }
}

function deliveryLine({ do: what, delivery: { channel, says, step, attempts, because } }: Extract<Deed, { readonly delivery: unknown }>): string {
  const which = says === 'raised' ? `step ${step + 1}` : says;
  const tried = attempts > 1 ? ` at attempt ${attempts}` : '';
  if (what === 'notify') return `told ${channel} (${which})${tried}`;
  return `${what === 'fail' ? 'could not tell' : 'did not tell'} ${channel} (${which})${tried}: ${because ?? ''}`;
}
