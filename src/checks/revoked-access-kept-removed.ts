import { iso } from '../core/instant.ts';
import { accessRequests } from '../datasets/access/requests.ts';
import { systems } from '../datasets/asset/systems.ts';
import { memberships } from '../datasets/identity/memberships.ts';
import { users } from '../datasets/identity/users.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { isMembership } from './rights.ts';
import { outOfScope } from './scope.ts';

export const revokedAccessKeptRemoved = defineCheck({
  id: 'revoked-access-kept-removed',
  title: 'What a review took away stays away',
  version: 3,
  asserts:
    'No account belongs to a group, team, application or role that an access review took away from it more than {deadline} before, unless a request for it was approved since.',
  population: memberships,
  with: {
    scope: systems.on('systemId'),
    revoked: decisions.where(({ decision }) => decision === 'revoke').on('userId'),
    holders: users.on('userId'),
    requested: accessRequests.where(({ decision }) => decision === 'approved').all(),
  },
  parameters: { deadline: span('7 days') },

  examine(held, { at, scope, revoked, holders, requested }, { deadline }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { systemId, name } = held;
    const its = revoked.filter((decision) => decision.systemId === systemId && isMembership(decision.right, held));
    if (its.length === 0) return conforms();
    const last = its.reduce((a, b) => (b.decidedAt > a.decidedAt ? b : a));
    const emails = holders.filter((holder) => holder.systemId === systemId).flatMap((holder) => holder.emails);
    const again = requested.filter(
      ({ role, title, decidedAt }) =>
        (decidedAt === null || decidedAt > last.decidedAt) && [role ?? '', title].some((text) => text.toLowerCase().includes(name.toLowerCase())),
    );
    const theirs = again.filter(({ beneficiaryEmails }) => beneficiaryEmails.some((email) => emails.includes(email)));
    if (theirs.some(({ decidedAt }) => decidedAt !== null)) return conforms();
    const due = last.decidedAt + deadline;
    if (at < due) return conforms({ until: due });
    if (theirs.length > 0) return unknown('a request for it was approved, and its source does not say when');
    return emails.length === 0 && again.length > 0
      ? unknown('a request for it was approved for somebody, and nobody knows whose account this is')
      : deviates(`a review took it away on ${iso(last.decidedAt)}, and no request for it was approved since`, { cites: [last] });
  },
});
