import { z } from 'zod';
import { NEVER } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { systemId, text } from '../fields.ts';

export const System = z.object({
  systemId,
  name: text('Name'),
  critical: z.boolean().describe('Its loss or abuse would break a commitment to customers'),
  identityProvider: z.boolean().describe('Others sign in through it'),
});
export type System = z.infer<typeof System>;

export const systems = defineDataset<System>({
  id: 'asset.systems',
  title: 'One system in scope, as the company declares it in its configuration',
  row: System,
  key: ({ systemId }) => systemId,
  label: ({ name }) => name,
  freshness: NEVER,
});
