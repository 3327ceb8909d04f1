import { checkTester } from '../../test/check-tester.ts';
import { ticket } from '../../test/operation-rows.ts';
import { rollbackPlansRecorded } from './rollback-plans-recorded.ts';

const was = 'was implemented by Ines Duarte on 2026-05-20T12:30:00Z';

checkTester(rollbackPlansRecorded, {
  conforms: {
    'it says how': { item: ticket() },
    'so does an emergency': { item: ticket({ type: 'emergency', rollbackPlan: 'Turn the flag off' }) },
  },
  deviates: {
    'it says nothing': { item: ticket({ rollbackPlan: null }), because: `${was} and does not say how to undo it` },
    'a word that fills the field': { item: ticket({ rollbackPlan: 'N/A.' }), because: `${was} and says of undoing it only "N/A."` },
    'a dash': { item: ticket({ rollbackPlan: '—' }), because: `${was} and says of undoing it only "—"` },
  },
  unknown: {
    'the tracker is not asked': {
      item: ticket({ told: ['implementation'], rollbackPlan: null }),
      because: 'the tracker is not asked how a change would be undone',
    },
    'nor when it was implemented': {
      item: ticket({ told: ['rollback'], implementedAt: null }),
      because: 'the tracker is not asked when a change was implemented',
    },
    'two kinds fit it': { item: ticket({ type: 'unknown' }), because: 'more than one kind of change fits it' },
  },
  notYet: { 'not implemented': { item: ticket({ implementedAt: null, rollbackPlan: null }) } },
  ignores: { 'a standard change': ticket({ type: 'standard' }), 'no change at all': ticket({ type: 'other' }) },
});
