import { iso } from '../core/instant.ts';
import { type Ticket, tickets } from '../datasets/change/tickets.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown, type Verdict } from './check.ts';
import { APPROVERS, type Hand, handsApart, IMPLEMENTERS } from './ticket-people.ts';

export const changeTicketsCompleted = defineCheck({
  id: 'change-tickets-completed',
  title: 'Tickets of planned changes are complete',
  version: 1,
  asserts:
    'Every ticket of a planned change that was implemented says what it is for and at what risk, had been approved beforehand by another person than who implemented it, or for its kind, and was closed within {deadline}.',
  population: tickets.where(({ type }) => type === 'normal' || type === 'standard' || type === 'unknown'),
  with: { ...APPROVERS, ...IMPLEMENTERS },
  parameters: { deadline: span('14 days', 'after it was implemented'), kinds: 'normal; standard, whose approval is that of its kind' },

  examine(ticket, { at, approvers, approverDeclared, implementers, implementerDeclared }, { deadline }) {
    const { systemId, type, told, approverId, implementerId, implementedAt } = ticket;
    if (!told.includes('implementation')) return unknown('the tracker is not asked when a change was implemented');
    if (implementedAt === null) return notYet({ rests: [] }); // told again when it is
    if (type === 'unknown') return unknown('more than one kind of change fits it');
    const approver = { id: approverId, people: approvers, declared: approverDeclared };
    const approval =
      type === 'standard'
        ? null
        : approvalOf(ticket, implementedAt, systemId, approver, { id: implementerId, people: implementers, declared: implementerDeclared });
    if (approval?.kind === 'deviates') return approval;
    const due = implementedAt + deadline;
    const lacking = lacksOf(ticket, due);
    if (lacking.length > 0 && at < due) return notYet({ until: due });
    if (lacking.length > 0) return deviates(`was implemented on ${iso(implementedAt)} and ${lacking.join(', ')}`);
    if (approval) return approval;
    if (!told.includes('risk')) return unknown('the tracker is not asked for the risk of a change');
    return ticket.risk === 'unknown' ? unknown('its risk is written in a word that is not known') : conforms();
  },
});

/** What is wrong with its approval, or cannot be told; `null` of one that is right. */
function approvalOf({ told, approvedAt, approver, implementer }: Ticket, implementedAt: number, system: string, by: Hand, of: Hand): Verdict | null {
  if (!told.includes('approval')) return unknown('the tracker is not asked who approved a change');
  const implemented = `was implemented by ${implementer ?? 'nobody who is named'} on ${iso(implementedAt)}`;
  if (approvedAt === null) return deviates(`${implemented}, and nobody approved it`);
  if (approvedAt > implementedAt) return deviates(`${implemented} and approved only on ${iso(approvedAt)}`);
  const apart = handsApart(system, by, of);
  if (apart === 'no')
    return deviates(`${implemented} and approved by ${approver ?? 'nobody who is named'}, which is nobody else`, {
      cites: [...by.people, ...by.declared, ...of.people, ...of.declared],
    });
  return apart === 'yes'
    ? null
    : unknown(`it cannot be told whether ${approver ?? 'who approved it'} and ${implementer ?? 'who implemented it'} are different people`);
}

const lacksOf = ({ told, purpose, risk, closedAt }: Ticket, due: number): readonly string[] => [
  ...(purpose === null ? ['does not say what it is for'] : []),
  ...(told.includes('risk') && risk === null ? ['records no risk'] : []),
  ...(closedAt === null ? ['is not closed'] : closedAt > due ? [`was closed only on ${iso(closedAt)}`] : []),
];
