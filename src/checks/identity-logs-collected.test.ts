import { checkTester } from '../../test/check-tester.ts';
import { AT, system } from '../../test/rows.ts';
import { hours } from '../core/instant.ts';
import { identityLogsCollected } from './identity-logs-collected.ts';

const read = (until: number) => ({ systemId: 'okta', until });

checkTester(identityLogsCollected, {
  conforms: {
    'it was just read': { item: system(), given: { reads: [read(AT)] } },
    'it was read less than an hour before': { item: system(), given: { reads: [read(AT - hours(1) + 1)] } },
    'one of two that read it did': { item: system(), given: { reads: [read(AT - hours(9)), read(AT - hours(1) + 1)] } },
  },
  deviates: {
    'an hour after it was last read': {
      item: system(),
      given: { reads: [read(AT - hours(1))] },
      because: 'the log of Okta was last read up to 2026-05-31T23:00:00Z',
      cites: { reads: [0] },
    },
    'nothing reads it': { item: system(), because: 'nothing reads the log of Okta' },
  },
  ignores: { 'what is no identity provider': system({ identityProvider: false }) },
});
