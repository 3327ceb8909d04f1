import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, systemId, text } from '../fields.ts';

/** What a source may be able to tell of an alert. Of what is not told an empty field says nothing. */
const TOLD = 'acknowledgement, escalation, conclusion';
const by = (meaning: string) => z.enum(['human', 'automation', 'none', 'unknown']).describe(meaning);

export const AlertEvent = z.object({
  systemId,
  alertId: text('Id of the system that raised it'),
  title: text('What it is about, in one line'),
  rule: text('The rule, service or alarm that raised it'),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'unknown']).describe('How urgent; unknown where the source does not say'),
  told: list(`Which of these the source can tell: ${TOLD}. Of what is not among them an empty field says nothing`),
  firedAt: at('When it was raised'),
  acknowledgedAt: maybeAt('When somebody first took it'),
  acknowledgedByKind: by('Who took it first: a person, or a machine on behalf of one; none where nobody did; unknown where the source does not say'),
  acknowledgedBy: maybeText('Their name, as the system writes it'),
  escalatedAt: maybeAt('When it was first passed on to somebody else'),
  resolvedAt: maybeAt('When it was over; null of one that is open'),
  resolvedByKind: by('Who ended it: a person, or the end of its cause; none where it is open'),
  conclusion: z
    .enum(['true_positive', 'false_positive', 'benign', 'auto_resolved', 'none', 'unknown'])
    .describe('What was found out; auto_resolved where its cause ended before anybody concluded; unknown where the source does not say'),
  investigation: maybeText('Where or how the investigation is written down; null where nothing is'),
  incidentId: maybeText('The incident it became; null where none is named'),
  notified: z.int().nonnegative().nullable().describe('How many times people were told; null where the source does not say'),
});
export type AlertEvent = z.infer<typeof AlertEvent>;

export const alertEvents = defineDataset<AlertEvent>({
  id: 'alert.events',
  title: 'One alert that was raised, and what was done about it',
  row: AlertEvent,
  key: ({ systemId: system, alertId }) => `${system}/${alertId}`,
  label: ({ alertId, title }) => `${alertId} ${title}`,
  freshness: hours(36),
  happened: ({ firedAt }) => firedAt,
});
