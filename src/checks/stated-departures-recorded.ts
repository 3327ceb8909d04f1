import { days, iso } from '../core/instant.ts';
import { terminations } from '../datasets/hr/terminations.ts';
import { workers } from '../datasets/hr/workers.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';

/** A date is a day in the zone of who wrote it, and HR writes it in the zone of the worker. */
const APART = days(1);

export const statedDeparturesRecorded = defineCheck({
  id: 'stated-departures-recorded',
  title: 'Departures that HR does not tell are stated before they take effect',
  version: 1,
  asserts:
    'Every departure that was stated is that of an engagement that HR knows and, to a day, when HR says it ended; where HR tells of no end, it was stated no later than {lag} after it took effect.',
  population: terminations,
  with: { engagements: workers.on('workerId') },
  parameters: {
    lag: span('1 hour', 'after the end of the last day'),
    apart: '1 day between HR and the statement, for each may name a day in another time zone',
  },

  examine({ workerId, effectiveAt, recordedAt }, { engagements }, { lag }) {
    if (engagements.length === 0) return unknown(`HR knows no worker ${workerId}, and so nobody can tell whose access is to go`);
    const [its] = engagements.filter(({ startAt }) => startAt < effectiveAt).sort((a, b) => b.startAt - a.startAt);
    const stated = `was stated to take effect on ${iso(effectiveAt)}`;
    if (!its) return deviates(`${stated}, and by HR no engagement of ${workerId} had begun by then`, { cites: engagements });
    const { terminationAt } = its;
    if (terminationAt !== null)
      return Math.abs(terminationAt - effectiveAt) <= APART
        ? conforms()
        : deviates(`${stated}, and by HR the engagement ends on ${iso(terminationAt)}`, { cites: [its] });
    if (recordedAt <= effectiveAt + lag) return conforms();
    return deviates(`${stated}, and that was stated on ${iso(recordedAt)}; HR tells of no end`, { cites: [its] });
  },
});
