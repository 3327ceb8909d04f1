import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Engagement, engagements } from '../datasets/people/engagements.ts';
import { repoAccess } from '../datasets/repo/access.ts';
import { conforms, defineCheck, deviates, unknown, type Verdict } from './check.ts';
import { outOfScope } from './scope.ts';

export const repoAccessJustified = defineCheck({
  id: 'repo-access-justified',
  title: 'Rights in repositories are held by who works here, and through teams',
  version: 2,
  asserts:
    'Every account with rights in a repository is of somebody who works here or is declared with somebody who answers for it, no person was given the right to write by himself rather than through a team, and no outsider administers.',
  population: repoAccess.where(({ level, undecided }) => level !== 'none' || undecided.length > 0),
  with: { scope: systems.on('systemId'), ties: engagements.on('userId') },

  examine({ systemId, role, level, undecided, direct, directUndecided }, { at, scope, ties }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [tie] = ties.filter((one) => one.systemId === systemId);
    if (!tie) return unknown(`${systemId} lists no such account, so nothing tells whose it is`);
    const cites = [tie];
    const isPerson = tie.kind === 'human' || tie.kind === 'unknown';
    if (role === 'outside-collaborator' && level === 'admin') return deviates('an outsider administers a repository', { cites });
    if (role !== 'outside-collaborator' && isPerson && direct.length > 0)
      return deviates(`was given the right to write itself, not through a team: ${direct.join(', ')}`, { cites });
    const { verdict, until } = holderOf(tie, at);
    if (verdict) return verdict;
    if (undecided.length > 0) return unknown(undecided.join('; '), until);
    if (isPerson && directUndecided.length > 0)
      return unknown(`was added itself to ${directUndecided.join(', ')}, and GitHub tells only the highest of its rights there`, until);
    return conforms(until);
  },
});

/** Whose account it is, where that alone settles it, or else until when he is here. */
function holderOf(tie: Engagement, at: number): { readonly verdict?: Verdict; readonly until: { readonly until?: number } } {
  const { personId, ownerId, startAt, endAt } = tie;
  const cites = [tie];
  if (personId === null && ownerId === null) return { verdict: deviates('nobody knows whose it is', { cites }), until: {} };
  if (personId !== null && startAt === null) return { verdict: deviates(`HR does not know ${personId}, whose it is`, { cites }), until: {} };
  if (personId === null || endAt === null) return { until: {} };
  if (at < endAt) return { until: { until: endAt } };
  return { verdict: deviates(`${personId}, whose it is, left on ${iso(endAt)}`, { cites }), until: {} };
}
