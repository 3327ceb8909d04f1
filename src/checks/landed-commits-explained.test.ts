import { checkTester } from '../../test/check-tester.ts';
import { commit, repoCommit, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { landedCommitsExplained } from './landed-commits-explained.ts';

const scope = [system({ systemId: 'github' })];
const april = repoCommit({ committedAt: instant('2026-04-01T00:00:00Z') });

checkTester(landedCommitsExplained, {
  conforms: {
    'the host tells of it': { item: april, given: { scope, told: [commit()] } },
    'the host writes the name otherwise': { item: april, given: { scope, told: [commit({ repo: 'Acme/Web' })] } },
  },
  deviates: {
    'the host knows nothing of it': {
      item: april,
      given: { scope },
      because: 'is dated 2026-04-01T00:00:00Z and the host does not tell how it reached the branch',
    },
    'a copy of the repository does not explain it': {
      item: april,
      given: { scope, told: [commit({ repo: 'acme/fork' })] },
      because: 'is dated 2026-04-01T00:00:00Z and the host does not tell how it reached the branch',
    },
  },
  notYet: {
    'the host may still tell': { item: repoCommit(), given: { scope } },
    'a system out of scope': { item: april },
  },
  ignores: { 'a commit behind a merge': repoCommit({ first: false }) },
});
