import { expect, it } from 'vitest';
import { worker } from '../../../test/rows.ts';
import { termination } from '../../../test/source-rows.ts';
import { days, instant } from '../../core/instant.ts';
import type { Termination } from '../hr/terminations.ts';
import type { Worker } from '../hr/workers.ts';
import { leavers } from './leavers.ts';

const END = instant('2026-05-01T00:00:00Z');
const derived = (item: Worker, stated: readonly Termination[], engagements: readonly Worker[] = [item]) =>
  leavers.derived?.derive(item, { stated, engagements });
const stated = (effectiveAt: number, terminationId = 'T-1') => termination({ terminationId, effectiveAt });

it.each([
  ['HR alone', worker({ terminationAt: END }), [], { endAt: END, hrEndAt: END, statedEndAt: null, statement: null }],
  ['a statement alone', worker(), [stated(END)], { endAt: END, hrEndAt: null, statedEndAt: END, statement: 'T-1' }],
  ['both, the statement earlier', worker({ terminationAt: END }), [stated(END - days(9))], { endAt: END - days(9), hrEndAt: END, statedEndAt: END - days(9) }],
  ['both, HR earlier', worker({ terminationAt: END }), [stated(END + days(9))], { endAt: END, hrEndAt: END, statedEndAt: END + days(9) }],
  ['two statements, by the earlier', worker(), [stated(END), stated(END - days(2), 'T-2')], { endAt: END - days(2), statement: 'T-2' }],
])('an engagement ended by %s', (_, item, its, expected) => expect(derived(item, its)?.row).toMatchObject(expected));

it('cites the statement that it rests on, and no other', () => {
  const [late, early] = [stated(END), stated(END - days(2), 'T-2')];
  expect(derived(worker(), [late, early])?.cites).toEqual([early]);
});

it('is not there of who stays', () => expect(derived(worker(), [])).toEqual({ row: null, cites: [] }));

it('gives a statement to the newest engagement that had begun by then, and to no other', () => {
  const first = worker({ terminationAt: END });
  const again = worker({ startAt: END });
  const both = [first, again];
  const ends = (its: readonly Termination[]) => both.map((item) => derived(item, its, both)?.row?.endAt ?? null);
  expect(ends([stated(END + days(30))])).toEqual([END, END + days(30)]);
  expect(ends([stated(END)])).toEqual([END, null]); // the end of the last day, at which the next engagement begins
  expect(ends([stated(first.startAt)])).toEqual([END, null]);
});
