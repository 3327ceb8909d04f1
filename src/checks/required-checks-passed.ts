import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { checkRuns } from '../datasets/change/check-runs.ts';
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
    const required = [...new Set([...named, ...(rule?.requiredChecks ?? [])])].sort();
    if (required.length === 0 && !rule) return unknown(`it is not known which checks ${branch} required`);
    const outcome = (name: string) => {
      const its = runs.filter((run) => run.name === name && run.sha === headSha && run.completedAt !== null && run.completedAt <= mergedAt);
      const last = Math.max(...its.map(({ completedAt }) => completedAt ?? 0));
      const ended = its.filter(({ completedAt }) => completedAt === last);
      return { name, runs: ended, worst: ended.find(({ conclusion }) => conclusion !== 'success')?.conclusion ?? (ended.length > 0 ? 'success' : null) };
    };
    const failed = required.map(outcome).filter(({ worst }) => worst !== 'success');
    if (failed.length === 0) return conforms();
    if (failed.every(({ worst }) => worst === 'unknown')) return unknown(`it is not known how ${failed.map(({ name }) => name).join(', ')} ended`);
    const said = failed.map(({ name, worst }) => (worst === null ? `${name} had not ended` : `${name} ended in ${worst}`)).join(', ');
    return deviates(`was merged on ${iso(mergedAt)} while ${said}`, { cites: failed.flatMap((it) => it.runs) });
  },
});
