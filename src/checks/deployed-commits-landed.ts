import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { commits } from '../datasets/change/commits.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const deployedCommitsLanded = defineCheck({
  id: 'deployed-commits-landed',
  title: 'Only what reached the default branch is deployed',
  version: 1,
  asserts: 'The commit of every deployment to production had reached the default branch of its repository before it was deployed.',
  population: deployments.where(({ production }) => production),
  with: { scope: systems.on('systemId'), landed: commits.on('sha'), proposed: pullRequests.on('headSha', 'sha') },

  examine({ systemId, repoId, environment, sha, ref, creator, createdAt }, { scope, landed, proposed }) {
    const out = outOfScope(scope);
    if (out) return out;
    const ours = (row: { readonly systemId: string; readonly repoId: string }) => row.systemId === systemId && row.repoId === repoId;
    const known = landed.filter(ours);
    if (known.some(({ landedAt }) => landedAt <= createdAt)) return conforms();
    const deployed = `${creator} deployed it to ${environment} on ${iso(createdAt)}`;
    const [late] = known.map(({ landedAt }) => landedAt).sort((a, b) => a - b);
    if (late !== undefined) return deviates(`${deployed}, and it reached the default branch only on ${iso(late)}`, { cites: known });
    const [number] = proposed
      .filter(ours)
      .map((change) => change.number)
      .sort((a, b) => a - b);
    if (number !== undefined) return deviates(`${deployed}: the last commit of pull request #${number}, which is not what reached the default branch`);
    return unknown(`nothing tells that ${sha.slice(0, 12)}${ref === null ? '' : `, asked for as ${ref},`} ever reached the default branch`);
  },
});
