import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Ids } from './fields.ts';

const Feed = z.object({ dataset: z.string(), sources: Ids.nullable(), collectors: Ids });

const Check = z.object({
  id: z.string(),
  title: z.string(),
  version: z.int(),
  controls: Ids,
  fed: z.boolean().nullable().describe('Whether a source that is configured tells of everything it reads'),
  reads: z.array(Feed).readonly(),
  parameters: z.record(z.string(), z.string()),
});

const Duties = z.array(z.object({ control: z.string(), duty: z.string(), dataset: z.string(), cadence: z.string() })).readonly();

const Control = z.object({
  id: z.string(),
  title: z.string(),
  statement: z.string(),
  criteria: Ids,
  owner: z.string(),
  family: z.string(),
  cadence: z.string(),
  kind: z.string().nullable(),
  policy: z.string().nullable(),
  answers: Ids,
  checks: Ids,
  occurs: Duties.describe('What people have to do once in every period'),
  captures: Duties.describe('What has to be looked at once in every period, by every source'),
  unexamined: Ids,
  evidence: Ids,
  overPeriod: z.string(),
  fed: z.boolean().nullable(),
});

export const catalog = {
  read: endpoint({
    permission: 'posture.read',
    bounds: 'free',
    answer: 'kept',
    method: 'GET',
    path: '/catalog',
    tag: 'Catalogue',
    summary: 'What is to be shown, which controls answer it, which checks examine them, and whether a source feeds each',
  })
    .input(z.strictObject({}))
    .output(
      z.object({
        digest: z.string(),
        criteria: z.array(z.object({ id: z.string(), title: z.string(), category: z.string(), controls: Ids, gap: z.string().nullable() })).readonly(),
        controls: z.array(Control).readonly(),
        checks: z.array(Check).readonly(),
        requiredItems: z
          .array(
            z.object({
              id: z.string(),
              group: z.string(),
              parent: z.string().nullable(),
              text: z.string(),
              controls: Ids,
              checks: Ids,
              occurs: Duties,
              captures: Duties,
              unexamined: Ids,
            }),
          )
          .readonly(),
      }),
    ),
};
