import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Ids, Moment, Next, page, period } from './fields.ts';
import { Slot } from './jobs.ts';

const word = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and hyphens');
/** A collector's id has two words. */
const source = {
  vendor: word.describe('Of the collector github/organization: github'),
  kind: word.describe('organization'),
  name: word.describe('Of the source, as the configuration names it'),
};

const Rights = z.object({
  policy: z
    .object({ Version: z.string(), Statement: z.array(z.unknown()).readonly() })
    .nullable()
    .describe('Of AWS: the IAM policy document'),
  rights: z.array(z.object({ right: z.string(), why: z.string() })).readonly(),
  cannotTell: z.array(z.string()).readonly().describe('What the source does not say, however it is asked'),
});

const Source = Rights.extend({
  collector: z.string(),
  name: z.string(),
  title: z.string(),
  every: z.string(),
  retention: z.string(),
  feeds: Ids.describe('Datasets'),
  retired: z.string().nullable(),
  partitions: z
    .array(
      z.object({
        partition: z.string(),
        last: z.object({ at: Moment, complete: z.boolean(), reason: z.string().nullable(), record: z.int() }).nullable(),
        nextAt: Moment.nullable().describe('The slot of its schedule that comes next, as in /api/jobs; one that has passed is due'),
      }),
    )
    .readonly(),
});

const Run = z.object({
  record: z.int(),
  partition: z.string(),
  outcome: z.enum(['success', 'failure', 'skip']),
  reason: z.string().nullable(),
  slot: Moment,
  startedAt: Moment,
  finishedAt: Moment,
  endpoint: z.string().nullable().describe('The address that stood in for the vendor’s own, where one did'),
  askedAs: z.string().nullable(),
  answeredBy: z.string().nullable(),
  granted: z.array(z.string()).readonly().nullable(),
  questions: z
    .array(
      z.object({
        name: z.string(),
        request: z.string(),
        pages: z.int(),
        ended: z.boolean().describe('Paging came to its end'),
        received: z.int().nullable(),
        total: z.int().nullable().describe('By the source’s own word'),
      }),
    )
    .readonly(),
});

const reads = { permission: 'sources.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Sources' } as const;

export const sources = {
  list: endpoint({
    ...reads,
    answer: 'fresh',
    path: '/sources',
    summary: 'Every source: what it tells of, its last runs, when it is asked next, and the least that its credential needs',
  })
    .input(z.strictObject({}))
    .output(z.object({ sources: z.array(Source).readonly() })),

  runs: endpoint({ ...reads, path: '/sources/{vendor}/{kind}/{name}/runs', summary: 'The runs of one source, the newest first: whether all of it came' })
    .input(
      z.strictObject({ ...source, period: period.optional().describe('Begun in it; all unless said'), ...page, limit: page.limit.describe('100 unless said') }),
    )
    .output(z.object({ runs: z.array(Run).readonly(), next: Next })),

  permissions: endpoint({
    ...reads,
    answer: 'fresh',
    bounds: 'free',
    path: '/collectors/{vendor}/{kind}/permissions',
    summary: 'The least privilege that the credential of a collector needs',
  })
    .input(z.strictObject({ vendor: source.vendor, kind: source.kind }))
    .output(Rights.extend({ credentials: z.record(z.string(), z.string()) })),

  collect: endpoint({
    permission: 'collect.run',
    bounds: 'refused',
    answer: 'fresh',
    method: 'POST',
    path: '/collect',
    status: 202,
    tag: 'Sources',
    summary: 'Asks one source, or all of them, now',
    description:
      'Where a worker lives it is a job for each partition, and one that waits or runs already is that job; else the server does it itself, and refuses another meanwhile. /api/events tells how it goes on: `job`, `run` and `collection`.',
  })
    .input(
      z.strictObject({
        source: z
          .string()
          .max(300)
          .regex(/^[a-z0-9-]+\/[a-z0-9-]+(\/[a-z0-9-]+)?$/, 'expected a source, like github/organization/acme')
          .optional()
          .describe('All unless said'),
      }),
    )
    .output(
      z.object({
        begun: z.boolean(),
        asked: Ids.describe('Sources'),
        jobs: z.array(Slot).readonly().describe('What workers will do, or do already; none where the server asks by itself'),
      }),
    ),
};
