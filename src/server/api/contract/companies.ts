import { z } from 'zod';
import { isTimezone } from '../../../core/calendar.ts';
import { endpoint } from './endpoint.ts';

const slug = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens');

const Company = z.object({
  id: z.enum(['demo', 'company']),
  name: z.string(),
  here: z.boolean().describe('It is the one that answers'),
  enter: z.string().describe('Where a browser goes to be at it'),
});

export const companies = {
  list: endpoint({
    permission: 'self',
    bounds: 'free',
    answer: 'fresh',
    method: 'GET',
    path: '/companies',
    tag: 'Companies',
    summary: 'Which companies this server serves: the made-up one and your own',
  })
    .input(z.strictObject({}))
    .output(z.object({ companies: z.array(Company).readonly(), begin: z.boolean().describe('A company of your own can be begun beside the made-up one') })),

  begin: endpoint({
    permission: 'settings.write',
    bounds: 'refused',
    answer: 'fresh',
    method: 'POST',
    path: '/companies',
    status: 201,
    tag: 'Companies',
    summary: 'Begins your own company beside the made-up one: a folder, a log, people of its own',
  })
    .input(
      z.strictObject({
        company: z.string().trim().min(1).max(200),
        timezone: z.string().min(1).max(60).refine(isTimezone, 'expected an IANA time zone, like Europe/Berlin'),
        period: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).refine(({ from, to }) => from < to, 'it ends before it begins'),
        categories: z
          .array(z.enum(['Security', 'Availability', 'Confidentiality', 'Processing integrity', 'Privacy']))
          .min(1)
          .max(5),
        systems: z
          .array(z.strictObject({ id: slug, name: z.string().min(1).max(100), identityProvider: z.boolean().default(false) }))
          .max(200)
          .default([]),
      }),
    )
    .output(z.object({ enter: z.string().describe('Where its owner sets up their way in, once') })),
};
