import type { Instant } from '../core/instant.ts';
import { spokenDuration, spokenInstant } from '../core/spoken.ts';
import type { Message } from '../notify/channel.ts';
import { oneLine } from '../notify/inert.ts';
import type { Alert } from './alert.ts';
import type { Notice } from './steps.ts';

export interface Teller {
  readonly company: string;
  /** Where others reach Tickmark: `https://tickmark.acme.example`; `null` where nobody has said. */
  readonly url: string | null;
  readonly demo: boolean;
}

/** What is told of an alert. Notes, causes and what sources said stay where they are: whoever may read them follows the link. */
export function messageOf(alert: Alert, { id, step, says }: Pick<Notice, 'id' | 'step' | 'says'>, { company, url, demo }: Teller, at: Instant): Message {
  const { signal } = alert;
  return {
    alert: alert.id,
    delivery: id,
    says,
    company: oneLine(company),
    severity: signal.severity,
    title: oneLine(signal.title),
    lines: linesOf(alert, says, step),
    url: url === null ? null : `${url.replace(/\/$/, '')}/alerts/${alert.id}`,
    at,
    trial: demo,
  };
}

function linesOf(alert: Alert, says: Notice['says'], step: number): readonly string[] {
  const { raisedAt, reopened, acknowledged, resolved, signal } = alert;
  if (says === 'acknowledged') return [`Taken by ${oneLine(acknowledged?.by ?? 'somebody')}`];
  if (says === 'resolved') {
    const who = resolved?.conclusion === 'auto_resolved' ? `Of itself: ${oneLine(resolved.cause)}` : `By ${oneLine(resolved?.by ?? 'somebody')}`;
    return [who, `It was raised ${spokenInstant(raisedAt)}, ${spokenDuration((resolved?.at ?? raisedAt) - raisedAt)} before`];
  }
  return [
    `Since ${spokenInstant(raisedAt)}, by the rule ${signal.rule}`,
    ...(reopened > 0 ? [`Reopened: it has been resolved before`] : []),
    ...(step > 0 ? [`Nobody has acknowledged it yet: this is step ${step + 1}`] : []),
  ];
}
