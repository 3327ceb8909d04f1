import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, said, systemId, text } from '../fields.ts';

export const AdminEvent = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  type: text('What was done, in the words of the source'),
  actorId: text('Id of who or what did it'),
  actor: text('Its name'),
  actorKind: z.enum(['automation', 'human', 'unknown']).describe('A person, or a service acting by itself; unknown where the source does not say'),
  target: maybeText('What it was done to, by name'),
  succeeded: said('It took effect'),
  occurredAt: at('When it happened'),
});
export type AdminEvent = z.infer<typeof AdminEvent>;

export const adminEvents = defineDataset<AdminEvent>({
  id: 'identity.admin-events',
  title: 'One change to the rules of a system: policies, applications, zones, teams, settings',
  row: AdminEvent,
  key: ({ eventId }) => eventId,
  label: ({ type, actor, systemId: system }) => `${type} by ${actor} in ${system}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
