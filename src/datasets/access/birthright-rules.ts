import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const BirthrightRule = z.object({
  ruleId: text('Id of the rule, as the system that carries it out writes it'),
  title: text('What it gives to whom'),
  systemId,
  grants: list('Groups, roles or rights that it gives, by id or name, as the system writes them'),
  audience: list('Departments that it is for; empty means everyone'),
  ownerId: maybeText('Worker id of who answers for it'),
  ...stated,
});
export type BirthrightRule = z.infer<typeof BirthrightRule>;

export const birthrightRules = defineDataset<BirthrightRule>({
  id: 'access.birthright-rules',
  title: 'Access that comes with an engagement by itself, without a request',
  row: BirthrightRule,
  key: ({ ruleId }) => ruleId,
  label: ({ title }) => title,
  freshness: days(11),
});
