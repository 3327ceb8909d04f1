import { z } from 'zod';
import { days, type Instant } from '../../core/instant.ts';
import { ternary } from '../../core/ternary.ts';
import type { Deployment } from '../../datasets/change/deployments.ts';
import type { Environment } from '../../datasets/change/environments.ts';
import type { Release } from '../../datasets/change/releases.ts';
import { GithubConfig } from './answers.ts';
import type { Made } from './deployment-outcomes.ts';
import type { Place, Published, ToldDeployment } from './deployment-sweep.ts';

export const DeploymentsConfig = z.strictObject({
  ...GithubConfig,
  production: z
    .array(z.string().min(1))
    .min(1)
    .default(['production'])
    .describe('Names of the environments that customers use; * stands for anything: production-*'),
  verification: z
    .array(z.string().min(1))
    .default(['verified', 'smoke test'])
    .describe('What the description of a state begins with by which a check of the running system reports to its deployment'),
  checks: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of checks on the commit deployed (jobs of a workflow, or of another application) that examine the running system after a deployment'),
});
export type DeploymentsConfig = z.infer<typeof DeploymentsConfig>;

const STATES: Readonly<Record<string, Deployment['state']>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  ERROR: 'error',
  INACTIVE: 'inactive',
  IN_PROGRESS: 'in-progress',
  QUEUED: 'queued',
  PENDING: 'pending',
  WAITING: 'waiting',
  DESTROYED: 'destroyed',
};
const WAITS: readonly string[] = ['WAITING', 'QUEUED', 'PENDING'];
const FAILED: readonly string[] = ['FAILURE', 'ERROR', 'TIMED_OUT', 'STARTUP_FAILURE'];
/** What a check says so long after a deployment took effect is of something else. */
const VERIFIES = days(1);

export function deploymentRow({ repository, made }: ToldDeployment, config: DeploymentsConfig): Deployment {
  const { deployment, statuses, runId, decisions } = made;
  const { creator, environment } = deployment;
  const states = statuses.flatMap((status) => (isVerification(status, config) ? [] : [status]));
  const first = (wanted: readonly string[]) => states.find(({ state }) => wanted.includes(state))?.createdAt ?? null;
  const succeededAt = first(['SUCCESS']);
  const approvers = (decisions ?? []).flatMap(({ approved, userId, environments }) => (approved && environments.includes(environment) ? [userId] : []));
  return {
    systemId: config.system,
    deploymentId: String(deployment.id),
    repoId: String(repository.databaseId),
    repo: repository.nameWithOwner,
    environment,
    production: deployment.production_environment === true || isProduction(environment, config),
    sha: deployment.sha,
    ref: deployment.ref || null,
    task: deployment.task || null,
    creatorId: creator ? String(creator.id) : null,
    creator: creator?.login ?? 'ghost',
    creatorKind: kindOf(made),
    runId,
    approvalsTold: decisions === null ? 'no' : 'yes',
    approverIds: [...new Set(approvers)].sort(),
    approvedAt: approvers.length === 0 ? null : (states.find(({ state }) => !WAITS.includes(state))?.createdAt ?? null),
    state: states.length === 0 ? 'pending' : (STATES[states.at(-1)?.state ?? ''] ?? 'unknown'),
    succeededAt,
    failedAt: first(['FAILURE', 'ERROR']),
    ...verificationOf(made, succeededAt, config),
    createdAt: deployment.created_at,
  };
}

/**
 * A workflow deploys in the name of whoever set it going: what tells it from a person is the application behind the
 * deployment, or the run on that very commit that its states lead to. A link alone anybody can write.
 */
function kindOf({ deployment: { creator, performed_via_github_app: app }, runId, isOfCommit }: Made): Deployment['creatorKind'] {
  if (!creator) return 'unknown';
  if (creator.type === 'Bot' || app?.slug === 'github-actions' || isOfCommit) return 'pipeline';
  return app || runId !== null ? 'unknown' : 'human';
}

/** A check of the running system reports as a state of the deployment, told from the others by how its description begins. */
const isVerification = ({ description }: Made['statuses'][number], { verification }: DeploymentsConfig): boolean =>
  verification.some((begin) => description?.toLowerCase().startsWith(begin.toLowerCase()) === true);

interface Report {
  readonly verdict: 'passed' | 'failed' | 'unknown';
  readonly at: Instant;
}

/** The first report of a failure counts, or else the first report. */
function verificationOf({ statuses, checks }: Made, succeededAt: Instant | null, config: DeploymentsConfig): Pick<Deployment, 'verification' | 'verifiedAt'> {
  const stated = statuses.flatMap((status) => (isVerification(status, config) ? [{ verdict: verdictOf(status.state), at: status.createdAt }] : []));
  const checked = (checks ?? []).flatMap(({ conclusion, startedAt, completedAt }): Report[] => {
    if (succeededAt === null || startedAt === null || completedAt === null || startedAt < succeededAt || startedAt >= succeededAt + VERIFIES) return [];
    const verdict = verdictOf(conclusion ?? '');
    return verdict === 'unknown' ? [] : [{ verdict, at: completedAt }];
  });
  const reports = [...stated, ...checked].toSorted((a, b) => a.at - b.at);
  const report = reports.find(({ verdict }) => verdict === 'failed') ?? reports[0];
  if (report) return { verification: report.verdict, verifiedAt: report.at };
  return { verification: checks === null ? 'unknown' : 'none', verifiedAt: null };
}

function verdictOf(said: string): Report['verdict'] {
  if (said === 'SUCCESS') return 'passed';
  return FAILED.includes(said) ? 'failed' : 'unknown';
}

/** Names are compared as GitHub does, whatever their case. */
function isProduction(environment: string, { production }: DeploymentsConfig): boolean {
  return production.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(environment);
  });
}

export function environmentRow({ repository, environment, branches }: Place, config: DeploymentsConfig): Environment {
  const rules = environment.protection_rules;
  const asking = rules.find(({ type }) => type === 'required_reviewers');
  return {
    systemId: config.system,
    environmentId: String(environment.id),
    repoId: String(repository.databaseId),
    repo: repository.nameWithOwner,
    environment: environment.name,
    production: isProduction(environment.name, config),
    reviewers: (asking?.reviewers ?? []).map(({ type, reviewer }) => `${type.toLowerCase()} ${reviewer.login ?? reviewer.slug ?? 'unnamed'}`),
    selfReviewPrevented: asking ? ternary(asking.prevent_self_review) : 'no',
    adminsBypass: ternary(environment.can_admins_bypass),
    branches: [...branches],
    waitMinutes: rules.find(({ type }) => type === 'wait_timer')?.wait_timer ?? null,
  };
}

export function releaseRow({ repository, release }: Published, system: string): Release {
  const { id, tag_name, target_commitish, author, prerelease, published_at } = release;
  if (published_at === null) throw new RangeError(`the release ${tag_name} of ${repository.nameWithOwner} was published at no time`);
  return {
    systemId: system,
    releaseId: String(id),
    repoId: String(repository.databaseId),
    repo: repository.nameWithOwner,
    tag: tag_name,
    sha: target_commitish || null,
    authorId: author ? String(author.id) : null,
    author: author?.login ?? 'ghost',
    prerelease,
    publishedAt: published_at,
  };
}
