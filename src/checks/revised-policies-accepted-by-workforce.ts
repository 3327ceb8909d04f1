import { type Instant, iso } from '../core/instant.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { acceptances } from '../datasets/policy/acceptances.ts';
import { acceptancesByPerson, acceptancesOf, acceptedBy, replacedAt, REVISING, versions } from './accepting.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { firstOf } from './until.ts';

/** So many are named; the rest are counted. */
const NAMED = 5;

export const revisedPoliciesAcceptedByWorkforce = defineCheck({
  id: 'revised-policies-accepted-by-workforce',
  title: 'Every worker accepts each new version of a policy within {deadline}',
  version: 1,
  asserts: 'Everybody who worked here when a version of a policy came into force, and still does, had accepted it within {deadline}.',
  population: versions.where(({ mustBeAccepted }) => mustBeAccepted),
  mustExist: true,
  with: { known: versions.on('policyId'), people: workers.all(), given: acceptances.on('policyId') },
  parameters: { deadline: REVISING, replaced: 'a version that another has replaced is asked of nobody any more' },

  examine(document, { at, known, people, given }, { deadline }) {
    const { effectiveAt, approved } = document;
    const next = replacedAt(document, known);
    if (next !== null && next <= at) return notYet({ rests: ['known'] });
    const due = effectiveAt + deadline;
    if (at < due) return notYet(firstOf(at, due, next));
    const asked = people.filter(({ startAt, terminationAt }) => startAt <= effectiveAt && (terminationAt === null || at < terminationAt));
    if (asked.length === 0) return notYet({ rests: ['people'] });
    const theirs = acceptancesByPerson(acceptancesOf(document, known, given));
    const open = asked.flatMap((worker) => {
      const accepted = acceptedBy(theirs(worker), at);
      return accepted === 'yes' ? [] : [{ worker, accepted }];
    });
    if (open.length === 0) return conforms(firstOf(at, next, lastEnd(asked)));
    const until = firstOf(at, next, ...open.flatMap(({ worker }) => [worker.terminationAt, ...theirs(worker).map(({ acceptedAt }) => acceptedAt)]));
    if (approved !== 'yes') return unknown('whether anybody approved it is not told', until);
    const missing = open.filter(({ accepted }) => accepted === 'no').map(({ worker }) => worker);
    if (missing.length > 0) return deviates(`${list(missing)} had not accepted it by ${iso(due)}`, { cites: missing, ...until });
    return unknown(`nothing shows that it was they who accepted it: ${list(open.map(({ worker }) => worker))}`, until);
  },
});

/** When nobody of them is here any more; `null` while somebody stays. */
const lastEnd = (people: readonly Worker[]): Instant | null => {
  const ends = people.flatMap(({ terminationAt }) => (terminationAt === null ? [] : [terminationAt]));
  return ends.length < people.length ? null : ends.reduce((last, end) => Math.max(last, end), 0);
};

function list(people: readonly { readonly fullName: string; readonly workerId: string }[]): string {
  const all = people.map(({ fullName, workerId }) => `${fullName} (${workerId})`).sort();
  const named = all.length > NAMED ? [...all.slice(0, NAMED), `${all.length - NAMED} more`] : all;
  return [named.slice(0, -1).join(', '), ...named.slice(-1)].filter((part) => part !== '').join(' and ');
}
