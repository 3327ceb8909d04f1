import { days, iso } from '../core/instant.ts';
import { privilegedSessions } from '../datasets/access/privileged-sessions.ts';
import { workers } from '../datasets/hr/workers.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { approvedByOthers, TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const breakGlassReviewed = defineCheck({
  id: 'break-glass-reviewed',
  title: 'Every use of emergency access is looked into',
  version: 1,
  asserts: 'Every use of emergency access names its ticket, and within {deadline} another person had looked into what was done.',
  population: privilegedSessions.where(({ type }) => type === 'break-glass'),
  with: { users: workers.on('workerId') },
  parameters: { deadline: span('48 hours', 'after it began'), patience: '8 days more until the registers must be seen to hold the review' },

  examine(session, { at, users }, { deadline }) {
    const { workerId, ticketId, startedAt, reviewerId, reviewedAt } = session;
    const due = startedAt + deadline;
    const inTime = reviewerId !== null && reviewerId !== workerId && reviewedAt !== null && reviewedAt >= startedAt && reviewedAt <= due;
    if (ticketId !== null && inTime && approvedByOthers(session, users) === 'yes') return conforms();
    if (at < due + PATIENCE) return notYet({ until: due + PATIENCE });
    if (ticketId === null) return deviates('it names no ticket');
    if (reviewerId === null || reviewedAt === null) return deviates(`it began on ${iso(startedAt)}, and nobody looked into it by ${iso(due)}`);
    if (reviewerId === workerId) return deviates(`${workerId} looked into what they did themselves`);
    if (!inTime) return deviates(`it began on ${iso(startedAt)}, and was looked into on ${iso(reviewedAt)}`);
    return unknown(`nothing but its own word shows that ${reviewerId} looked into it`);
  },
});
