import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Moment, Next, page, period } from './fields.ts';

const KINDS = ['act', 'attestation', 'hold', 'disposal', 'key', 'draw', 'configuration'] as const;

const Line = z.object({
  record: z.int().describe('The record that says so'),
  sealedAt: Moment,
  kind: z.enum(KINDS),
  act: z.string().describe('sign-in, role-change; of other records what they are: hold placed'),
  by: z.string().nullable().describe('An address, `token NAME`, or tickmark; null where the record does not say, or was disposed of'),
  target: z.string().nullable(),
  from: z.string().nullable().describe('The network that it was done from, where the act says so'),
  says: z.record(z.string(), z.unknown()).nullable().describe('What else it says: before and after'),
  title: z.string(),
});

const asked = {
  kind: z.enum(KINDS).optional(),
  by: z.string().min(1).max(254).optional().describe('Somewhere in who did it, whatever the case'),
  act: z.string().min(1).max(60).optional().describe('What the name of the act begins with'),
  text: z.string().min(1).max(200).optional().describe('Somewhere in who, what and to what, whatever the case'),
  period: period.optional().describe('Sealed in it'),
};
const reads = { permission: 'trail.read', bounds: 'clipped', method: 'GET', tag: 'Audit trail' } as const;

export const trail = {
  list: endpoint({
    ...reads,
    answer: 'fresh',
    path: '/trail',
    summary: 'Who did what, when, from where, and the record that says so, the newest first',
    description:
      'All that people, tokens and Tickmark did; what sources answered is in /records. With a filter a page may hold fewer than asked though there are more.',
  })
    .input(z.strictObject({ ...asked, ...page }))
    .output(z.object({ lines: z.array(Line).readonly(), next: Next })),

  csv: endpoint({
    ...reads,
    answer: 'stream',
    path: '/trail.csv',
    summary: 'The same as CSV, all of it',
    gives: { types: ['text/csv'], says: 'RFC 4180: record, sealed, by, act, target, from, says' },
  }).input(z.strictObject(asked)),
};
