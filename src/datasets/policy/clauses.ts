import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Clause = z.object({
  clauseId: text('Id of the clause'),
  policy: text('Policy that it stands in'),
  promise: text('What it promises'),
  value: maybeText('The number or word that it promises, as the policy writes it: 90 days; null where it promises that something is so'),
  checkId: maybeText('Check that measures it'),
  parameter: maybeText('Parameter of that check which holds the value'),
  resource: maybeText('Resource of the infrastructure that enforces it, by its address'),
  attribute: maybeText('Attribute of that resource which holds the value, nested ones with dots'),
  active: z.boolean().describe('The clause is in force'),
  ...stated,
});
export type Clause = z.infer<typeof Clause>;

export const clauses = defineDataset<Clause>({
  id: 'policy.clauses',
  title: 'One measurable clause of a policy, with what measures it and what enforces it',
  row: Clause,
  key: ({ clauseId }) => clauseId,
  label: ({ clauseId, policy }) => `clause ${clauseId} of ${policy}`,
  freshness: days(11),
});
