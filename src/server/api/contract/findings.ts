import { z } from 'zod';
import { SEVERITIES } from '../../../core/severity.ts';
import { KNOWN_BY } from '../../../core/vouched.ts';
import { Occurrence, Waiver } from './controls.ts';
import { Item } from './posture.ts';
import { endpoint } from './endpoint.ts';
import { Row } from './families.ts';
import { at, Bound, Checkpoint, id, Ids, Milliseconds, Moment, Next, over, page, period, Records, skip, Span } from './fields.ts';

const STATES = ['open', 'in remediation', 'waived', 'closed', 'fixed'] as const;
const Severity = z.enum(SEVERITIES);
const days = z.coerce.number().int().min(0).max(73_000);

const Deviation = Span.extend({
  check: z.string(),
  control: z.string(),
  verdict: z.enum(['deviates', 'unknown']),
  item: Item,
  because: z.string(),
  records: Records,
  waiver: Waiver.nullable(),
});

const Note = Span.extend({
  id: z.string(),
  kind: z.string(),
  owner: z.string().nullable(),
  by: z.string(),
  written: Moment,
  reason: z.string(),
  problem: z.string().nullable().describe('Why it does not count'),
  place: z.string(),
  records: Records,
});

const Finding = z.object({
  id: z.string().describe('Follows from the check and the item: the same for ever'),
  state: z.enum(STATES),
  overdue: z.boolean(),
  severity: Severity,
  check: z.string(),
  title: z.string(),
  controls: Ids,
  item: Item,
  owner: z.string(),
  assigned: z.boolean(),
  ownerId: z.string().nullable().describe('Worker id of whom it is assigned to'),
  opened: Bound,
  due: Moment,
  awaitsProof: z.boolean().describe('Whoever works on it says that it is fixed, and evidence has not shown it yet'),
  fixedAt: Moment.nullable(),
  timeToFixMs: Milliseconds.nullable(),
  reopened: z.int(),
  unknown: z.boolean().describe('The evidence that would tell is missing now'),
  waiver: Waiver.nullable(),
});

const Did = z.object({
  at: Moment,
  by: z.string().nullable(),
  knownBy: z.enum([...KNOWN_BY, 'commit']),
  passkey: z.boolean().describe('Their passkey signed it'),
  did: z.enum(['assign', 'note', 'remediate', 'done', 'close', 'ask', 'change', 'approve', 'refuse', 'revoke', 'withdraw']),
  entry: z.string().describe('Kind and id: waivers/L-3'),
  says: z.string(),
  to: z.string().nullable().describe('Whom it was assigned to'),
  until: z.string().nullable().describe('The last day of a waiver, as it is written'),
  record: z.int().nullable(),
});

const Whole = Finding.extend({
  spells: z
    .array(
      Span.extend({
        due: Moment,
        because: z.string(),
        records: Records,
        end: z.object({ how: z.string(), records: Records }).nullable(),
      }),
    )
    .readonly(),
  entries: z.array(Note).readonly().describe('What the register says of it'),
  history: z.array(Did).readonly().describe('What people did about it, the oldest first'),
  event: z.boolean().describe('It happened and cannot be undone: a word closes it, approved by another'),
});

const TimeToFix = z.object({
  severity: Severity,
  fixed: z.int(),
  meanMs: Milliseconds.nullable(),
  longestMs: Milliseconds.nullable(),
  unfixed: z.int(),
  overdue: z.int(),
});

const WaiverLine = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['in force', 'not approved', 'refused', 'ambiguous', 'matches nothing', 'expired', 'withdrawn']),
  says: z.string(),
  check: z.string(),
  item: z.string(),
  reason: z.string(),
  owner: z.string().nullable(),
  by: z.string(),
  until: Moment.nullable(),
  place: z.string(),
  records: Records,
  finding: z.string().nullable().describe('Id of the finding that it is about'),
  askedBy: z.string().nullable(),
  askedAt: Moment.nullable(),
  statement: z.int().nullable().describe('Its newest record, where it is a statement'),
});

const reads = { permission: 'findings.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Findings' } as const;

export const findings = {
  deviations: endpoint({
    ...reads,
    path: '/deviations',
    summary: 'Every item that deviates or is unknown, since when, why, and on which records that rests',
    description: 'At an instant, or at any time in a period.',
  })
    .input(
      z.strictObject({
        check: id.optional(),
        control: id.optional(),
        verdict: z.enum(['deviates', 'unknown']).optional(),
        ...over,
        period: period.optional().describe('At any time in it; without it, at `asOf`'),
        ...page,
      }),
    )
    .output(z.object({ asOf: Moment, checkpoint: Checkpoint, deviations: z.array(Deviation).readonly(), next: Next })),

  list: endpoint({ ...reads, path: '/findings', summary: 'Deviations as cases: whose they are, by when they are to be fixed, how they stand' })
    .input(
      z.strictObject({
        state: z.enum([...STATES, 'overdue']).optional(),
        control: id.optional(),
        ageFrom: days.optional().describe('Days: what nobody has undone and began the last time at least so long ago'),
        ageTo: days.optional().describe('Days: the same, less long ago than this'),
        ...at,
        period: period.optional().describe('Those that deviated at any time in it, as they stood at its end'),
        ...page,
        skip,
      }),
    )
    .output(
      z.object({
        asOf: Moment,
        count: z.int(),
        findings: z.array(Finding).readonly().describe('What is fixed or closed comes last; then by severity and due date'),
        timesToFix: z.array(TimeToFix).readonly(),
        problems: z.array(z.string()).readonly().describe('What is wrong with entries of the register'),
        next: Next,
      }),
    ),

  read: endpoint({ ...reads, path: '/findings/{id}', summary: 'One case: every time it deviated, and what the register says of it' })
    .input(z.strictObject({ id, ...at }))
    .output(z.object({ asOf: Moment, finding: Whole })),

  item: endpoint({
    ...reads,
    permission: 'evidence.read',
    path: '/checks/{check}/item',
    summary: 'Why one item stands as it stands: what was claimed of it from when to when, its own rows, and those it was examined with',
    description: 'Source, partition and key as a finding names them.',
  })
    .input(
      z.strictObject({
        check: id,
        source: z.string().min(1).max(300),
        partition: z.string().min(1).max(300),
        key: z.string().min(1).max(1000),
        ...at,
      }),
    )
    .output(
      z.object({
        asOf: Moment,
        check: z.string(),
        dataset: z.string(),
        label: z.string(),
        steps: z.array(Span.extend({ kind: z.enum(['conforms', 'deviates', 'unknown']), because: z.string().nullable(), records: Records })).readonly(),
        rows: z.array(Row).readonly(),
        joined: z
          .array(
            z.object({ name: z.string(), dataset: z.string(), rows: z.array(Row).readonly().nullable().describe('null: it is examined with all there are') }),
          )
          .readonly(),
      }),
    ),

  waivers: endpoint({ ...reads, path: '/waivers', summary: 'Every waiver of the register: which count, which do not, and why' })
    .input(z.strictObject({ ...at }))
    .output(z.object({ waivers: z.array(WaiverLine).readonly() })),

  occurrences: endpoint({
    ...reads,
    path: '/occurrences',
    summary: 'What had to happen in a period, by schedule and by calendar: done, missed, not known, or still due',
  })
    .input(
      z.strictObject({
        period,
        control: id.optional(),
        state: z.enum(['missed', 'unknown', 'due', 'met']).optional(),
        ...at,
        ...page,
      }),
    )
    .output(
      z.object({
        series: z
          .array(
            z.object({
              kind: z.enum(['collection', 'duty']),
              what: z.string(),
              controls: Ids,
              expected: z.int(),
              met: z.int(),
              missed: z.int(),
              unknown: z.int(),
              due: z.int(),
            }),
          )
          .readonly(),
        occurrences: z.array(Occurrence).readonly(),
        next: Next,
      }),
    ),
};
