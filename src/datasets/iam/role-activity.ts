import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, text } from '../fields.ts';

export const RoleActivity = z.object({
  principalId: text('ARN of the role'),
  lastUsedAt: maybeAt('Day on which it was last assumed and used; null where its source remembers no use'),
});
export type RoleActivity = z.infer<typeof RoleActivity>;

export const roleActivity = defineDataset<RoleActivity>({
  id: 'iam.role-activity',
  title: 'When one role of a cloud account was last used',
  row: RoleActivity,
  key: ({ principalId }) => principalId,
  label: ({ principalId }) => `use of ${principalId}`,
  freshness: hours(36),
});
