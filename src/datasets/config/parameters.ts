import { z } from 'zod';
import { NEVER } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeText, text } from '../fields.ts';

const CheckParameter = z.object({
  checkId: text('Id of the check'),
  parameter: maybeText('Name of the parameter; null in the one row of each check that stands for the check itself'),
  value: maybeText('Its value, in words: 90 days, 24 hours after the end of the last day'),
});
export type CheckParameter = z.infer<typeof CheckParameter>;

export const checkParameters = defineDataset<CheckParameter>({
  id: 'config.parameters',
  title: 'One parameter of one check of this program, with the value that was in force',
  row: CheckParameter,
  key: ({ checkId, parameter }) => (parameter === null ? checkId : `${checkId}/${parameter}`),
  label: ({ checkId, parameter }) => (parameter === null ? checkId : `${parameter} of ${checkId}`),
  freshness: NEVER,
});
