import { expect, it } from 'vitest';
import { checkTester } from '../../test/check-tester.ts';
import { ticket } from '../../test/operation-rows.ts';
import { statusOf } from '../engine/assess.ts';
import { emergencyChangesFew } from './emergency-changes-few.ts';

checkTester(emergencyChangesFew, {
  conforms: { 'a planned change': { item: ticket() }, 'a standard one': { item: ticket({ type: 'standard' }) } },
  deviates: {
    'trap 36: an emergency is counted': {
      item: ticket({ type: 'emergency' }),
      because: 'was an emergency, implemented by Ines Duarte on 2026-05-20T12:30:00Z',
    },
  },
  unknown: {
    'two kinds fit it': { item: ticket({ type: 'unknown' }), because: 'more than one kind of change fits it' },
    'implementation is not asked for': { item: ticket({ told: [] }), because: 'the tracker is not asked when a change was implemented' },
  },
  notYet: { 'not implemented': { item: ticket({ implementedAt: null }) } },
  ignores: { 'no change at all': ticket({ type: 'other' }) },
});

it('tolerates one emergency in ten changes, and not two in nineteen', () => {
  expect(statusOf(emergencyChangesFew as never, { items: 10, deviating: 1, uncertain: false })).toBe('pass');
  expect(statusOf(emergencyChangesFew as never, { items: 19, deviating: 2, uncertain: false })).toBe('fail');
});
