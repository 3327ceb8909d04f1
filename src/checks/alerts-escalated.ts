import { iso } from '../core/instant.ts';
import { alertEvents } from '../datasets/alert/events.ts';
import { urgent } from './alerts.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

export const alertsEscalated = defineCheck({
  id: 'alerts-escalated',
  title: 'Urgent alerts that nobody takes are passed on',
  version: 1,
  asserts: 'Every critical or high alert was acknowledged by a person, or passed on to somebody else, within {escalateWithin} of being raised.',
  population: alertEvents.where(urgent),
  parameters: { escalateWithin: span('30 minutes', 'of being raised') },

  examine({ severity, told, firedAt, acknowledgedAt, acknowledgedByKind, escalatedAt, resolvedAt }, { at }, { escalateWithin }) {
    if (severity === 'unknown') return unknown('its source does not say how urgent it is');
    const deadline = firedAt + escalateWithin;
    const inTime = (it: number | null) => it !== null && it <= deadline;
    if ((acknowledgedByKind === 'human' && inTime(acknowledgedAt)) || inTime(escalatedAt) || inTime(resolvedAt)) return conforms();
    if (!told.includes('escalation')) return unknown('its source does not tell whether it was passed on');
    if (!told.includes('acknowledgement') || acknowledgedByKind === 'unknown') return unknown('its source does not tell who acknowledged it');
    if (at < deadline) return notYet({ until: deadline });
    const how = escalatedAt === null ? 'was never passed on' : `was passed on only on ${iso(escalatedAt)}`;
    return deviates(`raised as ${severity} on ${iso(firedAt)}, nobody had taken it by ${iso(deadline)}, and it ${how}`);
  },
});
