import { checkTester } from '../../test/check-tester.ts';
import { commit, deployment, pullRequest, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { deployedCommitsLanded } from './deployed-commits-landed.ts';

const scope = [system({ systemId: 'github' })];
const HEAD = 'b'.repeat(40);
const deployed = 'github-actions deployed it to production on 2026-05-20T12:10:00Z';

checkTester(deployedCommitsLanded, {
  conforms: {
    'it had landed': { item: deployment(), given: { scope, landed: [commit()] } },
    'a commit that a merge brought': {
      item: deployment(),
      given: { scope, landed: [commit({ first: false })], proposed: [pullRequest({ headSha: 'a'.repeat(40) })] },
    },
  },
  deviates: {
    'it landed after it was deployed': {
      item: deployment(),
      given: { scope, landed: [commit({ landedAt: instant('2026-05-20T15:00:00Z') })] },
      because: `${deployed}, and it reached the default branch only on 2026-05-20T15:00:00Z`,
      cites: { landed: [0] },
    },
    'trap 37: from the branch of a pull request': {
      item: deployment({ sha: HEAD, ref: 'shorter-sessions' }),
      given: { scope, proposed: [pullRequest()] },
      because: `${deployed}: the last commit of pull request #7, which is not what reached the default branch`,
    },
  },
  unknown: {
    'nobody has told of it': {
      item: deployment(),
      given: { scope },
      because: 'nothing tells that aaaaaaaaaaaa, asked for as main, ever reached the default branch',
    },
    'the same commit in another repository': {
      item: deployment({ ref: null }),
      given: { scope, landed: [commit({ repoId: 'r2' })], proposed: [pullRequest({ repoId: 'r2', headSha: 'a'.repeat(40) })] },
      because: 'nothing tells that aaaaaaaaaaaa ever reached the default branch',
    },
  },
  notYet: { 'a system out of scope': { item: deployment() } },
  ignores: { 'another environment': deployment({ production: false }) },
});
