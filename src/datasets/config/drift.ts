import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Drift = z.object({
  driftId: text('Id of the difference'),
  resourceId: text('Resource, by its address in the code or its id'),
  detectedAt: at('When it was found'),
  resolvedAt: maybeAt('When it was gone'),
  ticketId: maybeText('Ticket under which it was let stand or mended'),
  notes: maybeText('What differed'),
  ...stated,
});
export type Drift = z.infer<typeof Drift>;

export const drift = defineDataset<Drift>({
  id: 'config.drift',
  title: 'One difference between what is declared and what runs',
  row: Drift,
  key: ({ driftId }) => driftId,
  label: ({ resourceId }) => `drift of ${resourceId}`,
  freshness: days(11),
  happened: ({ detectedAt }) => detectedAt,
});
