import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Exception = z.object({
  exceptionId: text('Id of the exception'),
  title: text('What is allowed'),
  policyId: maybeText('Policy that it departs from'),
  controlId: maybeText('Control that it departs from'),
  subjectId: text('What is excused: account, resource, repository, system, by id'),
  reason: text('Why'),
  requesterId: maybeText('Worker id of who asked for it'),
  ownerId: maybeText('Worker id of who answers for it'),
  until: maybeAt('When it ends'),
  compensating: maybeText('What reduces the risk meanwhile'),
  ...stated,
});
export type Exception = z.infer<typeof Exception>;

export const exceptions = defineDataset<Exception>({
  id: 'policy.exceptions',
  title: 'A departure from a policy or a control that was allowed for a time',
  row: Exception,
  key: ({ exceptionId }) => exceptionId,
  label: ({ title }) => title,
  freshness: days(11),
});
