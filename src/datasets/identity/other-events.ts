import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, systemId, text } from '../fields.ts';

export const OtherEvent = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  type: text('What it is, in the words of the source'),
  occurredAt: at('When it happened'),
});
export type OtherEvent = z.infer<typeof OtherEvent>;

export const otherEvents = defineDataset<OtherEvent>({
  id: 'identity.other-events',
  title: 'One event of a log that no other dataset tells of: it is sealed and counted, and no more is read of it',
  row: OtherEvent,
  key: ({ eventId }) => eventId,
  label: ({ type, systemId: system }) => `${type} in ${system}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
