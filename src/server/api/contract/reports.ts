import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, period, several } from './fields.ts';

const FORMATS = ['html', 'md', 'csv'] as const;
const format = z.enum(FORMATS).default('html').describe('html opens in a browser and prints; md and csv are files');
const control = several(id, 500).optional().describe('Of this control only; may be said again');
const file = { bounds: 'clipped', answer: 'stream', method: 'GET', tag: 'Reports' } as const;

export const reports = {
  accessReview: endpoint({
    ...file,
    permission: 'reports.read',
    path: '/reports/access-review',
    summary: 'Every account of every system by person: access, last use, second factor, flags, and the records it rests on',
    gives: { types: ['text/html', 'text/markdown', 'text/csv'], says: 'The report; text/markdown or text/csv where that is asked' },
  }).input(
    z.strictObject({
      month: z
        .string()
        .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, 'expected a month, like 2026-10')
        .optional()
        .describe('As it stood at its end; the current one unless said'),
      format,
    }),
  ),

  evidence: endpoint({
    ...file,
    permission: 'reports.read',
    path: '/reports/evidence',
    summary: 'Each control over a period: what was examined, what deviates, what is not known, and the records it rests on',
    gives: { types: ['text/html', 'text/markdown', 'text/csv'], says: 'The report; text/markdown or text/csv where that is asked' },
  }).input(z.strictObject({ period, control, format })),

  bundle: endpoint({
    ...file,
    permission: 'bundle.export',
    path: '/bundle',
    summary: 'The evidence of a period in one file that a stranger can verify',
    description: 'Records with their proofs, payloads and keys, the whole log without payloads, and the results. That it was taken is a record. One at a time.',
    gives: { types: ['application/x-tar'], says: 'The bundle; "tickmark bundle verify" needs nothing else' },
  }).input(
    z.strictObject({
      period,
      control,
      sealed: z.enum(['true', 'false']).default('false').describe('true: without the keys of the payloads'),
    }),
  ),
};
