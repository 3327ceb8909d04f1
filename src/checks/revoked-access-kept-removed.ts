import { iso } from '../core/instant.ts';
import { accessRequests } from '../datasets/access/requests.ts';
import { systems } from '../datasets/asset/systems.ts';
import { memberships } from '../datasets/identity/memberships.ts';
import { users } from '../datasets/identity/users.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';
import { outOfScope } from './scope.ts';

export const revokedAccessKeptRemoved = defineCheck({
  id: 'revoked-access-kept-removed',
  title: 'What a review took away stays away',
  version: 1,
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

  examine({ systemId, name }, { at, scope, revoked, holders, requested }, { deadline }) {
    const out = outOfScope(scope);
    if (out) return out;
    const its = revoked.filter((decision) => decision.systemId === systemId && decision.right.toLowerCase() === name.toLowerCase());
    if (its.length === 0) return conforms();
    const last = its.reduce((a, b) => (b.decidedAt > a.decidedAt ? b : a));
    const emails = holders.filter((holder) => holder.systemId === systemId).flatMap((holder) => holder.emails);
    const again = requested.filter(
      ({ role, title, beneficiaryEmails, decidedAt }) =>
        decidedAt !== null &&
        decidedAt > last.decidedAt &&
        beneficiaryEmails.some((email) => emails.includes(email)) &&
        [role ?? '', title].some((text) => text.toLowerCase().includes(name.toLowerCase())),
    );
    if (again.length > 0) return conforms();
    const due = last.decidedAt + deadline;
    return at < due
      ? conforms({ until: due })
      : deviates(`a review took it away on ${iso(last.decidedAt)}, and no request for it was approved since`, { cites: [last] });
  },
});
