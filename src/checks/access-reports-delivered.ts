import { days, iso } from '../core/instant.ts';
import { reports } from '../datasets/governance/reports.ts';
import { conforms, defineCheck, deviates, notYet, span } from './check.ts';
import { TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const accessReportsDelivered = defineCheck({
  id: 'access-reports-delivered',
  title: 'Reports of access reviews are delivered in time',
  version: 1,
  asserts: 'Every report of an access review was made after the time it tells of, and handed to somebody within {grace} after that.',
  population: reports.where(({ type }) => type === 'access-review'),
  parameters: { grace: span('10 days', 'after the end of the time that it tells of'), patience: '8 days more until the registers must be seen to say so' },

  examine({ toAt, generatedAt, deliveredAt, deliveredTo }, { at }, { grace }) {
    const due = toAt + grace;
    if (generatedAt < toAt) return deviates(`it was made on ${iso(generatedAt)}, before the time that it tells of had ended`);
    if (generatedAt > due) return deviates(`it was made on ${iso(generatedAt)}, and was due on ${iso(due)}`);
    const sent = deliveredAt !== null && deliveredTo.length > 0;
    if (sent && deliveredAt <= due) return conforms();
    if (sent) return deviates(`it was delivered on ${iso(deliveredAt)}, and was due on ${iso(due)}`);
    return at < due + PATIENCE ? notYet({ until: due + PATIENCE }) : deviates('nobody says to whom it was delivered, and when');
  },
});
