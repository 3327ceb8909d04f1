import { expect, it } from 'vitest';
import { conforms, defineCheck, deviates, notYet } from '../checks/check.ts';
import { days, type Instant, instant, iso } from '../core/instant.ts';
import { defineDataset, type Dataset, type Row } from '../datasets/dataset.ts';
import { Engine } from './engine.ts';
import type { Run } from './facts.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { accessKeys, type PullRequest, pullRequests } from './testing/checks/datasets.ts';
import { turning, upcoming } from './upcoming.ts';

const NOW = instant('2026-06-01T12:00:00Z');
const runOf = (dataset: string, record: number, rows: readonly Row[], over: Partial<Run> = {}): Run => ({
  ...{ dataset, source: 'made-up', partition: 'acme', at: NOW - days(1), complete: true, reason: null, rows, record },
  ...over,
});
const key = (id: string, age: number): Row => ({ id, state: 'active', createdAt: NOW - days(age) });

it('tells what begins to deviate by itself, the soonest first, and up to which time', () => {
  const keys = [key('old', 95), key('in five days', 85), key('in two days', 88), key('just in time', 83), key('in eight days', 82), key('now', 90)];
  const engine = Engine.from([accessKeysRotated], [runOf(accessKeys.id, 0, keys)]);
  const said = upcoming({ engine, checks: [accessKeysRotated] }, NOW, days(7), 9);
  expect(said.map(({ item, at, because }) => [item.key, iso(at), because])).toEqual([
    ['in two days', '2026-06-03T12:00:00Z', 'was to be rotated by 2026-06-03T12:00:00Z'],
    ['in five days', '2026-06-06T12:00:00Z', 'was to be rotated by 2026-06-06T12:00:00Z'],
    ['just in time', '2026-06-08T12:00:00Z', 'was to be rotated by 2026-06-08T12:00:00Z'],
  ]);
  // The soonest, where there are more than are asked for; and how many there are in all, by their check.
  for (const most of [1, 2]) expect(upcoming({ engine, checks: [accessKeysRotated] }, NOW, days(7), most)).toEqual(said.slice(0, most));
  const turns = turning({ engine, checks: [accessKeysRotated] }, NOW, days(7));
  expect(turns).toEqual([{ check: 'access-keys-rotated', at: said[0]?.at, count: 3 }]);
  expect(turning({ engine, checks: [accessKeysRotated] }, NOW, days(1))).toEqual([]);
  expect(said[0]).toMatchObject({ check: 'access-keys-rotated', item: { dataset: 'access-keys', source: 'made-up', partition: 'acme' } });
  expect(upcoming({ engine, checks: [accessKeysRotated] }, NOW - days(80), days(9), 9).map(({ item }) => item.key)).toEqual([]); // nothing was told then
});

it('says nothing of what is no more, and nothing of an event that is settled', () => {
  const gone = Engine.from([accessKeysRotated], [runOf(accessKeys.id, 0, [key('a', 85)]), runOf(accessKeys.id, 1, [], { at: NOW - 1 })]);
  expect(upcoming({ engine: gone, checks: [accessKeysRotated] }, NOW, days(7), 9)).toEqual([]);

  /** Of each merge somebody has to say something within three days, and who does is right for a day. */
  const words = defineDataset<{ pull: string; until: Instant }>({
    ...{ id: 'words', title: 'A dataset of the tests', row: accessKeys.row as never },
    ...{ key: ({ pull }: { readonly pull: string }) => pull, label: ({ pull }: { readonly pull: string }) => pull, freshness: days(30) },
  }) as unknown as Dataset<{ pull: string; until: Instant }>;
  const spokenOf = defineCheck({
    ...{ id: 'spoken-of', title: 'A check of the tests', version: 1, asserts: 'Somebody speaks of every merge within three days.' },
    population: pullRequests,
    with: { words: words.on('pull', 'id') },
    examine({ mergedAt }: PullRequest, { at, words: said }) {
      if (said.length > 0) return conforms();
      return at < mergedAt + days(3) ? notYet({ until: mergedAt + days(3) }) : deviates('nobody spoke of it');
    },
  });
  const merged = (id: string, age: number): Row => ({ id, author: 'ann', mergedAt: NOW - days(age) });
  const engine = Engine.from(
    [spokenOf],
    [
      runOf(pullRequests.id, 0, [merged('silent', 2), merged('spoken of', 2.5), merged('late', 4)], { polled: { from: NOW - days(9), to: NOW } }),
      runOf('words', 1, [{ pull: 'spoken of', until: NOW }], { at: NOW - days(2) }),
      runOf('words', 2, [], { at: NOW - days(1) }),
    ],
  );
  expect(upcoming({ engine, checks: [spokenOf] }, NOW, days(7), 9).map(({ item, at }) => [item.key, iso(at)])).toEqual([['silent', '2026-06-02T12:00:00Z']]);
});
