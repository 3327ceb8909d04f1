import { iso } from '../core/instant.ts';
import { type Worker, workers } from '../datasets/hr/workers.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

type Leaver = Worker & { readonly terminationAt: number };

export const leaverAccessRemoved = defineCheck({
  id: 'leaver-access-removed',
  title: 'Leavers lose their access within {deadline}',
  version: 2,
  asserts: 'No account of a person who left, in any system, is still active {deadline} after the engagement ended.',
  population: workers.where((worker): worker is Leaver => worker.terminationAt !== null),
  with: {
    accounts: accounts.where(({ status }) => status === 'active' || status === 'invited' || status === 'unknown').on('personId', 'workerId'),
    engagements: workers.on('workerId'),
  },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ terminationAt, startAt }, { at, accounts: theirs, engagements }, { deadline: allowed }) {
    const deadline = terminationAt + allowed;
    if (at < deadline) return notYet({ until: deadline });
    // Somebody who came back may have access again; the time between is not excused by it.
    const back = engagements.filter((other) => other.startAt !== startAt && other.startAt >= terminationAt).map((other) => other.startAt);
    const returned = back.filter((start) => start <= at).length > 0;
    const next = back.filter((start) => start > at).sort((a, b) => a - b)[0];
    const until = next === undefined ? {} : { until: next };
    if (theirs.length === 0 || returned) return conforms(until);
    const alive = theirs.filter(({ status }) => status !== 'unknown');
    if (alive.length === 0) return unknown(`left on ${iso(terminationAt)}, and nobody says whether ${named(theirs)} can still be used`, until);
    return deviates(`left on ${iso(terminationAt)} and still holds ${named(alive)}`, { cites: alive, ...until });
  },
});

const named = (theirs: readonly Account[]): string =>
  theirs
    .map(({ systemId, login }) => `${login} in ${systemId}`)
    .sort()
    .join(', ');
