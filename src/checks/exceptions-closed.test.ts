import { checkTester } from '../../test/check-tester.ts';
import { registerEntry } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { exceptionsClosed } from './exceptions-closed.ts';

const exception = (until: number | null) => registerEntry({ register: 'exceptions', entryId: 'X-1', title: 'Old console', until });

checkTester(exceptionsClosed, {
  conforms: {
    'its end lies ahead': { item: exception(instant('2026-07-01T00:00:00Z')) },
    'it ended, and the register is read once a week': { item: exception(instant('2026-05-25T00:00:00Z')), at: instant('2026-06-08T23:59:59Z') },
  },
  deviates: {
    'its end has passed': {
      item: exception(instant('2026-05-25T00:00:00Z')),
      at: instant('2026-06-09T00:00:00Z'),
      because: 'ended on 2026-05-25T00:00:00Z and still stands in the register',
    },
    'it names no end': { item: exception(null), because: 'names no end' },
  },
  ignores: { 'an entry of another register': registerEntry({ until: instant('2026-01-01T00:00:00Z') }) },
});
