import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, systemId, text } from '../fields.ts';

export const HardeningRule = z.object({
  systemId,
  tool: text('Tool that evaluates it'),
  scope: text('Account, or other target, in which it was evaluated'),
  ruleId: text('Id of the rule'),
  title: text('What it asks, in the words of the tool'),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'informational', 'unknown']).describe('Severity, by the tool'),
  evaluated: z.boolean().describe('It was evaluated; no of one that was to be and was not'),
  failed: list('Resources that break it, those among them that the tool was told to pass over'),
  undecided: list('Resources of which the tool does not say'),
});
export type HardeningRule = z.infer<typeof HardeningRule>;

export const hardeningRules = defineDataset<HardeningRule>({
  id: 'config.rules',
  title: 'One hardening rule in one account, with the resources that break it',
  row: HardeningRule,
  key: ({ tool, scope, ruleId }) => `${tool}/${scope}/${ruleId}`,
  label: ({ ruleId, scope }) => `${ruleId} in ${scope}`,
  freshness: days(11),
});
