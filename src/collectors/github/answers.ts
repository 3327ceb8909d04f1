import { z } from 'zod';

/** The header knowledge that both collectors share: docs.github.com/rest, version 2022-11-28. */
export const headers = ({ token }: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  accept: 'application/vnd.github+json',
  authorization: `Bearer ${token ?? ''}`,
  'user-agent': 'tickmark',
  'x-github-api-version': '2022-11-28',
});

export const Account = z.object({ id: z.int(), login: z.string().min(1), type: z.string().optional() });
export type Account = z.infer<typeof Account>;

export const Organization = z.object({ id: z.int(), login: z.string(), two_factor_requirement_enabled: z.boolean().nullish() });
export const Team = z.object({ id: z.int(), slug: z.string().min(1), name: z.string().min(1) });

export const GithubConfig = {
  org: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'expected the login of an organization, like acme')
    .describe('Login of the organization'),
  system: z.string().min(1).default('github').describe('Id of the system in the scope'),
};

export const path = (part: string): string => encodeURIComponent(part);
