import { checkTester } from '../../test/check-tester.ts';
import { alertEvent } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { alertsInvestigated } from './alerts-investigated.ts';

const open = { resolvedAt: null, resolvedByKind: 'none', conclusion: 'none', investigation: null } as const;

checkTester(alertsInvestigated, {
  conforms: {
    'real, and written down': { item: alertEvent() },
    'a false alarm, and written down': { item: alertEvent({ severity: 'medium', conclusion: 'false_positive' }) },
  },
  deviates: {
    'never concluded': { item: alertEvent(open), because: 'raised as high on 2026-05-20T12:00:00Z and never concluded' },
    'closed by itself': {
      item: alertEvent({ conclusion: 'auto_resolved', resolvedByKind: 'automation' }),
      because: 'raised as high on 2026-05-20T12:00:00Z and ended on 2026-05-20T15:00:00Z without anybody saying why',
    },
    'closed by a click': {
      item: alertEvent({ investigation: null }),
      because: 'raised as high on 2026-05-20T12:00:00Z and concluded on 2026-05-20T15:00:00Z without a word of what was found',
    },
    'concluded too late': {
      item: alertEvent({ resolvedAt: instant('2026-05-28T12:00:00Z') }),
      because: 'raised as high on 2026-05-20T12:00:00Z and concluded only on 2026-05-28T12:00:00Z',
    },
  },
  unknown: {
    'the source does not tell what was found': {
      item: alertEvent({ conclusion: 'unknown' }),
      because: 'its source does not tell what was found out',
    },
    'the source cannot tell': { item: alertEvent({ told: [] }), because: 'its source does not tell what was found out' },
    'the source does not say how urgent it is': { item: alertEvent({ severity: 'unknown' }), because: 'its source does not say how urgent it is' },
  },
  notYet: { 'there is time left': { item: alertEvent(open), at: instant('2026-05-22T12:00:00Z') } },
  ignores: { 'a low one': alertEvent({ severity: 'low', ...open }) },
});
