import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at } from './fields.ts';

export const KINDS = ['criterion', 'control', 'check', 'finding', 'person', 'account', 'source', 'dataset', 'record', 'kind'] as const;

export const search = {
  find: endpoint({
    permission: 'posture.read',
    bounds: 'clipped',
    answer: 'fresh',
    method: 'GET',
    path: '/search',
    tag: 'Search',
    summary: 'For the command palette: criteria, controls, checks, findings, people, accounts, sources, datasets, and records by index or digest',
    description: 'Only what who asks may read. A digest is found by its first eight digits.',
  })
    .input(z.strictObject({ q: z.string().min(1).max(200), limit: z.coerce.number().int().min(1).max(50).default(20), asOf: at.asOf }))
    .output(
      z.object({
        found: z
          .array(z.object({ kind: z.enum(KINDS), id: z.string(), title: z.string(), path: z.string().describe('Of the API') }))
          .readonly()
          .describe('What begins with the words asked comes before what holds them'),
      }),
    ),
};
