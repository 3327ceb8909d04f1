import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, instant, Moment, Next, page, period, Records, several, skip, Span } from './fields.ts';

const dataset = z
  .string()
  .max(100)
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'expected a dataset, like identity.users');

const Field = z.object({ name: z.string(), meaning: z.string(), isInstant: z.boolean() });
const about = {
  id: z.string(),
  title: z.string(),
  kind: z.enum(['states', 'events']),
  derived: z.boolean(),
  fields: z.array(Field).readonly(),
  covered: z.boolean().describe('Whether evidence is complete and fresh at the instant; where it is not, what is missing is unknown, never empty'),
  gaps: z.array(z.string()).readonly(),
};

const Value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);
export const Row = Span.extend({
  source: z.string(),
  partition: z.string(),
  key: z.string(),
  label: z.string(),
  row: z.record(z.string(), Value).describe('By field; instants in ISO 8601'),
  records: Records,
});

const field = z
  .string()
  .max(60)
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'expected a field');

const asked = {
  dataset,
  where: several(
    z
      .string()
      .max(300)
      .regex(/^[A-Za-z][A-Za-z0-9]*[:!~<>]/, 'expected FIELD:VALUE, like status:active'),
    20,
  )
    .optional()
    .describe(
      'FIELD:VALUE is, FIELD!VALUE is not, FIELD~VALUE has in it, FIELD<VALUE is before or less, FIELD>VALUE is not before or less; said again for each. An instant in ISO 8601 or a date, nothing as FIELD:',
    ),
  text: z.string().min(1).max(200).optional().describe('Somewhere in the label or a text'),
  sort: z
    .string()
    .max(60)
    .regex(/^-?[A-Za-z][A-Za-z0-9]*$/, 'expected a field, with - before it from the largest down')
    .optional()
    .describe('A field; the label unless said'),
  period: period
    .optional()
    .describe('Rows that held, or events that happened, at any time in it; without it states at `asOf`, events of the observation period up to it'),
  ...at,
};

const reads = { permission: 'evidence.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Datasets' } as const;

export const families = {
  datasets: endpoint({ ...reads, path: '/datasets', summary: 'Every table of facts, its fields, and whether all of its sources speak' })
    .input(z.strictObject({ asOf: instant.optional() }))
    .output(z.object({ datasets: z.array(z.object(about)).readonly() })),

  rows: endpoint({ ...reads, path: '/datasets/{dataset}/rows', summary: 'The rows of one table, filtered and sorted by the server' })
    .input(z.strictObject({ ...asked, ...page, skip }))
    .output(z.object({ ...about, asOf: Moment, period: Span.nullable(), count: z.int(), rows: z.array(Row).readonly(), next: Next })),

  values: endpoint({
    ...reads,
    path: '/datasets/{dataset}/values',
    summary: 'The values that a field has in the rows that are asked for, and how many have each',
  })
    .input(z.strictObject({ ...asked, field, limit: z.coerce.number().int().min(1).max(500).default(50) }))
    .output(
      z.object({
        of: z.int().describe('How many different ones there are'),
        values: z.array(z.object({ value: z.string().describe('As `where` takes it'), count: z.int() })).readonly(),
      }),
    ),

  file: endpoint({
    ...reads,
    answer: 'stream',
    path: '/datasets/{dataset}/rows.csv',
    summary: 'The same as a file, all rows',
    gives: { types: ['text/csv'], says: 'One line a row; a cell never starts a formula' },
  }).input(z.strictObject(asked)),
};
