import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const GroupRule = z.object({
  systemId,
  ruleId: text('Id of the rule in its system'),
  name: text('Name'),
  status: z.enum(['active', 'inactive', 'invalid', 'unknown']).describe('Only an active rule puts anybody anywhere'),
  condition: maybeText('Whom it is about, as the source writes it'),
  groupIds: list('Groups into which it puts people'),
  exceptUserIds: list('Accounts that it leaves out by name'),
  createdAt: maybeAt('When it was made'),
  changedAt: maybeAt('When it was last changed'),
});
export type GroupRule = z.infer<typeof GroupRule>;

export const groupRules = defineDataset<GroupRule>({
  id: 'access.group-rules',
  title: 'One rule that puts accounts into groups by itself: what people are given by birthright',
  row: GroupRule,
  key: ({ ruleId }) => ruleId,
  label: ({ name, systemId: system }) => `rule ${name} in ${system}`,
  freshness: hours(36),
});
