import { checkTester } from '../../test/check-tester.ts';
import { registerEntry } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { registerEntriesReviewed } from './register-entries-reviewed.ts';

checkTester(registerEntriesReviewed, {
  conforms: { 'within the year': { item: registerEntry() } },
  deviates: {
    'a year has passed': { item: registerEntry({ reviewedAt: instant('2025-05-01T00:00:00Z') }), because: 'was last reviewed on 2025-05-01T00:00:00Z' },
    never: { item: registerEntry({ reviewedAt: null }), because: 'does not say when it was reviewed' },
    'a day that has not come': {
      item: registerEntry({ reviewedAt: instant('2026-06-10T00:00:00Z') }),
      because: 'says that it was reviewed on 2026-06-10T00:00:00Z, which has not come',
    },
  },
  ignores: {
    'a review of a change': registerEntry({ register: 'change-reviews' }),
    'a waiver, which names its end': registerEntry({ register: 'waivers' }),
    'what is done about a finding': registerEntry({ register: 'findings' }),
  },
});
