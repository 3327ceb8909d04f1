import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, text } from '../fields.ts';

export const KeyActivity = z.object({
  keyId: text('Id of the key'),
  lastUsedAt: maybeAt('Start of the UTC day of its last use; null where it was never used'),
});
export type KeyActivity = z.infer<typeof KeyActivity>;

export const keyActivity = defineDataset<KeyActivity>({
  id: 'iam.key-activity',
  title: 'When a long-lived key was last used, by the day',
  row: KeyActivity,
  key: ({ keyId }) => keyId,
  label: ({ keyId }) => `use of key ${keyId}`,
  freshness: hours(36),
});
