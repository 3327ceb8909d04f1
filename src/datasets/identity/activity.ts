import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, systemId, text } from '../fields.ts';

export const Activity = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  lastUsedAt: maybeAt('Start of the UTC day of the last sign-in the system knows of; null where there was none since it was created'),
});
export type Activity = z.infer<typeof Activity>;

export const activity = defineDataset<Activity>({
  id: 'identity.activity',
  title: 'When an account was last used, by the day; no row where the system does not tell',
  row: Activity,
  key: ({ userId }) => userId,
  label: ({ userId, systemId }) => `use of ${userId} in ${systemId}`,
  freshness: hours(36),
});
