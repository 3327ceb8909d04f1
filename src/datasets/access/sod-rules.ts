import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const SodRule = z.object({
  ruleId: text('Id of the rule'),
  title: text('What it keeps apart'),
  active: z.boolean().describe('It is in force'),
  one: list('Roles, groups or rights on one side, by id or name, as their systems write them'),
  other: list('Those on the other side'),
  reason: text('What one person with both could do'),
  compensating: maybeText('Control that compensates where it cannot be avoided'),
  ...stated,
});
export type SodRule = z.infer<typeof SodRule>;

export const sodRules = defineDataset<SodRule>({
  id: 'access.sod-rules',
  title: 'Two kinds of duty that one person must not hold together',
  row: SodRule,
  key: ({ ruleId }) => ruleId,
  label: ({ title }) => title,
  freshness: days(11),
});
