import { iso } from '../core/instant.ts';
import { tickets } from '../datasets/change/tickets.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

export const emergencyChangesFew = defineCheck({
  id: 'emergency-changes-few',
  title: 'Few changes are emergencies',
  version: 1,
  asserts: 'Of the changes that were implemented by a ticket no more than one in ten was an emergency.',
  population: tickets.where(({ type }) => type !== 'other'),
  tolerates: 0.1,
  parameters: { share: 'at most 10 % of the changes implemented that were opened within the period' },

  examine({ type, told, implementer, implementedAt }) {
    if (!told.includes('implementation')) return unknown('the tracker is not asked when a change was implemented');
    if (implementedAt === null) return notYet({ rests: [] }); // told again when it is
    if (type === 'unknown') return unknown('more than one kind of change fits it');
    return type === 'emergency' ? deviates(`was an emergency, implemented by ${implementer ?? 'nobody who is named'} on ${iso(implementedAt)}`) : conforms();
  },
});
