import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const JobChange = z.object({
  changeId: text('Id of the move'),
  workerId: text('Worker id of who moved'),
  effectiveAt: at('When the new work begins'),
  fromDepartment: text('Department before'),
  toDepartment: text('Department after'),
  fromTitle: maybeText('Title before'),
  toTitle: maybeText('Title after'),
  recordedAt: at('When it was recorded'),
  ...stated,
});
export type JobChange = z.infer<typeof JobChange>;

export const jobChanges = defineDataset<JobChange>({
  id: 'hr.job-changes',
  title: 'One move of one worker to another department or title',
  row: JobChange,
  key: ({ changeId }) => changeId,
  label: ({ workerId, toDepartment }) => `${workerId} to ${toDepartment}`,
  freshness: days(11),
  happened: ({ effectiveAt }) => effectiveAt,
});
