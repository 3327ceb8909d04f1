import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Termination = z.object({
  terminationId: text('Id of the departure'),
  workerId: text('Worker id of who leaves'),
  type: z.enum(['voluntary', 'involuntary', 'contract-end', 'other', 'unknown']).describe('Which deadline applies'),
  effectiveAt: at('When the engagement ends: the end of the last day'),
  notifiedAt: maybeAt('When the company learned of it, by the word of the entry'),
  recordedAt: at('When it was recorded: a late entry shows'),
  returnedAt: maybeAt('When equipment was given back or wiped'),
  ...stated,
});
export type Termination = z.infer<typeof Termination>;

export const terminations = defineDataset<Termination>({
  id: 'hr.terminations',
  title: 'One departure, as it was told, with when it was told',
  row: Termination,
  key: ({ terminationId }) => terminationId,
  label: ({ workerId }) => `departure of ${workerId}`,
  freshness: days(11),
  happened: ({ effectiveAt }) => effectiveAt,
});
