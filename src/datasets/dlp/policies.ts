import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { text } from '../fields.ts';
import { stated } from '../stated.ts';

const DlpPolicy = z.object({
  policyId: text('Id of the rule'),
  title: text('What it keeps in'),
  channel: z.enum(['email', 'web', 'saas-share', 'removable', 'endpoint']).describe('Way out that it watches'),
  required: z.boolean().describe('It must be there'),
  enabled: z.boolean().describe('It is on'),
  enforcement: z.enum(['block', 'warn', 'monitor', 'off']).describe('What it does'),
  ...stated,
});
export type DlpPolicy = z.infer<typeof DlpPolicy>;

export const dlpPolicies = defineDataset<DlpPolicy>({
  id: 'dlp.policies',
  title: 'One rule on where data may go',
  row: DlpPolicy,
  key: ({ policyId }) => policyId,
  label: ({ title }) => title,
  freshness: days(11),
});
