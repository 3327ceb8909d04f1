import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, Moment, record, Records } from './fields.ts';

const era = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*\/\d{4}-Q[1-4]$/, 'expected an era: a retention class and a quarter, like evidence/2026-Q4');
const reason = z.string().min(3).max(2000).describe('Kept in confidence, with the record');

const What = z.union([z.object({ era: z.string() }), z.object({ source: z.string() }), z.object({ records: Records })]);
const Era = z.object({
  era: z.string().describe('Class and quarter: evidence/2026-Q4'),
  records: z.int(),
  payloads: z.int(),
  disposed: z.int().describe('So many of the payloads were disposed of'),
  bytes: z.int().describe('Of ciphertext that is left'),
  due: Moment.nullable().describe('When it may be disposed of; null where the configuration does not name its class'),
  holds: Records.describe('That keep some of it'),
});
const Hold = z.object({
  record: z.int().describe('That placed it'),
  at: Moment,
  what: What,
  says: z.string().describe('What it keeps, in words'),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
const Plan = z.object({
  parts: z
    .array(
      z.object({
        era: z.string(),
        payloads: z.union([z.literal('all'), z.array(z.string()).readonly()]),
        count: z.int(),
        bytes: z.int(),
        due: Moment.nullable(),
        early: z.boolean(),
      }),
    )
    .readonly(),
  also: Records.describe('Other records that hold some of the same bytes, and would lose them'),
  refusals: z.array(z.string()).readonly().describe('Why it may not be done; empty where it may'),
});

const tag = 'Retention and holds';
const reads = { permission: 'settings.read', bounds: 'refused', answer: 'fresh', method: 'GET', tag } as const;
const acts = { permission: 'settings.write', bounds: 'refused', answer: 'fresh', method: 'POST', tag } as const;
const CONFIRMED = 'A session that has not confirmed a moment ago who holds it is refused as `not-confirmed`.';

export const keeping = {
  retention: endpoint({ ...reads, path: '/retention', summary: 'How long each class of evidence is kept, what is due to be disposed of, and what holds it' })
    .input(z.strictObject({}))
    .output(
      z.object({
        asOf: Moment,
        classes: z.array(z.object({ name: z.string(), kept: z.string().describe('7 years') })).readonly(),
        eras: z.array(Era).readonly(),
        holds: z.array(Hold).readonly(),
        waiting: z.array(z.string()).readonly().describe('Disposals that could not be finished, and why'),
      }),
    ),

  plan: endpoint({
    ...reads,
    path: '/retention/plan',
    summary: 'What the disposal of an era would destroy, and what stands against it. Nothing is done',
    description: 'Disposing itself is done at the command line of the server (`tickmark dispose`): what cannot be undone is not a button.',
  })
    .input(z.strictObject({ era }))
    .output(Plan),

  place: endpoint({
    ...acts,
    path: '/holds',
    status: 201,
    summary: 'Places a hold: what it names may not be disposed of until it is released',
    description: CONFIRMED,
  })
    .input(
      z.strictObject({
        what: z.union([
          z.strictObject({ era }),
          z.strictObject({ source: id.describe('collector/name, like github/organization/main') }),
          z.strictObject({ records: z.array(record).min(1).max(500) }),
        ]),
        reason,
      }),
    )
    .output(z.object({ record: z.int() })),

  release: endpoint({ ...acts, path: '/holds/{record}/release', summary: 'Releases the hold that a record placed', description: CONFIRMED })
    .input(z.strictObject({ record, reason }))
    .output(z.object({ record: z.int() })),
};
