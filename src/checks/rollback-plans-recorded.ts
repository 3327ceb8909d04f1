import { iso } from '../core/instant.ts';
import { tickets } from '../datasets/change/tickets.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

/** What fills a field and says nothing, without its punctuation. */
const EMPTY = ['', 'na', 'none', 'no', 'nil', 'tbd', 'todo', 'x', 'later', 'unknown', 'not applicable', 'not needed', 'see above'];
const saysNothing = (plan: string): boolean =>
  EMPTY.includes(
    plan
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} ]/gu, '')
      .trim(),
  );

export const rollbackPlansRecorded = defineCheck({
  id: 'rollback-plans-recorded',
  title: 'Every change says how to undo it',
  version: 1,
  asserts: 'Every ticket of a normal or an emergency change that was implemented says how the change would be undone.',
  population: tickets.where(({ type }) => type === 'normal' || type === 'emergency' || type === 'unknown'),
  parameters: { empty: EMPTY.filter((word) => word !== '').join(', ') },

  examine({ type, told, implementer, implementedAt, rollbackPlan }) {
    if (!told.includes('implementation')) return unknown('the tracker is not asked when a change was implemented');
    if (implementedAt === null) return notYet({ rests: [] }); // told again when it is
    if (type === 'unknown') return unknown('more than one kind of change fits it');
    if (!told.includes('rollback')) return unknown('the tracker is not asked how a change would be undone');
    const implemented = `was implemented by ${implementer ?? 'nobody who is named'} on ${iso(implementedAt)}`;
    if (rollbackPlan === null) return deviates(`${implemented} and does not say how to undo it`);
    return saysNothing(rollbackPlan) ? deviates(`${implemented} and says of undoing it only "${rollbackPlan}"`) : conforms();
  },
});
