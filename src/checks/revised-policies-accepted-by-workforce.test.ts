import { checkTester } from '../../test/check-tester.ts';
import { acceptance, bruno, chloe, ines, policyVersion } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { revisedPoliciesAcceptedByWorkforce } from './revised-policies-accepted-by-workforce.ts';

const FIRST = instant('2024-01-01T00:00:00Z');
const people = [ines, bruno].map((it) => ({ ...it, startAt: FIRST }));
const [his, hers] = [people[1] ?? bruno, people[0] ?? ines];
const item = policyVersion({ documentId: 'POL-1-2', version: '2', effectiveAt: instant('2026-04-20T00:00:00Z') });
const next = policyVersion({ documentId: 'POL-1-3', version: '3', effectiveAt: instant('2026-05-28T00:00:00Z') });
const known = [policyVersion(), item];
const on = (day: string, id: string, over: Parameters<typeof acceptance>[0] = {}) =>
  acceptance({ acceptanceId: `${id} ${day}`, emails: [`${id}@acme.example`], version: '2', acceptedAt: instant(`${day}T09:00:00Z`), ...over });
const both = [on('2026-04-21', 'ines.duarte'), on('2026-05-02', 'bruno.novak')];
const [first] = both;
const missing = (who: string) => `${who} had not accepted it by 2026-05-20T00:00:00Z`;
const cites = (...places: readonly number[]) => ({ people: places });

checkTester(revisedPoliciesAcceptedByWorkforce, {
  conforms: {
    'everybody in time': { item, given: { known, people, given: both } },
    'before it was in force': { item, given: { known, people: [hers], given: [on('2026-04-10', 'ines.duarte')] } },
    'who came later accepts on joining': { item, given: { known, people: [...people, { ...chloe, startAt: instant('2026-05-01T00:00:00Z') }], given: both } },
    'who left can accept nothing any more': {
      item,
      given: { known, people: [hers, { ...his, terminationAt: instant('2026-05-25T00:00:00Z') }], given: both.slice(0, 1) },
    },
    'everybody in time, until the last of them leaves': {
      item,
      given: { known, people: people.map((it, place) => ({ ...it, terminationAt: instant(`2026-0${7 + place}-01T00:00:00Z`) })), given: both },
    },
    'told by a system of record, under the number of HR': {
      item,
      given: { known, people: [hers], given: [on('2026-04-21', 'nobody', { workerId: 'W-1', shownBy: 'system' })] },
    },
    'late, and accepted since: it deviated until then': { item, given: { known, people: [hers], given: [on('2026-05-30', 'ines.duarte')] } },
    'a later version, before that is in force': {
      item,
      given: {
        known: [...known, policyVersion({ documentId: 'POL-1-3', version: '3', effectiveAt: instant('2026-06-10T00:00:00Z') })],
        people: [hers],
        given: [on('2026-05-19', 'ines.duarte', { version: '3' })],
      },
    },
    'of one nobody tells who approved it, and all accepted it': {
      item: { ...item, approved: 'unknown' },
      given: { known, people: [hers], given: both.slice(0, 1) },
    },
  },
  deviates: {
    'one has not': { item, given: { known, people, given: both.slice(0, 1) }, because: missing('Bruno Novak (W-2)'), cites: cites(1) },
    'one has not, until they leave': {
      item,
      given: { known, people: [hers, { ...his, terminationAt: instant('2026-07-01T00:00:00Z') }], given: both.slice(0, 1) },
      because: missing('Bruno Novak (W-2)'),
      cites: cites(1),
    },
    'nobody has': { item, given: { known, people }, because: missing('Bruno Novak (W-2) and Ines Duarte (W-1)'), cites: cites(0, 1) },
    'trap: the version before': {
      item,
      given: { known, people: [hers], given: [on('2026-04-21', 'ines.duarte', { version: '1' })] },
      because: missing('Ines Duarte (W-1)'),
      cites: cites(0),
    },
    'recorded under the number of somebody else': {
      item,
      given: { known, people: [hers], given: [on('2026-04-21', 'ines.duarte', { workerId: 'W-9', shownBy: 'system' })] },
      because: missing('Ines Duarte (W-1)'),
      cites: cites(0),
    },
    'one has not, and of another nothing shows that they did': {
      item,
      given: { known, people, given: [on('2026-04-21', 'ines.duarte', { shownBy: 'none' })] },
      because: missing('Bruno Novak (W-2)'),
      cites: cites(1),
    },
    'many have not: some are named': {
      item,
      given: { known, people: [1, 2, 3, 4, 5, 6, 7].map((id) => ({ ...hers, workerId: `W-${id}`, emails: [`${id}@acme.example`] })) },
      because: missing(`${[1, 2, 3, 4, 5].map((id) => `Ines Duarte (W-${id})`).join(', ')} and 2 more`),
      cites: cites(0, 1, 2, 3, 4, 5, 6),
    },
  },
  unknown: {
    'nothing shows who stated it': {
      item,
      given: { known, people: [hers], given: [on('2026-04-21', 'ines.duarte', { shownBy: 'none' })] },
      because: 'nothing shows that it was they who accepted it: Ines Duarte (W-1)',
    },
    'nobody tells whether it was approved': {
      item: { ...item, approved: 'unknown' },
      given: { known, people, given: first ? [first] : [] },
      because: 'whether anybody approved it is not told',
    },
  },
  notYet: {
    'there is time': { item, given: { known, people }, at: instant('2026-05-19T23:59:59Z') },
    'another has replaced it': { item, given: { known: [...known, next], people } },
    'nobody was here': { item, given: { known, people: [{ ...hers, startAt: instant('2026-05-01T00:00:00Z') }] } },
  },
  ignores: {
    'a draft': policyVersion({ approved: 'no', approverEmails: [], approvedAt: null }),
    'what need not be accepted': policyVersion({ mustBeAccepted: false }),
  },
  notJoined: { known: { 'a draft': policyVersion({ approved: 'no' }) } },
});
