import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, text } from '../fields.ts';
import { stated } from '../stated.ts';

const GovernanceReport = z.object({
  reportId: text('Id of the report'),
  title: text('What it tells of'),
  type: z.enum(['posture', 'access-review', 'other']).describe('Which report'),
  fromAt: at('Start of the time it is about'),
  toAt: at('End of that time'),
  generatedAt: at('When it was made'),
  deliveredAt: maybeAt('When it was handed over'),
  deliveredTo: list('Addresses of who was given it, lower case'),
  ...stated,
});
export type GovernanceReport = z.infer<typeof GovernanceReport>;

export const reports = defineDataset<GovernanceReport>({
  id: 'governance.reports',
  title: 'One report that was handed to those who lead the company',
  row: GovernanceReport,
  key: ({ reportId }) => reportId,
  label: ({ title }) => title,
  freshness: days(11),
  happened: ({ generatedAt }) => generatedAt,
});
