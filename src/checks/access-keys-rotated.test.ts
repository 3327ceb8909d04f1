import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { key, system } from '../../test/rows.ts';
import { accessKeysRotated } from './access-keys-rotated.ts';

checkTester(accessKeysRotated, {
  conforms: {
    'a young key': { item: key(), given: { scope: [system({ systemId: 'aws' })] } },
    'the instant before it is due': { item: key(), given: { scope: [system({ systemId: 'aws' })] }, at: instant('2026-07-30T00:00:00Z') - 1 },
  },
  deviates: {
    'the instant it is due': {
      item: key(),
      given: { scope: [system({ systemId: 'aws' })] },
      at: instant('2026-07-30T00:00:00Z'),
      because: 'was made on 2026-05-01T00:00:00Z and was to be replaced by 2026-07-30T00:00:00Z',
    },
  },
  unknown: {
    'due, and nobody says whether it is switched off': {
      item: key({ status: 'unknown' }),
      given: { scope: [system({ systemId: 'aws' })] },
      at: instant('2026-07-30T00:00:00Z'),
      because: 'was made on 2026-05-01T00:00:00Z and was to be replaced by 2026-07-30T00:00:00Z; its source does not say whether it is switched off',
    },
  },
  notYet: { 'a system out of scope': { item: key() } },
  ignores: { 'a key that is switched off': key({ status: 'inactive' }) },
});
