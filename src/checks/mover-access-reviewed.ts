import { days, iso } from '../core/instant.ts';
import { accessRequests } from '../datasets/access/requests.ts';
import { jobChanges } from '../datasets/hr/job-changes.ts';
import { workers } from '../datasets/hr/workers.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { isKnown, TOLD } from './stated.ts';

const LEAD = days(30);
const PATIENCE = days(TOLD);

export const moverAccessReviewed = defineCheck({
  id: 'mover-access-reviewed',
  title: 'Access is reviewed when somebody moves',
  version: 1,
  asserts:
    'Within {deadline} after a worker moved to another department or title, somebody else had decided on the access the worker held: in a ticket of that kind, or right by right in a review.',
  population: jobChanges,
  with: {
    movers: workers.on('workerId'),
    decided: decisions.on('workerId'),
    tickets: accessRequests.where(({ type }) => type === 'mover-review').all(),
  },
  parameters: {
    deadline: span('14 days', 'after the move took effect'),
    lead: '30 days before it, from when on a ticket counts',
    patience: '8 days more until the registers must be seen to hold a decision',
  },

  examine({ workerId, fromDepartment, toDepartment, effectiveAt }, { at, movers, decided, tickets }, { deadline }) {
    const due = effectiveAt + deadline;
    const emails = movers.flatMap((mover) => mover.emails);
    const its = tickets.filter(
      ({ beneficiaryEmails, requestedAt }) => requestedAt >= effectiveAt - LEAD && beneficiaryEmails.some((email) => emails.includes(email)),
    );
    const inTime = its.filter(({ decision, decidedAt }) => decision === 'approved' && decidedAt !== null && decidedAt <= due);
    const reviewed = decided.filter(
      ({ decidedAt, authorEmail, knownBy }) =>
        decidedAt >= effectiveAt && decidedAt <= due && authorEmail !== null && isKnown({ knownBy }) && !emails.includes(authorEmail),
    );
    const apart = inTime.filter(({ approverEmail }) => approverEmail !== null && !emails.includes(approverEmail));
    if (movers.length > 0 && (apart.length > 0 || reviewed.length > 0)) return conforms();
    if (at < due + PATIENCE) return notYet({ until: due + PATIENCE });
    if (movers.length === 0) return unknown(`HR knows no worker ${workerId}, and so nobody can tell who may not decide`);
    const silent = its.find(({ decision, approverEmail }) => decision === 'unknown' || (decision === 'approved' && approverEmail === null));
    if (silent) return unknown(`${silent.ticketId} is about this access, and its tracker does not say who decided`);
    return deviates(
      `moved from ${fromDepartment} to ${toDepartment} on ${iso(effectiveAt)}, and nobody else had decided by ${iso(due)} on the access held before`,
    );
  },
});
