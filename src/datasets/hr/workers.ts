import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, text } from '../fields.ts';

export const Worker = z.object({
  workerId: text('Stable id of the person in the HR system; never an address'),
  fullName: text('Display name'),
  employmentType: z.enum(['employee', 'contractor', 'intern', 'agency', 'unknown']).describe('Contractors are present too, or leavers are under-counted'),
  emails: list('Work address and its aliases, lower case'),
  title: maybeText('Job title'),
  department: maybeText('Department'),
  managerId: maybeText('Worker id of the line manager'),
  startAt: at('First working moment: the start of the first day in the time zone of the worker'),
  terminationAt: maybeAt('When the engagement ends: the end of the last day in the time zone of the worker'),
  timezone: text('IANA time zone of the worker'),
});
export type Worker = z.infer<typeof Worker>;

export const workers = defineDataset<Worker>({
  id: 'hr.workers',
  title: 'One engagement of one person by the company, from the system of record for employment',
  row: Worker,
  key: ({ workerId, startAt }) => `${workerId}@${startAt}`,
  label: ({ fullName, workerId }) => `${fullName} (${workerId})`,
  freshness: hours(36),
});
