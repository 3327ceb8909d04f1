import { iso } from '../core/instant.ts';
import { departures } from '../datasets/hr/departures.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';

export const departuresRecorded = defineCheck({
  id: 'departures-recorded',
  title: 'HR records departures before they take effect',
  version: 1,
  asserts: 'Every departure was told by HR no later than {lag} after it took effect.',
  population: departures,
  parameters: { lag: span('1 hour', 'after the end of the last day') },

  examine({ effectiveAt, toldAt, untoldAt }, _, { lag }) {
    const due = effectiveAt + lag;
    if (toldAt <= due) return conforms();
    const read = `took effect on ${iso(effectiveAt)}, and HR first told of it on ${iso(toldAt)}`;
    if (untoldAt === null) return unknown(`${read}, which is when it was first read: it may have been recorded long before`);
    if (untoldAt < due) return unknown(`${read}; it was last read without it on ${iso(untoldAt)}, and nothing shows when between the two it was recorded`);
    return deviates(`${read}; on ${iso(untoldAt)} it did not`);
  },
});
