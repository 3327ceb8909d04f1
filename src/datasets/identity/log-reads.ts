import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, systemId } from '../fields.ts';

export const LogRead = z.object({
  systemId,
  until: at('Up to when its log was read, by the newest run that was whole'),
});
export type LogRead = z.infer<typeof LogRead>;

export const logReads = defineDataset<LogRead>({
  id: 'identity.log-reads',
  title: 'Up to when the log of accounts of one system is read',
  row: LogRead,
  key: (row) => row.systemId,
  label: (row) => `log of ${row.systemId}`,
  freshness: hours(36),
});
