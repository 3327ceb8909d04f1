import { iso } from '../core/instant.ts';
import { tickets } from '../datasets/change/tickets.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { handsApart, IMPLEMENTERS, REVIEWERS } from './ticket-people.ts';

export const emergencyChangesReviewed = defineCheck({
  id: 'emergency-changes-reviewed',
  title: 'Emergency changes are reviewed by somebody else',
  version: 1,
  asserts: 'Every emergency change that was implemented was reviewed within {deadline} after by another person than who implemented it.',
  population: tickets.where(({ type }) => type === 'emergency' || type === 'unknown'),
  with: { ...REVIEWERS, ...IMPLEMENTERS },
  parameters: { deadline: span('3 days', 'after it was implemented') },

  examine({ systemId, type, told, implementerId, implementer, implementedAt, reviewerId, reviewer, reviewedAt }, { at, ...given }, { deadline }) {
    if (!told.includes('implementation')) return unknown('the tracker is not asked when a change was implemented');
    if (implementedAt === null) return notYet({ rests: [] }); // told again when it is
    if (type === 'unknown') return unknown('more than one kind of change fits it');
    if (!told.includes('review')) return unknown('the tracker is not asked who reviewed a change');
    const due = implementedAt + deadline;
    const isReviewed = reviewedAt !== null && implementedAt <= reviewedAt && reviewedAt <= due;
    const by = { id: reviewerId, people: given.reviewers, declared: given.reviewerDeclared };
    const apart = isReviewed ? handsApart(systemId, by, { id: implementerId, people: given.implementers, declared: given.implementerDeclared }) : 'no';
    if (apart === 'yes') return conforms();
    if (apart === 'unknown')
      return unknown(`it cannot be told whether ${reviewer ?? 'who reviewed it'} and ${implementer ?? 'who implemented it'} are different people`);
    if (at < due) return notYet({ until: due });
    return deviates(`was implemented by ${implementer ?? 'nobody who is named'} on ${iso(implementedAt)}, and nobody else had reviewed it by ${iso(due)}`);
  },
});
