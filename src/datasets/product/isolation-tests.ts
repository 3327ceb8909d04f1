import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const IsolationTest = z.object({
  testId: text('Id of the test'),
  systemId,
  executedAt: at('When'),
  environment: z.enum(['production', 'production-like']).describe('Where'),
  result: z.enum(['success', 'failure']).describe('success: nothing of another customer was reached'),
  commit: maybeText('Version of the code'),
  evidence: maybeText('Where its report is'),
  ...stated,
});
export type IsolationTest = z.infer<typeof IsolationTest>;

export const isolationTests = defineDataset<IsolationTest>({
  id: 'product.isolation-tests',
  title: 'One test that no customer reaches the data of another',
  row: IsolationTest,
  key: ({ testId }) => testId,
  label: ({ testId, systemId: system }) => `isolation test ${testId} of ${system}`,
  freshness: days(11),
  happened: ({ executedAt }) => executedAt,
});
