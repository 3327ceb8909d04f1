import { type Instant, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type CheckRun, checkRuns } from '../datasets/change/check-runs.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { type WorkflowRun, workflowRuns } from '../datasets/change/workflow-runs.ts';
import type { Row } from '../datasets/dataset.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { isSecurityCheck, SECURITY_WORDS } from './security-names.ts';

const FAILED: readonly string[] = ['failure', 'timed-out', 'startup-failure', 'action-required'];

export const securityChecksPassed = defineCheck({
  id: 'security-checks-passed',
  title: 'What is deployed had passed a security check',
  version: 1,
  asserts:
    'Before a commit was deployed to production a security check had succeeded on it, or on the last commit of the pull request that became it, and none that ran had failed.',
  population: deployments.where(({ production }) => production),
  with: { scope: systems.on('systemId'), runs: workflowRuns.on('sha'), checks: checkRuns.on('mergeSha', 'sha') },
  parameters: { security: SECURITY_WORDS },

  examine({ systemId, repoId, environment, sha, createdAt }, { scope, runs, checks }) {
    const out = outOfScope(scope);
    if (out) return out;
    const ran = [
      ...runs.filter((run) => run.systemId === systemId && run.repoId === repoId).map((run) => ofRun(run, createdAt)),
      ...checks.filter((check) => check.systemId === systemId).map((check) => ofCheck(check, createdAt)),
    ].filter(({ since }) => since <= createdAt);
    const security = lastOfEach(ran.filter((it) => it.security));
    const deployed = `${sha.slice(0, 12)} was deployed to ${environment} on ${iso(createdAt)}`;

    const failed = security.filter(({ how }) => FAILED.includes(how));
    const [first] = failed;
    if (first) return deviates(`${deployed}, and ${first.name} had ended as ${first.how}`, { cites: failed.map(({ row }) => row) });
    const doubtful = security.filter(({ how }) => how === 'unknown').map(({ name }) => name);
    if (doubtful.length > 0) return unknown(`how ${doubtful.join(', ')} had ended on ${sha.slice(0, 12)} when it was deployed is not told`);
    if (security.some(({ how }) => how === 'success')) return conforms();
    if (ran.length === 0) return unknown(`no check of ${sha.slice(0, 12)} is told`);
    const named = [...new Set((security.length > 0 ? security : ran).map(({ name }) => name))].sort().join(', ');
    if (security.length > 0) return deviates(`${deployed}, and of its security checks none had succeeded: ${named}`);
    return deviates(`${deployed}, and of the checks that had begun none is a security check by its name: ${named}`);
  },
});

/** A check or a workflow as it stood at the deployment. */
interface Ran {
  readonly row: Row;
  readonly name: string;
  readonly security: boolean;
  readonly since: Instant;
  readonly how: string;
}

function ofRun(run: WorkflowRun, then: Instant): Ran {
  const { workflow, createdAt, status, updatedAt, attempt } = run;
  const isOver = status === 'completed' && updatedAt <= then;
  // Begun again since: how it stood then is overwritten.
  const how = isOver ? run.conclusion : attempt > 1 ? 'unknown' : 'pending';
  return { row: run, name: workflow, security: isSecurityCheck(workflow), since: createdAt, how };
}

function ofCheck(check: CheckRun, then: Instant): Ran {
  const { name, app, startedAt, completedAt, conclusion } = check;
  const isOver = completedAt !== null && completedAt <= then;
  const how = isOver ? conclusion : completedAt === null && conclusion !== 'pending' ? 'unknown' : 'pending';
  return { row: check, name, security: isSecurityCheck(name, app), since: startedAt, how };
}

/** Of several runs under one name the last counts; of two that began at once, the worse. */
function lastOfEach(ran: readonly Ran[]): readonly Ran[] {
  const worth = ({ how }: Ran) => (FAILED.includes(how) ? 0 : how === 'unknown' ? 1 : how === 'success' ? 3 : 2);
  const last = new Map<string, Ran>();
  for (const it of [...ran].sort((a, b) => a.since - b.since || worth(b) - worth(a))) last.set(it.name, it);
  return [...last.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
