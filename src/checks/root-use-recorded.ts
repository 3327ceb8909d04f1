import { days, iso, minutes } from '../core/instant.ts';
import { type PrivilegedSession, privilegedSessions } from '../datasets/access/privileged-sessions.ts';
import { type RootUse, rootUses } from '../datasets/iam/root-uses.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { approvedByOthers, TOLD } from './stated.ts';

const PATIENCE = days(2 + TOLD);
const TOLERANCE = minutes(5);

export const rootUseRecorded = defineCheck({
  id: 'root-use-recorded',
  title: 'Every use of a root identity is on record',
  version: 1,
  asserts: 'Every use of a root identity fell within a session of emergency access that is on record, with a ticket, and that another person stands behind.',
  population: rootUses,
  with: { sessions: privilegedSessions.where(({ type }) => type === 'break-glass').on('systemId') },
  parameters: { tolerance: '5 minutes between the clocks', patience: '10 days until the registers must be seen to hold the session' },

  examine(use, { at, sessions }) {
    if (!use.told) return unknown(`the credential report of ${iso(use.usedAt)} does not say when root was last used by ${use.credential}`);
    const its = sessions.filter((session) => covers(session, use));
    const approved = its.map((session) => approvedByOthers(session));
    if (its.some(({ ticketId }, place) => ticketId !== null && approved[place] === 'yes')) return conforms();
    const due = use.usedAt + PATIENCE;
    if (at < due) return notYet({ until: due });
    const used = `was used on ${iso(use.usedAt)}`;
    if (its.length === 0) return deviates(`${used}, and no session of emergency access is on record for then`);
    const named = its
      .map(({ sessionId }) => sessionId)
      .sort()
      .join(', ');
    if (its.every(({ ticketId }) => ticketId === null)) return deviates(`${used}, and session ${named} names no ticket`, { cites: its });
    if (approved.includes('unknown')) return unknown(`${used}, and nothing shows that anybody but its author stands behind session ${named}`);
    return deviates(`${used}, and nobody but its author stands behind session ${named}`, { cites: its });
  },
});

/** Whether the session was of that root identity, and went on then. One that nobody says to have ended covers nothing. */
const covers = ({ account, startedAt, endedAt }: PrivilegedSession, { accountId, usedAt }: RootUse): boolean =>
  (account === accountId || account?.endsWith(`:iam::${accountId}:root`) === true) &&
  startedAt - TOLERANCE <= usedAt &&
  endedAt !== null &&
  usedAt <= endedAt + TOLERANCE;
