import { type Instant, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type CheckRun, checkRuns } from '../datasets/change/check-runs.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const requiredChecksPassed = defineCheck({
  id: 'required-checks-passed',
  title: 'Required checks passed before the merge',
  version: 1,
  asserts: 'Every check that the rules of a default branch required had ended in success on the last commit before a pull request was merged.',
  population: pullRequests,
  with: { scope: systems.on('systemId'), runs: checkRuns.on('prId'), rules: branchProtection.on('repoId') },

  examine({ systemId, branch, headSha, mergedAt }, { scope, runs, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const rule = rules.find((row) => row.systemId === systemId && row.branch === branch && row.inForce !== 'unknown');
    const named = runs.filter(({ required }) => required === 'yes').map(({ name }) => name);
    const required = [...new Set([...named, ...(rule?.inForce === 'yes' ? rule.requiredChecks : [])])].sort();
    const ofHead = runs.filter(({ sha }) => sha === headSha);
    const ended = required.map((name) => ({ name, how: outcome(name, ofHead, mergedAt) }));

    const failed = ended.filter(({ how }) => how !== 'success' && how !== 'unknown');
    if (failed.length > 0) {
      const said = failed.map(({ name, how }) => (how === null ? `${name} had not ended` : `${name} ended in ${how}`));
      return deviates(`was merged on ${iso(mergedAt)} while ${said.join(', ')}`);
    }
    const doubtful = ended.filter(({ how }) => how === 'unknown').map(({ name }) => name);
    if (doubtful.length > 0) return unknown(`it is not known how ${doubtful.join(', ')} ended`);
    return rule ? conforms() : unknown(`it is not known which checks ${branch} required`);
  },
});

/**
 * How the last run of a check that had begun before the merge ended by then; `null` where none had. Where the host says
 * which run is the required one, the same name from another application does not stand in for it.
 */
function outcome(name: string, runs: readonly CheckRun[], mergedAt: Instant): CheckRun['conclusion'] | null {
  const its = runs.filter((run) => run.name === name && run.startedAt <= mergedAt);
  const meant = its.some(({ required }) => required === 'yes') ? its.filter(({ required }) => required === 'yes') : its;
  const newest = Math.max(...meant.map(({ startedAt }) => startedAt));
  const last = meant.filter(({ startedAt }) => startedAt === newest);
  if (last.length === 0 || last.some(({ completedAt, conclusion }) => conclusion === 'pending' || (completedAt !== null && completedAt > mergedAt)))
    return null;
  const [worst] = last
    .map(({ conclusion }) => conclusion)
    .filter((conclusion) => conclusion !== 'success')
    .sort();
  if (worst !== undefined) return worst;
  return last.some(({ completedAt }) => completedAt === null) ? 'unknown' : 'success';
}
