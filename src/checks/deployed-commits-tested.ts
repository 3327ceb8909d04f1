import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { type WorkflowRun, workflowRuns } from '../datasets/change/workflow-runs.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** No run lasts longer than the host lets one last. */
const LASTS = days(36);
/** What sets a run going that examines a commit. A schedule, a person or another workflow may have set one going for anything. */
const EXAMINING: readonly string[] = ['push', 'pull_request', 'merge_group'];
const FAILED: readonly string[] = ['failure', 'timed-out', 'startup-failure'];

const hasEndedBy = ({ status, updatedAt }: WorkflowRun, at: number): boolean => status === 'completed' && updatedAt <= at;
/** Begun again since, or ended in a way that nobody knows. */
const isDoubtful = (run: WorkflowRun, at: number): boolean => (hasEndedBy(run, at) ? run.conclusion === 'unknown' : run.attempt > 1);
const named = ({ workflow, conclusion, updatedAt }: WorkflowRun): string => `${workflow} had ended as ${conclusion} on ${iso(updatedAt)}`;

export const deployedCommitsTested = defineCheck({
  id: 'deployed-commits-tested',
  title: 'What is deployed had passed its workflows',
  version: 1,
  asserts:
    'When the pipeline deployed a commit to production, no workflow that had run on it for a push or a pull request had failed, and one had succeeded: before, or as the run that deployed.',
  population: deployments.where(({ production, creatorKind }) => production && creatorKind === 'pipeline'),
  with: { scope: systems.on('systemId'), runs: workflowRuns.on('sha'), own: workflowRuns.on('runId') },

  examine({ systemId, repoId, runId, sha, environment, createdAt }, { at, scope, runs, own }) {
    const out = outOfScope(scope);
    if (out) return out;
    const here = (run: WorkflowRun) => run.systemId === systemId && run.repoId === repoId;
    const before = runs.filter((run) => here(run) && run.runId !== runId && run.createdAt <= createdAt && EXAMINING.includes(run.event));
    const deployed = `${sha.slice(0, 12)} was deployed to ${environment} on ${iso(createdAt)}`;

    const [failed] = before.filter((run) => hasEndedBy(run, createdAt) && FAILED.includes(run.conclusion)).sort((a, b) => a.updatedAt - b.updatedAt);
    if (failed) return deviates(`${deployed}, and ${named(failed)}`, { cites: [failed] });
    const [doubtful] = before
      .filter((run) => isDoubtful(run, createdAt))
      .map(({ workflow }) => workflow)
      .sort();
    if (doubtful !== undefined) return unknown(`how ${doubtful} had ended on ${sha.slice(0, 12)} when it was deployed is not told`);
    if (before.some((run) => hasEndedBy(run, createdAt) && run.conclusion === 'success')) return conforms();

    const [its] = own.filter(here);
    if (its?.conclusion === 'success') return conforms();
    if (its && its.status !== 'completed' && at < createdAt + LASTS) return notYet({ until: createdAt + LASTS });
    if (its) return unknown(`no other workflow had succeeded on it, and of the run that deployed only its end is told: ${its.conclusion}`);
    if (before.length === 0) return unknown(`no run of a workflow on ${sha.slice(0, 12)} is told`);
    return deviates(`${deployed}, and none of the workflows that ran on it had succeeded`, { cites: before });
  },
});
