import { expect, it } from 'vitest';
import type { Difference } from '../engine/replay.ts';
import { differencesAside } from './differences-aside.ts';

const difference = (item: number, from: number, to: number, check = 'c'): Difference => ({
  check,
  item: `s/p/${item}`,
  from,
  to,
  before: null,
  after: { kind: 'deviates', because: 'is off' },
});

it('counts what differs, and gives it back as often as it is asked, part by part', () => {
  const made = Array.from({ length: 2500 }, (_, place) => difference(Math.floor(place / 2), place, place + 1));
  const parts: string[] = [];
  const held = differencesAside(made.values(), (part) => {
    const text = parts.push(JSON.stringify(part)) - 1;
    return () => JSON.parse(parts[text] ?? '');
  });
  expect([parts.length, held.items, held.count]).toEqual([3, 1250, 2500]);
  expect([...held.differences]).toEqual(made);
  expect([...held.differences]).toEqual(made);
});

it('keeps what never began and what does not end, and tells checks apart', () => {
  const made = [difference(1, -Infinity, 5), difference(1, 5, Infinity, 'd')];
  const held = differencesAside(made, (part) => {
    const text = JSON.stringify(part);
    return () => JSON.parse(text);
  });
  expect([held.items, held.count, [...held.differences]]).toEqual([2, 2, made]);
});

it('puts nothing aside where nothing differs', () => {
  const held = differencesAside([], () => expect.unreachable());
  expect([held.items, held.count, [...held.differences]]).toEqual([0, 0, []]);
});
