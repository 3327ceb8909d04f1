import { expect, it } from 'vitest';
import { days, instant, NEVER } from '../core/instant.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { users } from '../datasets/identity/users.ts';
import { Engine } from '../engine/engine.ts';
import type { Ground } from './grounds.ts';
import { type Condition, type Listing, rowList } from './row-list.ts';

const NOW = instant('2026-06-01T12:00:00Z');
const USERS = users as unknown as Dataset;
const user = (id: string, over: Row = {}): Row => ({
  ...{ systemId: 'okta', userId: id, login: `login ${id}`, handles: [id], emails: [`${id}@acme.example`], displayName: null, hrId: null, kind: 'human' },
  ...{ status: 'active', privileged: 'no', password: 'yes', createdAt: null },
  ...over,
});
const groundOf = (rows: readonly Row[], later: readonly Row[] = []): Ground => {
  const run = { dataset: USERS.id, source: 'made-up', partition: 'acme', complete: true, reason: null };
  const runs = [{ ...run, at: NOW - days(2), rows, record: 0 }, ...(later.length > 0 ? [{ ...run, at: NOW - days(1), rows: later, record: 1 }] : [])];
  return { engine: Engine.from([], runs, [USERS]) } as unknown as Ground;
};
const asked = (over: Partial<Listing> = {}): Listing => ({
  ...{ asOf: NOW, period: null, where: [], text: undefined, sort: undefined, isInstant: (field) => field === 'createdAt' },
  ...over,
});
const ROWS = [
  user('b', { createdAt: instant('2026-01-01T00:00:00Z'), privileged: 'yes' }),
  user('a', { createdAt: instant('2026-03-01T00:00:00Z'), emails: ['x@acme.example', 'y@acme.example'] }),
  user('c', { status: 'suspended' }),
  user('d', { displayName: 'Dora', privileged: 'yes' }),
];
const logins = (over: Partial<Listing>, rows = ROWS) =>
  rowList(groundOf(rows), USERS, asked(over))
    .window(0, 100)
    .map(({ row }) => row.userId);
const where = (...conditions: readonly [field: string, operator: Condition['operator'], value: string][]) => ({
  where: conditions.map(([field, operator, value]) => ({ field, operator, value })),
});

it.each([
  [{}, 'abcd'],
  [{ sort: '-login' }, 'dcba'],
  [{ sort: 'createdAt' }, 'cdba'],
  [{ sort: '-createdAt' }, 'abdc'],
  [{ text: 'DORA' }, 'd'],
  [where(['status', ':', 'active']), 'abd'],
  [where(['status', '!', 'active']), 'c'],
  [where(['status', ':', 'active'], ['privileged', ':', 'yes']), 'bd'],
  [where(['emails', ':', 'y@acme.example']), 'a'],
  [where(['emails', '~', 'Y@']), 'a'],
  [where(['createdAt', '<', '2026-02-01']), 'b'],
  [where(['createdAt', '>', '2026-01-01T00:00:00Z']), 'ab'],
  [where(['createdAt', ':', '']), 'cd'],
  [where(['createdAt', ':', '2026-01-01T00:00:00Z']), 'b'],
] as const)('chooses and sorts by %j', (over, expected) => expect(logins(over as Partial<Listing>).join('')).toBe(expected));

it.each([
  ['createdAt', 'yesterday', 'createdAt is compared with an instant, like 2026-11-06T23:00:00Z or 2026-11-06, and "yesterday" is none.'],
  ['login', 'abc', 'login< is compared with a number, and "abc" is none.'],
])('says what %s cannot be compared with', (field, value, says) => expect(() => logins(where([field, '<', value]))).toThrow(says));

it('goes on behind a row that is there no more, and counts values', () => {
  const list = rowList(groundOf(ROWS), USERS, asked({ sort: '-login' }));
  const [, second] = list.window(0, 2);
  expect(second && list.behind(list.keysOf(second))).toBe(2);
  expect(list.behind(['login bb', 'made-up/acme/bb', 0])).toBe(2);
  expect(list.values('status', 1)).toEqual({ of: 2, values: [{ value: 'active', count: 3 }] });
  expect(list.values('emails', 9).of).toBe(5);
  expect(list.values('createdAt', 9).values[0]).toEqual({ value: '', count: 2 });
});

it('is of the instant: what was told later is not in it', () => {
  const its = groundOf(ROWS, [user('a', { status: 'deactivated' }), user('e')]);
  expect(rowList(its, USERS, asked({ asOf: NOW - days(1) - 1 })).count).toBe(4);
  expect(
    rowList(its, USERS, asked())
      .window(0, 9)
      .map(({ row, from, to }) => [row.userId, row.status, from, to]),
  ).toEqual([
    ['a', 'deactivated', NOW - days(1), NEVER],
    ['e', 'active', NOW - days(1), NEVER],
  ]);
});

it('answers any part of 100,000 rows at once, filtered, sorted and counted, and keeps 12 bytes of each', () => {
  const many = Array.from({ length: 100_000 }, (_, place) =>
    user(String((place * 7919) % 100_000).padStart(6, '0'), { status: place % 50 === 0 ? 'suspended' : 'active' }),
  );
  const its = groundOf(many);
  const before = process.memoryUsage().heapUsed;
  const begun = performance.now();
  const list = rowList(its, USERS, asked({ sort: '-login' }));
  const made = performance.now() - begun;
  expect([list.count, list.window(99_800, 200).length, list.window(99_999, 200)[0]?.row.login]).toEqual([100_000, 200, 'login 000000']);
  const parts = performance.now();
  for (let skip = 0; skip < 100_000; skip += 1000) expect(list.window(skip, 200)[0]?.row.userId).toBe(String(99_999 - skip).padStart(6, '0'));
  const each = (performance.now() - parts) / 100;
  const chosen = rowList(its, USERS, asked(where(['status', ':', 'suspended'])));
  expect(chosen.count).toBe(2000);
  expect(Iterator.from(list.each()).reduce((count) => count + 1, 0)).toBe(100_000);
  process.stderr.write(
    `100,000 rows: a list in ${Math.round(made)} ms, a window of 200 in ${each.toFixed(1)} ms, ${Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20)} MiB of heap beside them\n`,
  );
  expect(made).toBeLessThan(8000);
  expect(each).toBeLessThan(100);
});
