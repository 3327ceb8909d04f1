import { checkTester } from '../../test/check-tester.ts';
import { commit, pullRequest, system } from '../../test/rows.ts';
import { commitsLandedThroughReview } from './commits-landed-through-review.ts';

const scope = [system({ systemId: 'github' })];

checkTester(commitsLandedThroughReview, {
  conforms: {
    'merged from a pull request': { item: commit(), given: { scope, request: [pullRequest()] } },
    'trap 32: brought by a merge queue': { item: commit({ how: 'merge-queue' }), given: { scope, request: [pullRequest()] } },
    'trap 32: a local merge of a pull request, pushed': { item: commit({ how: 'pushed' }), given: { scope, request: [pullRequest()] } },
  },
  deviates: {
    'trap 28: pushed past any pull request': {
      item: commit({ how: 'pushed', prId: null, prNumber: null }),
      given: { scope },
      because: 'was pushed to main by bruno-novak on 2026-05-20T12:00:00Z, through no pull request',
    },
    'history rewritten': {
      item: commit({ how: 'force-pushed', prId: null, prNumber: null }),
      given: { scope },
      because: 'main was rewritten by bruno-novak on 2026-05-20T12:00:00Z',
    },
    'it came with a branch made anew': {
      item: commit({ how: 'created', prId: null, prNumber: null }),
      given: { scope },
      because: 'came with main when that was made by bruno-novak on 2026-05-20T12:00:00Z, through no pull request',
    },
    'trap 70: no update of the host explains it': {
      item: commit({ how: 'unexplained', prId: null, prNumber: null, pusher: null, pusherId: null }),
      given: { scope },
      because: 'it is on main since 2026-05-20T12:00:00Z at the latest, and the host names no update that brought it',
    },
    'the account that pushed is gone': {
      item: commit({ how: 'pushed', prId: null, prNumber: null, pusher: null, pusherId: null }),
      given: { scope },
      because: 'was pushed to main by an account that is gone on 2026-05-20T12:00:00Z, through no pull request',
    },
  },
  unknown: {
    'a pull request of which nothing is known': {
      item: commit(),
      given: { scope },
      because: 'it came through the pull request PR_1, of which nothing is known',
    },
  },
  notYet: {
    'the repository begins': { item: commit({ how: 'created', prId: null, prNumber: null, parents: [] }), given: { scope } },
    'a system out of scope': { item: commit() },
  },
  ignores: { 'what a merge brought with it': commit({ first: false }) },
});
