import { z } from 'zod';
import type { WorkflowRun } from '../../datasets/change/workflow-runs.ts';
import { when } from '../answers.ts';
import { Account } from './answers.ts';

const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** GET /repos/{owner}/{repo}/actions/runs/{run_id} */
export const Run = z.object({
  id: z.int(),
  run_attempt: z.int().nullish(),
  name: z.string().nullish(),
  path: z.string().nullish(),
  event: z.string().min(1),
  head_sha: z.string().min(1),
  head_branch: z.string().nullish(),
  actor: Account.nullish(),
  triggering_actor: Account.nullish(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  run_started_at: when,
  updated_at: at,
  created_at: at,
});
export type Run = z.infer<typeof Run>;
/** GET /repos/{owner}/{repo}/actions/runs */
export const Runs = z.object({ total_count: z.int(), workflow_runs: z.array(Run) });

const STATUSES: Readonly<Record<string, WorkflowRun['status']>> = {
  requested: 'requested',
  queued: 'queued',
  pending: 'pending',
  waiting: 'waiting',
  in_progress: 'in-progress',
  completed: 'completed',
};
const CONCLUSIONS: Readonly<Record<string, WorkflowRun['conclusion']>> = {
  success: 'success',
  failure: 'failure',
  neutral: 'neutral',
  cancelled: 'cancelled',
  skipped: 'skipped',
  timed_out: 'timed-out',
  action_required: 'action-required',
  stale: 'stale',
  startup_failure: 'startup-failure',
};

export function runRow(repository: { readonly databaseId: number; readonly nameWithOwner: string }, run: Run, system: string): WorkflowRun {
  const { actor, triggering_actor: triggering } = run;
  // The path of a workflow ends with the branch or tag that it was read from.
  const file = run.path?.split('@')[0] || null;
  return {
    systemId: system,
    runId: String(run.id),
    attempt: run.run_attempt ?? 1,
    repoId: String(repository.databaseId),
    repo: repository.nameWithOwner,
    workflow: run.name || (file ?? 'without a name'),
    file,
    event: run.event,
    sha: run.head_sha,
    branch: run.head_branch || null,
    actorId: actor ? String(actor.id) : null,
    actor: actor?.login ?? 'ghost',
    triggeringActorId: triggering ? String(triggering.id) : null,
    triggeringActor: triggering?.login ?? 'ghost',
    status: STATUSES[run.status ?? ''] ?? 'unknown',
    conclusion: conclusionOf(run),
    startedAt: run.run_started_at,
    updatedAt: run.updated_at,
    createdAt: run.created_at,
  };
}

function conclusionOf({ status, conclusion }: Run): WorkflowRun['conclusion'] {
  if (conclusion) return CONCLUSIONS[conclusion] ?? 'unknown';
  return status === 'completed' ? 'unknown' : 'none';
}
