import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, systemId } from '../fields.ts';

export const LogSpan = z.object({
  systemId,
  since: at('From when on its log was read without a gap'),
});
export type LogSpan = z.infer<typeof LogSpan>;

export const logSpans = defineDataset<LogSpan>({
  id: 'identity.log-spans',
  title: 'From when on the log of accounts of one system is read',
  row: LogSpan,
  key: (row) => row.systemId,
  label: (row) => `log of ${row.systemId}`,
  freshness: hours(36),
});
