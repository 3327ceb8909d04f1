import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { findingsAt, type Grounds } from './assemble.ts';
import { Memory } from './memory.ts';
import { findingsNoted, type NotedPlaces, notingAt, VERDICTS, without } from './noted.ts';
import { Places } from './places.ts';
import { finished } from './steps-of-work.ts';
import { account, day, ground, stamp } from './testing/six-days.ts';

const memory = new Memory();
function places(...names: readonly string[]): Places {
  const made = new Places(memory);
  for (const name of names) made.add(`s/p/${name}`);
  return made;
}
const noted = (of: Places, ...names: readonly string[]): NotedPlaces => ({ of, places: Int32Array.from(names, (name) => of.find(`s/p/${name}`) ?? -1).sort() });
const named = ({ of, places: its }: NotedPlaces) => Array.from(its, (place) => of.name(place).slice(4));

it('tells items apart by their names, where everything was made anew in between', () => {
  const [before, after] = [places('a', 'b', 'c', 'gone'), places('c', 'new', 'b', 'a')];
  expect(named(without(noted(after, 'a', 'c', 'new'), noted(before, 'b', 'c', 'gone')))).toEqual(['new', 'a']);
  expect(named(without(noted(before, 'b', 'gone'), noted(after, 'a', 'b')))).toEqual(['gone']);
  expect(named(without(noted(after, 'a', 'b', 'c'), noted(after, 'b')))).toEqual(['c', 'a']);
});

it('tells those apart that come before, between and behind the others', () => {
  const all = places('a', 'b', 'c', 'd', 'e');
  const left = (some: readonly string[], others: readonly string[]) => named(without(noted(all, ...some), noted(all, ...others))).join('');
  expect([left(['a', 'b', 'c', 'd', 'e'], ['b', 'd']), left(['b', 'd'], ['a', 'c', 'e']), left(['a', 'e'], []), left(['c'], ['c']), left([], ['c'])]).toEqual([
    ...['ace', 'bd', 'ae', '', ''],
  ]);
});

const checkOf = ({ checks }: Pick<Grounds, 'checks'>, id: string): Check => checks.find((check) => check.id === id) ?? expect.fail(`no check ${id}`);
const itemsOf = ({ of, places: its }: NotedPlaces) => Array.from(its, (place) => of.name(place));

it('notes which items deviate or are unknown at an instant, check by check', () => {
  const on = ground();
  const now = stamp(day(5));
  expect(Array.from(finished(notingAt(on, now)), ([id, its]) => [id, itemsOf(its.deviates), itemsOf(its.unknown)])).toEqual([
    ['accounts-owned', ['okta/main/b', 'aws/main/a'], []],
    ['admins-few', ['aws/main/a'], []],
    ['systems-there', [], []],
    ['keys-disabled', ['iam/main/k'], ['iam/main/l', 'iam/main/m']],
    ['change-approved', ['github/main/7'], []],
  ]);
  expect([...notingAt(on, now)]).toHaveLength(5);
});

it('tells of what was noted what the findings of that instant tell, under the first control of the check', () => {
  const on = ground();
  const now = stamp(day(5));
  const noted = finished(notingAt(on, now));
  const first = { 'accounts-owned': 'MM-01', 'admins-few': 'BB-01', 'systems-there': 'AA-01', 'keys-disabled': 'ZZ-01', 'change-approved': 'BB-02' };
  let count = 0;
  for (const [id, control] of Object.entries(first))
    for (const verdict of VERDICTS) {
      const told = [...findingsNoted(on, checkOf(on, id), verdict, noted.get(id)?.[verdict] ?? expect.fail(id), now)];
      expect(told).toEqual([...findingsAt(on, now, { controls: [control], checks: [id], verdict })]);
      count += told.length;
    }
  expect(count).toBe(7);
});

it('names in order what is not so by what is known now, and leaves out what is in no population any more', () => {
  const on = { ...ground(), catalog: { criteria: [], controls: [] } };
  const check = checkOf(on, 'accounts-owned');
  const before = places('');
  for (const item of ['okta/main/c', 'okta/main/b', 'okta/main/gone', 'aws/main/a', 'okta/main/a', 'aws/main/z']) before.add(item);
  const every: NotedPlaces = { of: before, places: Int32Array.from({ length: before.count }, (_, place) => place) };
  const told = [...findingsNoted(on, check, 'unknown', every, stamp(day(3)))];
  const bare = (source: string, key: string, row: Parameters<typeof account>[1]) => ({
    ...{ check: 'accounts-owned', control: '', verdict: 'unknown', because: '', from: day(3), to: day(3) + 1, records: [], waiver: null },
    item: { dataset: 'accounts', source, partition: 'main', key, label: JSON.stringify(account(key, row)) },
  });
  expect(told).toEqual([
    bare('aws', 'a', { system: 'aws', person: 'bob', role: 'admin' }),
    bare('okta', 'a', {}),
    bare('okta', 'b', { person: null }),
    bare('okta', 'c', { person: 'cyd', role: 'admin' }),
  ]);
  const deviating = [...findingsNoted(on, check, 'deviates', every, stamp(day(3)))];
  expect(deviating.map(({ because, from, item: { source, key } }) => [source, key, from, because])).toEqual([
    ['aws', 'a', day(2), 'login-a in aws belongs to nobody'],
    ['okta', 'a', day(3), ''],
    ['okta', 'b', day(0), 'login-b in okta belongs to nobody'],
    ['okta', 'c', day(3), ''],
  ]);
});
