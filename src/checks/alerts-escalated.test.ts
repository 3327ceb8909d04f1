import { checkTester } from '../../test/check-tester.ts';
import { alertEvent } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { alertsEscalated } from './alerts-escalated.ts';

const open = { acknowledgedAt: null, acknowledgedByKind: 'none', acknowledgedBy: null, resolvedAt: null } as const;

checkTester(alertsEscalated, {
  conforms: {
    'taken in time': { item: alertEvent() },
    'passed on in time': { item: alertEvent({ ...open, escalatedAt: instant('2026-05-20T12:30:00Z') }) },
    'over before it had to be passed on': { item: alertEvent({ ...open, resolvedAt: instant('2026-05-20T12:05:00Z') }) },
    'taken in time, by a source that does not tell who passes it on': { item: alertEvent({ told: ['acknowledgement'] }) },
  },
  deviates: {
    'nobody took it, and it was never passed on': {
      item: alertEvent(open),
      because: 'raised as high on 2026-05-20T12:00:00Z, nobody had taken it by 2026-05-20T12:30:00Z, and it was never passed on',
    },
    'passed on too late': {
      item: alertEvent({ ...open, escalatedAt: instant('2026-05-20T14:00:00Z') }),
      because: 'raised as high on 2026-05-20T12:00:00Z, nobody had taken it by 2026-05-20T12:30:00Z, and it was passed on only on 2026-05-20T14:00:00Z',
    },
    'a machine took it': {
      item: alertEvent({ acknowledgedByKind: 'automation' }),
      because: 'raised as high on 2026-05-20T12:00:00Z, nobody had taken it by 2026-05-20T12:30:00Z, and it was never passed on',
    },
  },
  unknown: {
    'the source does not tell whether it was passed on': {
      item: alertEvent({ ...open, told: ['acknowledgement'] }),
      because: 'its source does not tell whether it was passed on',
    },
    'the source does not tell who took it': {
      item: alertEvent({ ...open, told: ['escalation'] }),
      because: 'its source does not tell who acknowledged it',
    },
    'the source does not say how urgent it is': { item: alertEvent({ severity: 'unknown' }), because: 'its source does not say how urgent it is' },
  },
  notYet: { 'there is time left': { item: alertEvent(open), at: instant('2026-05-20T12:29:00Z') } },
  ignores: { 'a low one': alertEvent({ severity: 'low', ...open }) },
});
