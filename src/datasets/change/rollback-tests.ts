import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeCount, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const RollbackTest = z.object({
  testId: text('Id of the rollback'),
  systemId,
  performedAt: at('When'),
  result: z.enum(['success', 'failure']).describe('Whether the version before was running again'),
  minutes: maybeCount('How long it took, in minutes'),
  real: z.boolean().describe('It was no rehearsal'),
  performedById: maybeText('Worker id of who did it'),
  notes: maybeText('What was seen'),
  ...stated,
});
export type RollbackTest = z.infer<typeof RollbackTest>;

export const rollbackTests = defineDataset<RollbackTest>({
  id: 'change.rollback-tests',
  title: 'One rollback, rehearsed or real',
  row: RollbackTest,
  key: ({ testId }) => testId,
  label: ({ testId, systemId: system }) => `rollback ${testId} of ${system}`,
  freshness: days(11),
  happened: ({ performedAt }) => performedAt,
});
