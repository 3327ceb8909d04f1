import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const PrivilegedSession = z.object({
  sessionId: text('Id of the session'),
  type: z.enum(['break-glass', 'just-in-time', 'support', 'database']).describe('What kind of access was used'),
  workerId: text('Worker id of who used it'),
  systemId,
  account: maybeText('Account that was used, as the system writes it'),
  reason: text('What it was needed for'),
  ticketId: maybeText('Ticket of that need'),
  allowedById: maybeText('Worker id of who allowed it beforehand, by the word of the entry'),
  allowedAt: maybeAt('When, by that word'),
  startedAt: at('When it began'),
  endedAt: maybeAt('When it ended'),
  reviewerId: maybeText('Worker id of who looked into what was done, by the word of the entry'),
  reviewedAt: maybeAt('When, by that word'),
  finding: maybeText('What the review found'),
  ...stated,
});
export type PrivilegedSession = z.infer<typeof PrivilegedSession>;

export const privilegedSessions = defineDataset<PrivilegedSession>({
  id: 'access.privileged-sessions',
  title: 'One use of access that is kept for special need: break-glass, for an hour, into the data of a customer',
  row: PrivilegedSession,
  key: ({ sessionId }) => sessionId,
  label: ({ type, systemId: system, sessionId }) => `${type} session ${sessionId} in ${system}`,
  freshness: days(11),
  happened: ({ startedAt }) => startedAt,
});
