import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, systemId, text } from '../fields.ts';

const CloudChange = z.object({
  systemId,
  eventId: text('Id of the event'),
  accountId: text('Cloud account that was changed'),
  region: text('Region that recorded it'),
  action: text('Operation, as service and name'),
  happenedAs: z.enum(['call', 'sign-in', 'service', 'unknown']).describe('A call, a sign-in or the like, or something that the cloud did by itself'),
  outcome: z.enum(['success', 'refused']).describe('Whether it was carried out'),
  actorKind: z
    .enum(['person', 'pipeline', 'machine', 'cloud', 'unknown'])
    .describe('By the configuration a role of the pipeline or of a machine; a service of the cloud itself; a user or root; a role of which nothing is said'),
  actor: text('User, or session of a role, as the cloud writes it'),
  role: maybeText('Role that was assumed'),
  actorEmail: maybeText('Address that the session is named by, lower case'),
  ticketId: maybeText('Ticket that the session is named by'),
  happenedAt: at('When it happened'),
});
export type CloudChange = z.infer<typeof CloudChange>;

export const cloudChanges = defineDataset<CloudChange>({
  id: 'config.cloud-changes',
  title: 'One change that was asked of a cloud account, with who asked for it',
  row: CloudChange,
  key: ({ eventId }) => eventId,
  label: ({ action, actor, accountId }) => `${action} by ${actor} in ${accountId}`,
  freshness: hours(36),
  happened: ({ happenedAt }) => happenedAt,
});
