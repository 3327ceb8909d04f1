import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { said, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const DataUsage = z.object({
  usageId: text('Id of the entry'),
  title: text('What the data is'),
  systemId,
  environment: z.enum(['production', 'nonproduction']).describe('Where it lies'),
  fromProduction: said('It was copied from production'),
  masked: said('What identifies people is masked in it, or made up'),
  subjectId: text('Id that an exception would name'),
  ...stated,
});
export type DataUsage = z.infer<typeof DataUsage>;

export const dataUsage = defineDataset<DataUsage>({
  id: 'env.data-usage',
  title: 'One set of data in one environment, and whether it came from production',
  row: DataUsage,
  key: ({ usageId }) => usageId,
  label: ({ title, environment }) => `${title} (${environment})`,
  freshness: days(11),
});
