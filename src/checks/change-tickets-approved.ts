import { type Duration, type Instant, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import type { Apart } from '../datasets/change/approval.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { type Ticket, tickets } from '../datasets/change/tickets.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const changeTicketsApproved = defineCheck({
  id: 'change-tickets-approved',
  title: 'The ticket of a change is approved before the merge',
  version: 2,
  asserts:
    'Every ticket key that a pull request merged into a default branch names leads to a ticket, and one of them had been approved before the merge, or is of a kind that is approved beforehand or of an emergency.',
  population: pullRequests.where((change) => change.tickets.length > 0),
  with: { scope: systems.on('systemId'), named: tickets.on('ticketIds', 'tickets') },
  parameters: {
    tolerance: span('5 minutes', 'between the clocks of host and tracker'),
    patience: span('1 day', 'until the ticket of an emergency must be written'),
  },

  examine({ tickets: keys, mergedBy, mergedAt }, { at, scope, named }, { tolerance, patience }) {
    const out = outOfScope(scope);
    if (out) return out;
    const merged = `was merged by ${mergedBy} on ${iso(mergedAt)}`;
    const lost = keys.filter((key) => !named.some(({ ticketIds }) => ticketIds.includes(key))).sort();
    // An issue that it closes is the host's own, beside a ticket that a tracker knows.
    if (lost.some((key) => !key.includes('#')) || named.length === 0) {
      if (at < mergedAt + patience) return notYet({ until: mergedAt + patience });
      return deviates(`${merged} and names ${lost.join(', ')}, which no tracker knows`);
    }
    const judged = named.map((ticket) => ({ ...ticket, approved: approvedBefore(ticket, mergedAt, tolerance) }));
    if (judged.some(({ approved }) => approved === 'yes')) return conforms();
    const doubtful = judged.filter(({ approved }) => approved === 'unknown').map(({ ticketId }) => ticketId);
    if (doubtful.length > 0) return unknown(`it cannot be told whether ${doubtful.sort().join(', ')} had been approved when it was merged`);
    const said = judged.map(
      ({ ticketId, approvedAt }) => `${ticketId}, ${approvedAt === null ? 'which nobody approved' : `approved only on ${iso(approvedAt)}`}`,
    );
    return deviates(`${merged} under ${said.sort().join('; ')}`, { cites: named });
  },
});

/** By the history of the tracker, never by a field that can be filled in later. */
function approvedBefore({ type, told, approvedAt }: Ticket, mergedAt: Instant, tolerance: Duration): Apart {
  if (type === 'standard' || type === 'emergency') return 'yes';
  if (approvedAt !== null && approvedAt <= mergedAt - tolerance) return 'yes';
  if (approvedAt !== null && approvedAt <= mergedAt + tolerance) return 'unknown';
  return told.includes('approval') && type !== 'unknown' ? 'no' : 'unknown';
}
