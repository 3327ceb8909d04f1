import { iso } from '../core/instant.ts';
import { alertEvents } from '../datasets/alert/events.ts';
import { urgent } from './alerts.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

export const alertsAcknowledged = defineCheck({
  id: 'alerts-acknowledged',
  title: 'Urgent alerts are acknowledged by a person in time',
  version: 1,
  asserts: 'Every critical alert was acknowledged by a person within {criticalTarget} of being raised, and every high one within {highTarget}.',
  population: alertEvents.where(urgent),
  parameters: { criticalTarget: span('15 minutes', 'of being raised'), highTarget: span('60 minutes', 'of being raised') },

  examine({ severity, told, firedAt, acknowledgedAt, acknowledgedByKind, acknowledgedBy }, { at }, { criticalTarget, highTarget }) {
    if (severity === 'unknown') return unknown('its source does not say how urgent it is');
    if (!told.includes('acknowledgement') || acknowledgedByKind === 'unknown') return unknown('its source does not tell who acknowledged it');
    const deadline = firedAt + (severity === 'critical' ? criticalTarget : highTarget);
    const taken = acknowledgedByKind === 'human' ? acknowledgedAt : null;
    if (taken !== null && taken <= deadline) return conforms();
    if (at < deadline) return notYet({ until: deadline });
    const who = acknowledgedByKind === 'automation' ? `was acknowledged by ${acknowledgedBy ?? 'a machine'} only` : 'was never acknowledged';
    const how = taken === null ? who : `was acknowledged only on ${iso(taken)}`;
    return deviates(`raised as ${severity} on ${iso(firedAt)} and ${how}`);
  },
});
