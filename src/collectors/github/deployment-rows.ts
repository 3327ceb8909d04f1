import { z } from 'zod';
import type { Deployment } from '../../datasets/change/deployments.ts';
import type { Environment } from '../../datasets/change/environments.ts';
import type { Release as ReleaseRow } from '../../datasets/change/releases.ts';
import { ternary } from '../../core/ternary.ts';
import { GithubConfig } from './answers.ts';
import type { Made, Place, Release, Repository } from './deployment-sweep.ts';

export const DeploymentsConfig = z.strictObject({
  ...GithubConfig,
  production: z.array(z.string().min(1)).min(1).default(['production']).describe('Names of the environments that customers use'),
  verification: z
    .array(z.string().min(1))
    .default(['verified', 'smoke test'])
    .describe('What the description of a status begins with by which a check of the running system reports to its deployment'),
});
export type DeploymentsConfig = z.infer<typeof DeploymentsConfig>;

const STATES: Readonly<Record<string, Deployment['state']>> = {
  success: 'success',
  failure: 'failure',
  error: 'error',
  inactive: 'inactive',
  in_progress: 'in-progress',
  queued: 'queued',
  pending: 'pending',
  waiting: 'waiting',
  destroyed: 'destroyed',
};
const WAITS: readonly string[] = ['waiting', 'queued', 'pending'];

export function deploymentRow({ deployment, statuses, runId, approvals }: Made, { id, full_name }: Repository, config: DeploymentsConfig): Deployment {
  const { creator, environment } = deployment;
  const reports = statuses.flatMap((status) => (isVerification(status, config) ? [status] : []));
  const states = statuses.flatMap((status) => (isVerification(status, config) ? [] : [status]));
  const first = (wanted: readonly string[]) => states.find(({ state }) => wanted.includes(state))?.created_at ?? null;
  const report = reports[0];
  const approved = approvals.flatMap(({ state, user, environments }) =>
    state === 'approved' && environments.some(({ name }) => name === environment) ? [user] : [],
  );
  return {
    systemId: config.system,
    deploymentId: String(deployment.id),
    repoId: String(id),
    repo: full_name,
    environment,
    production: deployment.production_environment === true || config.production.includes(environment),
    sha: deployment.sha,
    ref: deployment.ref || null,
    task: deployment.task || null,
    creatorId: creator ? String(creator.id) : null,
    creator: creator?.login ?? 'ghost',
    creatorKind: !creator ? 'unknown' : creator.type === 'Bot' ? 'pipeline' : runId === null ? 'human' : 'pipeline',
    runId,
    approverIds: [...new Set(approved.map((user) => String(user.id)))].sort(),
    approvedAt: approved.length === 0 ? null : (states.find(({ state }) => !WAITS.includes(state))?.created_at ?? null),
    state: states.length === 0 ? 'pending' : (STATES[states.at(-1)?.state ?? ''] ?? 'unknown'),
    succeededAt: first(['success']),
    failedAt: first(['failure', 'error']),
    verification: !report ? 'none' : report.state === 'success' ? 'passed' : report.state === 'failure' || report.state === 'error' ? 'failed' : 'unknown',
    verifiedAt: report?.created_at ?? null,
    createdAt: deployment.created_at,
  };
}

/** A check of the running system reports as a state of the deployment, told from the others by how its description begins. */
const isVerification = ({ description }: Made['statuses'][number], { verification }: DeploymentsConfig): boolean =>
  verification.some((begin) => description?.toLowerCase().startsWith(begin.toLowerCase()) === true);

export function environmentRow({ environment, branches }: Place, { id, full_name }: Repository, config: DeploymentsConfig): Environment {
  const rules = environment.protection_rules;
  const asking = rules.find(({ type }) => type === 'required_reviewers');
  return {
    systemId: config.system,
    environmentId: String(environment.id),
    repoId: String(id),
    repo: full_name,
    environment: environment.name,
    production: config.production.includes(environment.name),
    reviewers: (asking?.reviewers ?? []).map(({ type, reviewer }) => `${type.toLowerCase()} ${reviewer.login ?? reviewer.slug ?? 'unnamed'}`),
    selfReviewPrevented: asking ? ternary(asking.prevent_self_review) : 'no',
    adminsBypass: ternary(environment.can_admins_bypass),
    branches: [...branches],
    waitMinutes: rules.find(({ type }) => type === 'wait_timer')?.wait_timer ?? null,
  };
}

export const releaseRow = (
  { id, tag_name, target_commitish, author, prerelease, published_at }: Release,
  repository: Repository,
  system: string,
): ReleaseRow => {
  if (!published_at) throw new RangeError(`the release ${tag_name} of ${repository.full_name} was published at no time`);
  return {
    systemId: system,
    releaseId: String(id),
    repoId: String(repository.id),
    repo: repository.full_name,
    tag: tag_name,
    sha: target_commitish || null,
    authorId: author ? String(author.id) : null,
    author: author?.login ?? 'ghost',
    prerelease,
    publishedAt: published_at,
  };
};
