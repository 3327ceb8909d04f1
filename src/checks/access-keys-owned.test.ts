import { checkTester } from '../../test/check-tester.ts';
import { engagement, key, system, worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { accessKeysOwned } from './access-keys-owned.ts';

const scope = [system({ systemId: 'aws' })];
const own = engagement({ systemId: 'aws' });
const machine = engagement({ systemId: 'aws', personId: null, ownerId: 'W-1' });
const left = worker({ terminationAt: instant('2026-05-01T00:00:00Z') });

checkTester(accessKeysOwned, {
  conforms: {
    'a person’s own': { item: key(), given: { scope, holders: [own], people: [worker()] } },
    'a machine’s, with an owner': { item: key(), given: { scope, holders: [machine], people: [worker()] } },
    'until the last day': { item: key(), given: { scope, holders: [machine], people: [worker({ terminationAt: instant('2026-07-01T00:00:00Z') })] } },
    'of somebody who came back': { item: key(), given: { scope, holders: [machine], people: [left, worker({ startAt: instant('2026-05-02T00:00:00Z') })] } },
  },
  deviates: {
    'an account nobody knows': { item: key(), given: { scope, people: [worker()] }, because: 'nobody answers for ci, whose key it is' },
    'a machine without an owner': {
      item: key(),
      given: { scope, holders: [engagement({ systemId: 'aws', personId: null })], people: [worker()] },
      because: 'nobody answers for ci, whose key it is',
    },
    'an owner HR does not know': { item: key(), given: { scope, holders: [machine] }, because: 'W-1, who answers for it, is not known to HR' },
    'an owner who left': {
      item: key(),
      given: { scope, holders: [machine], people: [left] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z',
      cites: { holders: [0], people: [0] },
    },
    'an owner who comes back later': {
      item: key(),
      given: { scope, holders: [machine], people: [left, worker({ startAt: instant('2026-08-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z',
      cites: { holders: [0], people: [0, 1] },
    },
    'an owner who has not begun': {
      item: key(),
      given: { scope, holders: [machine], people: [worker({ startAt: instant('2026-08-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, does not work here yet',
      cites: { holders: [0], people: [0] },
    },
  },
  unknown: {
    'nobody answers for it, and nobody says whether it is switched off': {
      item: key({ status: 'unknown' }),
      given: { scope, people: [worker()] },
      because: 'nobody answers for ci, whose key it is; its source does not say whether it is switched off',
    },
    'an owner who left, of a key of which nobody says whether it is switched off': {
      item: key({ status: 'unknown' }),
      given: { scope, holders: [machine], people: [left] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z; its source does not say whether it is switched off',
    },
  },
  notYet: { 'a system out of scope': { item: key() } },
  ignores: { 'a key that is switched off': key({ status: 'inactive' }) },
});
