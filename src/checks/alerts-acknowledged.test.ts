import { checkTester } from '../../test/check-tester.ts';
import { alertEvent } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { alertsAcknowledged } from './alerts-acknowledged.ts';

const open = { acknowledgedAt: null, acknowledgedByKind: 'none', acknowledgedBy: null } as const;
const machine = { acknowledgedByKind: 'automation', acknowledgedBy: 'Jira integration' } as const;

checkTester(alertsAcknowledged, {
  conforms: {
    'a high one taken within the hour': { item: alertEvent() },
    'a critical one taken within a quarter of an hour': { item: alertEvent({ severity: 'critical' }) },
  },
  deviates: {
    'never acknowledged': { item: alertEvent(open), because: 'raised as high on 2026-05-20T12:00:00Z and was never acknowledged' },
    'acknowledged too late for a critical one': {
      item: alertEvent({ severity: 'critical', acknowledgedAt: instant('2026-05-20T12:20:00Z') }),
      because: 'raised as critical on 2026-05-20T12:00:00Z and was acknowledged only on 2026-05-20T12:20:00Z',
    },
    'acknowledged by a machine': {
      item: alertEvent(machine),
      because: 'raised as high on 2026-05-20T12:00:00Z and was acknowledged by Jira integration only',
    },
  },
  unknown: {
    'the source does not tell who took it': { item: alertEvent({ told: ['escalation'] }), because: 'its source does not tell who acknowledged it' },
    'the source does not say how urgent it is': { item: alertEvent({ severity: 'unknown' }), because: 'its source does not say how urgent it is' },
  },
  notYet: { 'there is time left': { item: alertEvent(open), at: instant('2026-05-20T12:59:59Z') } },
  ignores: { 'a medium one': alertEvent({ severity: 'medium', ...open }) },
});
