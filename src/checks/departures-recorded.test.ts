import { checkTester } from '../../test/check-tester.ts';
import { departure } from '../../test/source-rows.ts';
import { instant } from '../core/instant.ts';
import { departuresRecorded } from './departures-recorded.ts';

const told = (untold: string | null, at: string) => departure({ untoldAt: untold === null ? null : instant(untold), toldAt: instant(at) });

checkTester(departuresRecorded, {
  conforms: {
    'weeks before': { item: departure() },
    'by the first answer of all, before it took effect': { item: told(null, '2026-05-20T02:00:00Z') },
    'at the last instant': { item: told('2026-05-31T02:00:00Z', '2026-05-31T23:00:00Z') },
  },
  deviates: {
    'trap 14: not even a day after': {
      item: told('2026-05-31T23:00:00Z', '2026-06-02T02:00:00Z'),
      because: 'took effect on 2026-05-31T22:00:00Z, and HR first told of it on 2026-06-02T02:00:00Z; on 2026-05-31T23:00:00Z it did not',
    },
  },
  unknown: {
    'entered between two answers, one of them before': {
      item: told('2026-05-31T02:00:00Z', '2026-06-01T02:00:00Z'),
      because:
        'took effect on 2026-05-31T22:00:00Z, and HR first told of it on 2026-06-01T02:00:00Z; it was last read without it on 2026-05-31T02:00:00Z, and nothing shows when between the two it was recorded',
    },
    'told by the first answer of all, and past by then': {
      item: told(null, '2026-06-02T02:00:00Z'),
      because:
        'took effect on 2026-05-31T22:00:00Z, and HR first told of it on 2026-06-02T02:00:00Z, which is when it was first read: it may have been recorded long before',
    },
  },
});
