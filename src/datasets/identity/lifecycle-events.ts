import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, systemId, text } from '../fields.ts';

export const LifecycleEvent = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  userId: text('Id of the account it happened to'),
  login: text('Login name of that account then'),
  type: z
    .enum([
      'created',
      'activated',
      'suspended',
      'unsuspended',
      'deactivated',
      'reactivated',
      'deleted',
      'role-added',
      'role-removed',
      'group-added',
      'group-removed',
      'app-added',
      'app-removed',
      'permission-added',
      'permission-removed',
      'permission-changed',
      'factor-enrolled',
      'factor-reset',
    ])
    .describe('What happened to the account'),
  detail: maybeText('The group, application, role or right, by name'),
  actorId: text('Id of who or what did it'),
  actor: text('Its name'),
  actorKind: z.enum(['automation', 'human', 'unknown']).describe('A person, or a service acting by itself; unknown where the source does not say'),
  succeeded: z.enum(['yes', 'no', 'unknown']).describe('Whether it took effect'),
  occurredAt: at('When it happened'),
});
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;

export const lifecycleEvents = defineDataset<LifecycleEvent>({
  id: 'identity.lifecycle-events',
  title: 'One change to an account or to what it may do, as it happened',
  row: LifecycleEvent,
  key: ({ eventId, userId, detail }) => `${eventId} ${userId} ${detail ?? ''}`,
  label: ({ type, login, systemId: system }) => `${login} in ${system}: ${type}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
