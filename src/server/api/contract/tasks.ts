import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Moment } from './fields.ts';

const Task = z.object({
  id: z.string(),
  kind: z.enum(['finding', 'assign', 'waiver', 'expiring', 'approval', 'duty', 'alert', 'acceptance']),
  title: z.string().describe('Verb first'),
  because: z.string(),
  due: Moment.nullable(),
  makes: z.string().describe('The record that doing it makes'),
  about: z
    .string()
    .describe(
      'A finding, an alert, an entry KIND/ID, a policy as POLICY/VERSION with both parts percent-encoded, or a control, by its id; empty where it is about several',
    ),
  form: z.string().nullable().describe('The kind of statement whose form does it'),
});

export const tasks = {
  list: endpoint({
    permission: 'self',
    bounds: 'free',
    answer: 'fresh',
    method: 'GET',
    path: '/tasks',
    tag: 'You',
    summary: 'What you owe, the most urgent first: findings, waivers and statements to decide on, duties, alerts, policies to accept',
    description: 'By who you are to HR, and by what your role lets you do. An auditor owes nothing here.',
  })
    .input(z.strictObject({}))
    .output(
      z.object({
        now: Moment,
        known: z.boolean().describe('HR knows a worker of your address; where not, nothing is owed by name'),
        tasks: z.array(Task).readonly(),
      }),
    ),
};
