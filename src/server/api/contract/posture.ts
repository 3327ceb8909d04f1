import { z } from 'zod';
import { SEVERITIES } from '../../../core/severity.ts';
import { endpoint } from './endpoint.ts';
import { at, Bound, ControlStatus, id, Ids, Moment, over, Records, Span, Stamp, Status } from './fields.ts';

export const Exclusion = z.object({ id: z.string(), because: z.string(), by: z.string(), since: Moment, records: Records });

export const Tolerance = z
  .object({ share: z.number(), deviating: z.int(), conform: z.int(), of: z.int(), within: z.boolean() })
  .describe('The share of items that may deviate before the status fails; the rate of conformity is `conform` of `of`');

/** What bears on a control besides its checks. */
export const beside = {
  excluded: Exclusion.nullable(),
  notExcluded: z.string().nullable().describe('Why it is not left out though the company meant to'),
  duties: z
    .array(Span.extend({ what: z.string(), status: z.enum(['fail', 'unknown']), because: z.string() }))
    .readonly()
    .describe('What recurs and was not done in time'),
  unfed: Ids.describe('Datasets of its checks that no source was ever expected to tell of'),
  unexamined: Ids.describe('What an auditor may ask of it that no check examines'),
};

const Criterion = z.object({
  id: z.string(),
  category: z.string(),
  series: z.string(),
  seriesTitle: z.string(),
  title: z.string(),
  status: Status.nullable().describe('null: its category is not in scope'),
  controls: Ids,
  gap: z.string().nullable().describe('Why no control answers it, where none does'),
});

export const Check = z.object({
  id: z.string(),
  title: z.string(),
  asserts: z.string(),
  version: z.int(),
  parameters: z.record(z.string(), z.string()),
  dataset: z.string(),
  status: Status,
  alert: Status.describe('Without waived deviations, as alerts and exit codes take it'),
  examined: z.int(),
  deviations: z.int(),
  unknowns: z.int(),
  tolerance: Tolerance.nullable(),
  gap: z.string().nullable().describe('Why the population is not known, where it is not'),
  records: Records,
});

export const Control = z.object({
  id: z.string(),
  title: z.string(),
  criteria: Ids,
  owner: z.string(),
  severity: z.enum(SEVERITIES),
  status: ControlStatus,
  alert: ControlStatus,
  checks: Ids,
  ...beside,
});

export const Item = z.object({
  dataset: z.string(),
  source: z.string().describe('Collector and name of the source: github/organization/acme'),
  partition: z.string(),
  key: z.string(),
  label: z.string(),
});

const Posture = Stamp.extend({
  nextChange: Bound.describe('The next instant at which a claim may change without new evidence; null where none lies ahead, or not now was asked'),
  criteria: z.array(Criterion).readonly(),
  controls: z.array(Control).readonly(),
  checks: z.array(Check).readonly(),
});

const Interval = Span.extend({ status: ControlStatus, alert: ControlStatus });
const Strip = z.object({ id: z.string(), title: z.string(), status: ControlStatus, alert: ControlStatus, intervals: z.array(Interval).readonly() });
const Strips = Stamp.extend({
  until: Moment.describe('Up to there something is said: the end of the period, or just after `asOf` while it lasts'),
  criteria: z.array(Strip).readonly(),
  controls: z.array(Strip.extend({ checks: Ids })).readonly(),
  checks: z.array(Strip).readonly(),
});

const reads = { permission: 'posture.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Posture' } as const;

export const posture = {
  read: endpoint({ ...reads, path: '/posture', summary: 'How every criterion, control and check stands at an instant' })
    .input(z.strictObject(at))
    .output(Posture),

  strips: endpoint({
    ...reads,
    path: '/strips',
    summary: 'How every criterion, control and check stood over a period, at every instant of it',
    description: 'Intervals in order, without a gap, no two neighbours alike. Empty before the period has begun.',
  })
    .input(z.strictObject(over))
    .output(Strips),

  ahead: endpoint({
    ...reads,
    permission: 'findings.read',
    path: '/ahead',
    summary: 'What conforms at an instant and will deviate if nobody acts, the soonest first',
    description: 'By the passage of time alone: a key turns too old, a training falls due. At most a thousand.',
  })
    .input(z.strictObject({ asOf: at.asOf, days: z.coerce.number().int().min(1).max(366).default(90).describe('How far ahead; 90 unless said') }))
    .output(Stamp.extend({ ahead: z.array(z.object({ at: Moment, check: z.string(), controls: Ids, item: Item, because: z.string() })).readonly() })),

  criterion: endpoint({ ...reads, path: '/criteria/{id}', summary: 'One criterion, and the controls that answer it' })
    .input(z.strictObject({ id, ...at }))
    .output(Stamp.extend({ criterion: Criterion.extend({ summary: z.string() }), controls: z.array(Control).readonly() })),

  check: endpoint({ ...reads, path: '/checks/{id}', summary: 'One check as it stands at an instant, and the code that it is' })
    .input(z.strictObject({ id, ...at }))
    .output(Stamp.extend({ check: Check, controls: Ids, digest: z.string().nullable().describe('SHA-256 over its code and all that it imports') })),
};
