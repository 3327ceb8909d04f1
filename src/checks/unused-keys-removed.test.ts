import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { key, keyUse, system } from '../../test/rows.ts';
import { unusedKeysRemoved } from './unused-keys-removed.ts';

checkTester(unusedKeysRemoved, {
  conforms: {
    'used yesterday': { item: key({ createdAt: 0 }), given: { scope: [system({ systemId: 'aws' })], use: [keyUse()] } },
    'made lately': { item: key(), given: { scope: [system({ systemId: 'aws' })] } },
  },
  deviates: {
    'used long ago': {
      item: key({ createdAt: 0 }),
      given: { scope: [system({ systemId: 'aws' })], use: [keyUse({ lastUsedAt: instant('2026-04-01T00:00:00Z') })] },
      because: 'was last used on 2026-04-01T00:00:00Z',
      cites: { use: [0] },
    },
    'trap 12: never used counts from its making': {
      item: key({ createdAt: instant('2026-01-01T00:00:00Z') }),
      given: { scope: [system({ systemId: 'aws' })], use: [keyUse({ lastUsedAt: null })] },
      because: 'was never used since it was made on 2026-01-01T00:00:00Z',
      cites: { use: [0] },
    },
  },
  unknown: {
    'used long ago, and nobody says whether it is switched off': {
      item: key({ createdAt: 0, status: 'unknown' }),
      given: { scope: [system({ systemId: 'aws' })], use: [keyUse({ lastUsedAt: instant('2026-04-01T00:00:00Z') })] },
      because: 'was last used on 2026-04-01T00:00:00Z; its source does not say whether it is switched off',
    },
    'no word of its use is not recent use': {
      item: key({ createdAt: instant('2026-01-01T00:00:00Z') }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'nothing tells when it was last used; it was made on 2026-01-01T00:00:00Z',
    },
  },
  notYet: { 'a system out of scope': { item: key() } },
  ignores: { 'a key that is switched off': key({ status: 'inactive' }) },
});
