import { iso } from '../core/instant.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';
import { lasting } from './scope.ts';

export const registerEntriesReviewed = defineCheck({
  id: 'register-entries-reviewed',
  title: 'Every entry of a register is reviewed within {interval}',
  version: 2,
  asserts: 'Every entry of a register that stands says that it was reviewed within the last {interval}.',
  population: registerEntries.where(lasting),
  mustExist: true,
  parameters: {
    interval: span('366 days'),
    registers: 'all but access-requests and change-reviews, whose entries are acts of the past, and waivers and findings, whose entries end of themselves',
  },

  examine({ reviewedAt }, { at }, { interval }) {
    if (reviewedAt === null) return deviates('does not say when it was reviewed');
    if (at < reviewedAt) return deviates(`says that it was reviewed on ${iso(reviewedAt)}, which has not come`, { until: reviewedAt });
    const due = reviewedAt + interval;
    return at < due ? conforms({ until: due }) : deviates(`was last reviewed on ${iso(reviewedAt)}`);
  },
});
