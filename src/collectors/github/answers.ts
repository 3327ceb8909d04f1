import { z } from 'zod';
import { pagesOf, parse } from '../answers.ts';
import type { Artifact, Witness } from '../source.ts';

/** docs.github.com/rest, version 2022-11-28. */
const headers = ({ token }: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  accept: 'application/vnd.github+json',
  authorization: `Bearer ${token ?? ''}`,
  'user-agent': 'tickmark',
  'x-github-api-version': '2022-11-28',
});

/** Where every collector of this folder asks, and how. */
export const GITHUB = { transport: 'http', hosts: (): readonly string[] => ['api.github.com'], operations: [], headers } as const;

export const Account = z.object({ id: z.int(), login: z.string().min(1), type: z.string().optional() });
export type Account = z.infer<typeof Account>;

export const Organization = z.object({
  id: z.int(),
  login: z.string(),
  two_factor_requirement_enabled: z.boolean().nullish(),
  default_repository_permission: z.string().nullish(),
  public_repos: z.int().optional(),
  total_private_repos: z.int().optional(),
});
/** An installed app is no user: GitHub refuses to say who asks, in these words. */
export const CALLER_FACTS = [{ status: 403, says: 'Resource not accessible by integration' }];
const Caller = z.object({ login: z.string().min(1) });

/** Who asked, and with which scopes: classic tokens tell them in a header, fine-grained ones do not. */
export function callerOf(artifacts: readonly Artifact[]): Pick<Witness, 'askedAs' | 'granted'> {
  const [answer] = pagesOf(artifacts, 'caller');
  const scopes = answer?.headers['x-oauth-scopes'];
  return {
    askedAs: answer?.status === 200 ? parse(answer, Caller).login : 'an installed app',
    granted: scopes === undefined ? null : scopes.split(/,\s*/),
  };
}

export const Team = z.object({ id: z.int(), slug: z.string().min(1), name: z.string().min(1), parent: z.object({ id: z.int() }).nullish() });
export type Team = z.infer<typeof Team>;

export const GithubConfig = {
  org: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'expected the login of an organization, like acme')
    .describe('Login of the organization'),
  system: z.string().min(1).default('github').describe('Id of the system in the scope'),
};

export const path = (part: string): string => encodeURIComponent(part);
