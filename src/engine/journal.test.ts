import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

/** So many changes it can tell. */
const MOST = 16_384;

describe('a journal tells', () => {
  it('of nothing, while nothing was changed', () => {
    const journal = new Journal();
    expect([journal.since(journal.now), journal.now]).toEqual([new Set(), 0]);
  });

  it('each place that was changed since somebody looked, once', () => {
    const journal = new Journal();
    const looks = [3, 5, 3, 0].map((place) => {
      const now = journal.now;
      journal.note(place);
      return now;
    });
    expect(looks.map((then) => journal.since(then))).toEqual([new Set([3, 5, 0]), new Set([5, 3, 0]), new Set([3, 0]), new Set([0])]);
    expect(journal.since(journal.now)).toEqual(new Set());
  });

  it('all changes up to so many, and with one more none of those before', () => {
    const journal = new Journal();
    const begun = journal.now;
    for (let place = 0; place < MOST; place++) journal.note(place);
    expect(journal.since(begun)?.size).toBe(MOST);
    journal.note(7);
    expect([journal.since(begun), journal.since(journal.now)]).toEqual([null, new Set()]);
  });

  it('nothing to whoever looked before more was changed than can be told, and again what is changed from then on', () => {
    const journal = new Journal();
    for (const place of [1, 2]) journal.note(place);
    const before = journal.now;
    journal.lose();
    const after = journal.now;
    expect([journal.since(0), journal.since(before), journal.since(after)]).toEqual([null, null, new Set()]);
    for (const place of [8, 9]) journal.note(place);
    expect([journal.since(before), journal.since(after), journal.since(after + 1)]).toEqual([null, new Set([8, 9]), new Set([9])]);
    journal.lose();
    expect([journal.since(after), journal.since(journal.now)]).toEqual([null, new Set()]);
  });
});
