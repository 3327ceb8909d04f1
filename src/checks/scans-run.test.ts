import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { scan, system } from '../../test/rows.ts';
import { scansRun } from './scans-run.ts';

const given = { scope: [system({ systemId: 'aws' })] };

checkTester(scansRun, {
  conforms: {
    'ended two days ago': { item: scan(), given },
    'a tool that says nothing of its completeness': { item: scan({ outcome: 'unknown' }), given },
    'an hour before the eighth day is over': { item: scan({ finishedAt: instant('2026-05-24T01:00:00Z') }), given },
  },
  deviates: {
    'more than eight days ago': { item: scan({ finishedAt: instant('2026-05-24T00:00:00Z') }), given, because: 'was last scanned on 2026-05-24T00:00:00Z' },
    'it failed, or the scope is missing': {
      item: scan({ outcome: 'failed' }),
      given,
      because: 'the last scan failed, or told nothing of it (2026-05-30T03:00:00Z)',
    },
    'it was cut short': { item: scan({ outcome: 'partial' }), given, because: 'the last scan did not examine all of it (2026-05-30T03:00:00Z)' },
  },
  notYet: { 'a system out of scope': { item: scan() } },
});
