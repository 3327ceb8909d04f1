import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  Checkpoint,
  ControlStatus,
  id,
  Ids,
  Milliseconds,
  Moment,
  Next,
  over,
  page,
  period,
  record,
  Records,
  skip,
  Span,
  Stamp,
  Status,
  at,
} from './fields.ts';
import { beside, Check, Control, Item, Tolerance } from './posture.ts';

export const Waiver = z.object({ id: z.string(), because: z.string(), by: z.string(), until: Moment, records: Records });

export const Occurrence = Span.extend({
  kind: z.enum(['collection', 'duty']),
  what: z.string(),
  controls: Ids,
  state: z.enum(['missed', 'unknown', 'due', 'met']),
  due: Moment,
  at: Moment.nullable(),
  late: Moment.nullable().describe('When what was missed was done after all'),
  because: z.string().nullable(),
  records: Records,
});

const Interval = Span.extend({ status: Status, alert: Status });
const ControlInterval = Span.extend({ status: ControlStatus, alert: ControlStatus });

const CheckOver = z.object({
  id: z.string(),
  title: z.string(),
  asserts: z.string(),
  version: z.int(),
  parameters: z.record(z.string(), z.string()),
  dataset: z.string(),
  status: Status,
  alert: Status,
  intervals: z.array(Interval).readonly(),
  population: z.union([
    z.object({ kind: z.literal('states'), start: z.int(), joined: z.int(), left: z.int(), end: z.int() }),
    z.object({ kind: z.literal('events'), events: z.int(), open: z.int().describe('Happened, and nothing is said of them yet') }),
  ]),
  examined: z.int(),
  conform: z.int(),
  deviate: z.int(),
  undetermined: z.int(),
  tolerance: Tolerance.nullable(),
  deviations: z
    .array(Span.extend({ item: Item, because: z.string(), records: Records, lasted: Milliseconds.nullable(), waiver: Waiver.nullable() }))
    .readonly(),
  unknowns: z
    .array(
      Span.extend({
        because: z.string(),
        count: z.int(),
        items: z.array(Item).readonly().describe('The first of them, by name'),
        records: Records,
        lasted: Milliseconds.nullable(),
      }),
    )
    .readonly(),
  unknownTime: z.object({ total: Milliseconds, intervals: z.array(Span).readonly() }),
  gaps: z.array(Span.extend({ because: z.string() })).readonly(),
  looks: z
    .array(z.object({ dataset: z.string(), looks: z.int(), longest: Span.extend({ source: z.string(), partition: z.string() }).nullable() }))
    .readonly()
    .describe('Of each dataset it reads, the longest time between two looks'),
});

const Change = z.object({
  at: Moment,
  record: z.int(),
  what: z.enum(['parameter', 'check', 'catalogue', 'program']),
  check: z.string().nullable(),
  name: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  controls: Ids,
});

const Digested = z.object({ control: z.string(), check: z.string(), count: z.int(), digest: z.string().describe('SHA-256 of the keys, one a line') });

const ControlOver = z.object({
  id: z.string(),
  title: z.string(),
  status: ControlStatus,
  alert: ControlStatus,
  intervals: z.array(ControlInterval).readonly(),
  criteria: Ids,
  owner: z.string(),
  statement: z.string(),
  quote: z.string().describe('What an auditor can quote'),
  ...beside,
  checks: z.array(CheckOver).readonly(),
});

const Period = Stamp.extend({
  until: Moment,
  control: ControlOver,
  populations: z.array(Digested).readonly(),
  configurations: z.array(z.object({ at: Moment, record: z.int() })).readonly(),
  applied: z.literal('present').describe('Parameters and code of now, applied to the whole period'),
  changes: z.array(Change).readonly().describe('What became another in the period'),
  unrecorded: Records.describe('Configurations that do not say what was in force'),
});

const Asked = z.object({ source: z.string(), partition: z.string(), complete: z.int(), incomplete: z.int(), records: Records });

const Population = z.object({
  control: z.string(),
  check: z.string(),
  version: z.int(),
  kind: z.enum(['states', 'events']),
  dataset: z.object({ id: z.string(), title: z.string() }),
  selection: z.string().describe('The query in words'),
  sources: z.array(Asked).readonly(),
  period: Span,
  until: Moment,
  asOf: Moment,
  count: z.int(),
  digest: z.string(),
  checkpoint: Checkpoint,
});

const Member = Span.extend({ key: z.string(), label: z.string() });

const OUTCOMES = ['deviates', 'unknown', 'waived', 'conforms'] as const;
const Outcome = Member.extend({
  outcome: z.enum(OUTCOMES).describe('The worst of all that was so in the period; of an event, what is said of it now'),
  because: z.string().nullable(),
  records: Records,
});
const filter = {
  outcome: z.enum(OUTCOMES).optional(),
  text: z.string().min(1).max(200).optional().describe('Somewhere in the label or the key'),
};

const reads = { permission: 'posture.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Controls' } as const;
const check = id.optional().describe('The check; needed where the control has several');

const Sampled = z.object({
  record: z.int(),
  population: Population,
  seed: z.string(),
  size: z.int(),
  items: z.array(Member.extend({ rank: z.string() })).readonly(),
  again: z.string().describe('Draws it again in any POSIX shell'),
});

export const controls = {
  list: endpoint({ ...reads, path: '/controls', summary: 'Every control, and how it stands' })
    .input(z.strictObject(at))
    .output(Stamp.extend({ controls: z.array(Control).readonly() })),

  read: endpoint({
    ...reads,
    path: '/controls/{id}',
    summary: 'One control: its statement, its checks, what deviates and is unknown now, and what was to happen in the observation period so far',
  })
    .input(z.strictObject({ id, ...at }))
    .output(
      Stamp.extend({
        control: Control.extend({ statement: z.string(), policy: z.string().nullable().describe('The policy whose words it carries out') }),
        checks: z.array(Check).readonly(),
        occurrences: z.array(Occurrence).readonly().describe('Those that were not met'),
      }),
    ),

  period: endpoint({
    ...reads,
    path: '/controls/{id}/period',
    summary: 'One control over a period: whether it operated, from when to when, and how that is known',
  })
    .input(z.strictObject({ id, ...over }))
    .output(Period),

  population: endpoint({
    ...reads,
    path: '/controls/{id}/population',
    summary: 'Every item of a check of a control in a period, with the question it answers and its digest',
  })
    .input(z.strictObject({ id, check, ...filter, ...over, ...page, skip }))
    .output(
      Stamp.extend({
        population: Population,
        count: z.int().describe('Items that are asked for; `population.count` are all'),
        items: z.array(Outcome).readonly(),
        next: Next,
      }),
    ),

  populationFile: endpoint({
    ...reads,
    answer: 'stream',
    path: '/controls/{id}/population.csv',
    summary: 'The same as a file: key, label, from, to, outcome, because',
    gives: { types: ['text/csv'], says: 'One row an item; a cell never starts a formula' },
  }).input(z.strictObject({ id, check, ...filter, ...over })),

  drawn: endpoint({
    ...reads,
    permission: 'evidence.read',
    path: '/controls/{id}/samples/{record}',
    summary: 'A sample that was drawn, drawn again from what its record says, by what was known then',
    description: 'It names the record and neither size nor seed, so that nobody tries seeds without a record of it.',
  })
    .input(z.strictObject({ id, record }))
    .output(Sampled.extend({ same: z.boolean().describe('The population has the digest that was sealed; it has another where a check was changed since') })),

  sample: endpoint({
    permission: 'evidence.read',
    bounds: 'clipped',
    answer: 'fresh',
    method: 'POST',
    path: '/controls/{id}/samples',
    status: 201,
    tag: 'Controls',
    summary: 'Draws items of a population by a seed, so that anybody draws the same ones, and seals that they were drawn',
    description: 'Each draw is a record: nobody tries seeds until one pleases. docs/sampling.md tells how to draw it again in a shell.',
  })
    .input(
      z.strictObject({
        id,
        check,
        period: period.optional(),
        size: z.int().min(1).max(10_000),
        seed: z
          .string()
          .regex(/^[\x20-\x7e]{1,200}$/, 'expected one line of 1 to 200 printable ASCII characters')
          .describe('Chosen by the auditor, after the digest of the population is known'),
      }),
    )
    .output(Sampled),
};
