import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { commits } from '../datasets/change/commits.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const commitsLandedThroughReview = defineCheck({
  id: 'commits-landed-through-review',
  title: 'Nothing reaches a default branch but by a pull request',
  version: 1,
  asserts: 'Every change that reached a default branch came through a pull request; none was pushed past it, and no history was rewritten.',
  population: commits.where(({ first }) => first),
  with: { scope: systems.on('systemId'), request: pullRequests.on('prId') },

  examine({ how, branch, pusher, parents, landedAt, prId }, { scope, request }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (how === 'created' && parents.length === 0) return notYet({ rests: [] }); // a repository has to begin somehow
    const by = pusher ?? 'an account that is gone';
    if (how === 'force-pushed') return deviates(`${branch} was rewritten by ${by} on ${iso(landedAt)}`);
    if (how === 'unexplained') return deviates(`it is on ${branch} since ${iso(landedAt)} at the latest, and the host names no update that brought it`);
    if (prId === null && how === 'created') return deviates(`came with ${branch} when that was made by ${by} on ${iso(landedAt)}, through no pull request`);
    if (prId === null) return deviates(`was pushed to ${branch} by ${by} on ${iso(landedAt)}, through no pull request`);
    return request.length > 0 ? conforms() : unknown(`it came through the pull request ${prId}, of which nothing is known`);
  },
});
