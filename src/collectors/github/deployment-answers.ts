import { z } from 'zod';
import { when } from '../answers.ts';
import { Account } from './answers.ts';

const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** GET /repos/{owner}/{repo}/deployments, and one of it. */
export const Deployment = z.object({
  id: z.int(),
  node_id: z.string().min(1),
  sha: z.string().min(1),
  ref: z.string().nullish(),
  task: z.string().nullish(),
  environment: z.string().min(1),
  production_environment: z.boolean().nullish(),
  creator: Account.nullish(),
  performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
  created_at: at,
});
export type Deployment = z.infer<typeof Deployment>;

/** GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals */
export const Approval = z.object({ state: z.string(), user: Account, environments: z.array(z.object({ name: z.string() })) });
export type Approval = z.infer<typeof Approval>;

/** GET /repos/{owner}/{repo}/environments */
const Environment = z.object({
  id: z.int(),
  name: z.string().min(1),
  can_admins_bypass: z.boolean().nullish(),
  deployment_branch_policy: z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }).nullish(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.int().nullish(),
        prevent_self_review: z.boolean().nullish(),
        reviewers: z.array(z.object({ type: z.string(), reviewer: z.object({ login: z.string().optional(), slug: z.string().optional() }) })).nullish(),
      }),
    )
    .default([]),
});
export type Environment = z.infer<typeof Environment>;
export const Environments = z.object({ environments: z.array(Environment) });
export const BranchPolicies = z.object({ branch_policies: z.array(z.object({ name: z.string().min(1) })) });

/** GET /repos/{owner}/{repo}/releases/{release_id} */
export const Release = z.object({
  id: z.int(),
  tag_name: z.string().min(1),
  target_commitish: z.string().nullish(),
  author: Account.nullish(),
  prerelease: z.boolean(),
  published_at: when,
});
export type Release = z.infer<typeof Release>;
