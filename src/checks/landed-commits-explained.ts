import { systems } from '../datasets/asset/systems.ts';
import { commits } from '../datasets/change/commits.ts';
import { repoCommits } from '../datasets/repo/commits.ts';
import { days, iso } from '../core/instant.ts';
import { conforms, defineCheck, deviates, notYet } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINE = days(30);

export const landedCommitsExplained = defineCheck({
  id: 'landed-commits-explained',
  title: 'Every commit of a default branch is known to the history of its host',
  version: 1,
  asserts: 'Every commit on the first-parent line of a default branch, as a clone holds it, is told of by the host within 30 days of its date.',
  population: repoCommits.where(({ first }) => first),
  with: { scope: systems.on('systemId'), told: commits.on('sha') },
  parameters: { deadline: '30 days after the committer date' },

  examine({ repo, committedAt }, { at, scope, told }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (told.some((commit) => commit.repo.toLowerCase() === repo.toLowerCase())) return conforms();
    const deadline = committedAt + DEADLINE;
    if (at < deadline) return notYet({ until: deadline });
    return deviates(`is dated ${iso(committedAt)} and the host does not tell how it reached the branch`);
  },
});
