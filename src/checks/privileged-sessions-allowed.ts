import { hours, iso, minutes } from '../core/instant.ts';
import { privilegedSessions } from '../datasets/access/privileged-sessions.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { approvedByOthers, TOLD } from './stated.ts';
import { workers } from '../datasets/hr/workers.ts';

const PATIENCE = hours(24 * TOLD);
const TOLERANCE = minutes(5);

export const privilegedSessionsAllowed = defineCheck({
  id: 'privileged-sessions-allowed',
  title: 'Privileged sessions are allowed beforehand and end',
  version: 1,
  asserts: 'Every privileged session but one of an emergency had a ticket, was allowed by another person before it began, and ended within {longest}.',
  population: privilegedSessions.where(({ type }) => type !== 'break-glass'),
  with: { users: workers.on('workerId') },
  parameters: { longest: span('8 hours'), tolerance: '5 minutes between the clocks', patience: '8 days until the registers must be seen to tell of its end' },

  examine(session, { at, users }, { longest }) {
    const { workerId, ticketId, allowedById, allowedAt, startedAt, endedAt } = session;
    const due = startedAt + longest;
    if (ticketId === null) return deviates('it names no ticket');
    if (allowedById === null || allowedAt === null) return deviates('nobody allowed it');
    if (allowedById === workerId) return deviates(`${workerId} allowed it for themselves`);
    if (allowedAt > startedAt + TOLERANCE) return deviates(`it began on ${iso(startedAt)}, and was allowed on ${iso(allowedAt)}`);
    if (endedAt !== null && endedAt > due) return deviates(`it began on ${iso(startedAt)} and ended on ${iso(endedAt)}`);
    if (endedAt === null)
      return at < due + PATIENCE ? notYet({ until: due + PATIENCE }) : deviates(`it began on ${iso(startedAt)}, and nobody says that it ended`);
    if (approvedByOthers(session, users) !== 'yes') return unknown(`nothing but its own word shows that ${allowedById} allowed it`);
    return conforms();
  },
});
