import { checkTester } from '../../test/check-tester.ts';
import { system } from '../../test/rows.ts';
import { server } from '../../test/source-rows.ts';
import { instant } from '../core/instant.ts';
import { serversProtected } from './servers-protected.ts';

const given = { scope: [system({ systemId: 'fleet' })] };
const bare = { protection: 'no' } as const;
const image = { ...bare, replaced: 'yes', startedAt: instant('2026-05-20T00:00:00Z') } as const;

checkTester(serversProtected, {
  conforms: {
    'protection runs': { item: server(), given },
    'replaced, and young': { item: server(image), given, at: instant('2026-06-18T23:59:59Z') },
    'replaced and young, whatever runs on it': { item: server({ ...image, protection: 'unknown' }), given },
    'what it is for is not told': { item: server({ environment: 'unknown' }), given },
  },
  deviates: {
    'nothing runs': { item: server(bare), given, because: 'no protection against malicious software is running' },
    'called replaceable, and old': {
      item: server(image),
      given,
      at: instant('2026-06-19T00:00:00Z'),
      because: 'no protection against malicious software is running; it is said to be replaced rather than changed, and has run since 2026-05-20T00:00:00Z',
    },
  },
  unknown: {
    'nothing is told': { item: server({ protection: 'unknown' }), given, because: 'whether protection against malicious software is running is not told' },
    'old, and nothing is told': {
      item: server({ ...image, protection: 'unknown', startedAt: instant('2026-01-01T00:00:00Z') }),
      given,
      because: 'whether protection against malicious software is running is not told',
    },
    'perhaps it is replaced': {
      item: server({ ...bare, replaced: 'unknown' }),
      given,
      because: 'no protection against malicious software is running, and whether it is replaced rather than changed is not told',
    },
    'since when it runs is not told': {
      item: server({ ...image, startedAt: null }),
      given,
      because: 'no protection against malicious software is running; it is said to be replaced rather than changed, and since when it runs is not told',
    },
  },
  notYet: { 'a system out of scope': { item: server() } },
  ignores: { 'one for trying things out': server({ environment: 'nonproduction' }) },
});
