import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, text } from '../fields.ts';

export const Departure = z.object({
  workerId: text('Worker id of who leaves'),
  fullName: text('Display name'),
  startAt: at('When the engagement began that ends'),
  effectiveAt: at('When it ends: the end of the last day in the time zone of the worker'),
  toldAt: at('The first answer of HR that told of it'),
  untoldAt: maybeAt('The last complete answer before that, which did not'),
});
export type Departure = z.infer<typeof Departure>;

export const departures = defineDataset<Departure>({
  id: 'hr.departures',
  title: 'One departure, with between which two answers HR recorded it',
  row: Departure,
  key: ({ workerId, startAt, effectiveAt }) => `${workerId}@${startAt}/${effectiveAt}`,
  label: ({ fullName, workerId }) => `departure of ${fullName} (${workerId})`,
  freshness: hours(36),
  happened: ({ effectiveAt }) => effectiveAt,
});
