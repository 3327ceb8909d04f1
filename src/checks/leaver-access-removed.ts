import { type Instant, iso } from '../core/instant.ts';
import { type Departure, departures } from '../datasets/hr/departures.ts';
import { type Worker, workers } from '../datasets/hr/workers.ts';
import { defineCheck, span } from './check.ts';
import { removal, USABLE } from './leaver.ts';

type Leaver = Worker & { readonly terminationAt: number };

export const leaverAccessRemoved = defineCheck({
  id: 'leaver-access-removed',
  title: 'Leavers lose their access within {deadline}',
  version: 3,
  asserts:
    'No account of a person who left, in any system, is still active {deadline} after the engagement ended, and HR had told of that end by then, so that it was looked for.',
  population: workers.where((worker): worker is Leaver => worker.terminationAt !== null),
  with: { accounts: USABLE, engagements: workers.on('workerId'), told: departures.on('workerId') },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ terminationAt, startAt }, { at, accounts, engagements, told }, { deadline: allowed }) {
    const deadline = terminationAt + allowed;
    const departure = told.find((one) => one.startAt === startAt && one.effectiveAt === terminationAt);
    const ended = { startAt, endAt: terminationAt, deadline, left: `left on ${iso(terminationAt)}`, late: lateness(departure, deadline) };
    return removal(ended, at, accounts, engagements);
  },
});

/** An end that HR tells of later is one whose accounts nobody examined from the deadline on. What the first answer of all told may have been told before. */
function lateness(departure: Departure | undefined, deadline: Instant): string | null {
  if (!departure) return 'and nothing shows when HR told of it';
  const { toldAt, untoldAt } = departure;
  if (untoldAt === null || toldAt <= deadline) return null;
  return `and HR told of it only on ${iso(toldAt)}: what was open from ${iso(deadline)} on was not examined`;
}
