import { z } from 'zod';
import { SEVERITIES } from '../../../core/severity.ts';
import { endpoint } from './endpoint.ts';
import { at, id, Ids, instant, Milliseconds, Moment, over, Records, several } from './fields.ts';
import { Item } from './posture.ts';

const count = z.int();
const Charted = z.object({
  asOf: Moment,
  period: z.object({ from: Moment, to: Moment }),
  until: Moment.describe('Up to there something is said'),
  timezone: z.string(),
});
const told = {
  covered: z.boolean().describe('Whether all that it rests on was told; where not, figures may be too low'),
  gaps: z.array(z.string()).readonly(),
};

/** Counts by kind, from one change up to the next. */
const steps = <Kind extends string>(kinds: readonly [Kind, ...Kind[]]) => {
  const counts = z.object(Object.fromEntries(kinds.map((kind) => [kind, count])) as Record<Kind, typeof count>);
  return z
    .array(
      z.object({
        from: Moment,
        to: Moment,
        counts: counts.describe('Of a step that stands for several: as it was at the worst instant of them'),
        most: counts.describe('The most of each at any time in it'),
        hides: count.describe('How many changes within it are not told one by one; 0 of a step that is one'),
      }),
    )
    .readonly();
};
const statusSteps = steps(['fail', 'unknown', 'waived', 'pass', 'empty', 'excluded']);

const bySeverity = z.object(Object.fromEntries(SEVERITIES.map((severity) => [severity, count])) as Record<(typeof SEVERITIES)[number], typeof count>);
const bucket = { from: Milliseconds, to: Milliseconds.nullable().describe('null: of any age beyond'), bySeverity };
const Outcomes = { deviates: count, unknown: count, waived: count, conforms: count };
const Times = z.object({
  count,
  mean: Milliseconds.nullable(),
  longest: Milliseconds.nullable(),
  open: count.describe('No time is known of these'),
  unknown: count.describe('The source does not tell'),
});

const controls = several(id).optional().describe('Those alone; all unless said');
const atMost = z.coerce
  .number()
  .int()
  .min(10)
  .max(2000)
  .default(400)
  .describe('How many steps at most; 400 unless said. What was so for a moment stays in `most`');
const reads = { permission: 'posture.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Charts' } as const;

export const charts = {
  statuses: endpoint({
    ...reads,
    path: '/charts/statuses',
    summary: 'How many criteria and controls stood how, at every instant of a period',
    description: 'Steps in order, without a gap, that begin where a count changes.',
  })
    .input(z.strictObject({ ...over, atMost }))
    .output(Charted.extend({ criteria: statusSteps, controls: statusSteps })),

  deviations: endpoint({
    ...reads,
    path: '/charts/deviations',
    summary: 'How many items deviated or were unknown, at every instant of a period',
    description: 'States while they do so, events of the period from when that was so. An item that two checks examine counts twice.',
  })
    .input(z.strictObject({ ...over, control: controls, atMost }))
    .output(Charted.extend({ steps: steps(['deviates', 'unknown', 'gaps', 'waived']) })),

  ages: endpoint({
    ...reads,
    permission: 'findings.read',
    path: '/charts/ages',
    summary: 'How old deviations are that nobody has undone, and how long it took to undo others, by severity',
  })
    .input(z.strictObject({ control: controls, ...at }))
    .output(
      z.object({
        asOf: Moment,
        open: z
          .array(
            z.object({
              ...bucket,
              waived: count,
              unknown: count.describe('Of all of them: evidence is missing now'),
              overdue: count.describe('Of those that are not waived'),
            }),
          )
          .readonly(),
        fixed: z.array(z.object(bucket)).readonly(),
      }),
    ),

  outcomes: endpoint({ ...reads, path: '/charts/outcomes', summary: 'How the items of some checks stand: states at an instant, events of a period up to it' })
    .input(z.strictObject({ check: several(id), ...over }))
    .output(
      Charted.extend({
        checks: z.array(z.object({ check: z.string(), title: z.string(), dataset: z.string(), ...Outcomes, covered: z.boolean() })).readonly(),
      }),
    ),

  merges: endpoint({
    ...reads,
    path: '/charts/merges',
    summary: 'How changes reached default branches, week by week: reviewed, unapproved, past review, unknown',
  })
    .input(z.strictObject(over))
    .output(
      Charted.extend({
        weeks: z.array(z.object({ from: Moment, to: Moment, reviewed: count, unapproved: count, bypassed: count, unknown: count })).readonly(),
      }),
    ),

  access: endpoint({
    ...reads,
    permission: 'people.read',
    path: '/charts/access',
    summary: 'The accounts of each system that can be used: with administrative rights, without a second factor, nobody’s',
  })
    .input(z.strictObject(at))
    .output(
      z.object({
        asOf: Moment,
        ...told,
        systems: z
          .array(
            z.object({
              system: z.string(),
              active: count,
              privileged: count,
              privilegedUnknown: count,
              mfaExamined: count.describe('By the check mfa-enrolled; none of a system that is out of scope'),
              withoutMfa: count.describe('By the check mfa-enrolled'),
              mfaUnknown: count,
              orphaned: count,
            }),
          )
          .readonly(),
      }),
    ),

  removals: endpoint({
    ...reads,
    permission: 'people.read',
    path: '/charts/removals',
    summary: 'Everybody who left in a period, and how long an account of theirs could be used after that',
  })
    .input(z.strictObject(over))
    .output(
      Charted.extend({
        ...told,
        deadline: Milliseconds.nullable().describe('After leaving, by the control'),
        leavers: z
          .array(
            z.object({
              workerId: z.string(),
              name: z.string(),
              leftAt: Moment,
              state: z.enum(['removed', 'still', 'unknown', 'none']).describe('still: an account can be used; none: no account was theirs'),
              took: Milliseconds.nullable().describe('Up to when the last account was first seen gone; while one can be used, up to the instant'),
              account: z.string().nullable().describe('The one that lasted longest'),
              records: Records,
            }),
          )
          .readonly(),
      }),
    ),

  responses: endpoint({
    ...reads,
    permission: 'alerts.read',
    bounds: 'refused',
    path: '/charts/responses',
    summary: 'Mean times to acknowledge and to resolve, by the month in which alerts were raised, of Tickmark’s own and of every source that tells of some',
  })
    .input(z.strictObject({ system: several(z.string().min(1).max(100)).optional(), ...over }))
    .output(
      Charted.extend({
        systems: Ids.describe('All that tell of alerts'),
        months: z.array(z.object({ month: z.string(), from: Moment, to: Moment, raised: count, acknowledge: Times, resolve: Times })).readonly(),
      }),
    ),

  changes: endpoint({
    ...reads,
    permission: 'findings.read',
    path: '/charts/changes',
    summary: 'What became otherwise after an instant, each as a sentence with its records, the newest first',
  })
    .input(z.strictObject({ since: instant, control: controls, limit: z.coerce.number().int().min(1).max(500).default(100), ...at }))
    .output(
      z.object({
        asOf: Moment,
        since: Moment,
        count: count.describe('All of them, however many are told'),
        changes: z
          .array(
            z.object({
              at: Moment,
              what: z.enum(['deviates', 'unknown', 'ends', 'known']),
              checks: Ids.describe('Those that say so in the same words'),
              controls: Ids,
              item: Item,
              count: count.describe('Items of which the same is said'),
              says: z.string(),
              records: Records,
            }),
          )
          .readonly(),
      }),
    ),
};
