import { expect, it } from 'vitest';
import { days, hours } from '../core/instant.ts';
import { latenessOf, untimely } from './lateness.ts';
import type { Head } from './statement.ts';

const NOON = Date.parse('2026-09-09T12:00:00Z');
const DAILY = { kind: 'run', outcome: 'success', slot: NOON, every: days(1), startedAt: NOON, finishedAt: NOON };
const told = (head: Partial<Head>, more: { readonly sealedAt?: number; readonly demo?: boolean } = {}) =>
  latenessOf({ head: { ...DAILY, ...head }, sealedAt: NOON, demo: false, ...more });

it.each([
  ['sealed as it ended', {}, {}],
  ['one that took a day', {}, { sealedAt: NOON + days(1) }],
  ['begun by a clock that was set back since', {}, { sealedAt: NOON - hours(2) }],
  ['of a slot that waited for its worker up to the next', { slot: NOON - days(1) }, {}],
  ['of a slot of a long schedule', { slot: NOON - days(30), every: days(30) }, {}],
  ['of no schedule', { every: null }, {}],
  ['a failure that is told when its process is seen to be dead', { outcome: 'failure', startedAt: NOON - days(9) }, {}],
  ['a slot that is told as skipped', { outcome: 'skip', slot: NOON - days(90) }, {}],
  ['the half year of the made-up company', { slot: NOON - days(90), startedAt: NOON - days(90) }, { demo: true }],
  ['what is no run', { kind: 'configuration', startedAt: 0 }, {}],
])('takes as it stands: %s', (_, head, more) => {
  expect(told(head, more)).toBeNull();
});

it.each([
  ['begun, as it says, more than a day before it was sealed', { slot: NOON - days(1) - 1, startedAt: NOON - days(1) - 1 }, {}, 'was sealed at'],
  ['however long it says that it took', { slot: NOON - days(99), startedAt: NOON - days(99), finishedAt: NOON }, {}, 'was sealed at'],
  ['however long its schedule is said to be', { slot: NOON - days(99), startedAt: NOON - days(99), every: days(999) }, {}, 'was sealed at'],
  ['made ahead of its time', { slot: NOON + days(30), startedAt: NOON + days(30) }, {}, 'was sealed at'],
  ['for a slot that passed long ago', { slot: NOON - days(2) - 1 }, {}, 'it is the run of'],
  ['for a slot that is yet to come', { slot: NOON + days(3) }, {}, 'it is the run of'],
  ['for a slot before a schedule of less than nothing', { slot: NOON - days(1) - 1, every: -days(9) }, {}, 'it is the run of'],
  ['without a beginning', { startedAt: null }, {}, 'does not say when it was'],
  ['without a slot', { slot: 'noon' }, {}, 'does not say when it was'],
  ['of a time that has no date', { startedAt: 9e15, slot: 9e15 }, {}, 'does not say when it was'],
  ['still asking the day after it was sealed', { finishedAt: NOON + days(1) + 1 }, {}, 'was asking at'],
])('says why it proves nothing of that time: %s', (_, head, more, says) => {
  expect(told(head, more)).toContain(says);
});

const BOUNDS = { lasted: 100, ahead: 20, early: 320, waited: 300, told: 350 };
const codes = (head: Partial<Head>, sealedAt = NOON) => untimely({ head: { ...DAILY, ...head }, sealedAt }, BOUNDS).map(({ code }) => code);

it.each<readonly [string, (by: number) => Partial<Head>, number, string]>([
  ['sealed after it began', (by) => ({ startedAt: NOON - by, slot: NOON - by }), BOUNDS.lasted, 'LATE'],
  ['asking after it was sealed', (by) => ({ finishedAt: NOON + by }), BOUNDS.ahead, 'AHEAD'],
  ['begun after it was sealed', (by) => ({ startedAt: NOON + by, finishedAt: NOON, slot: NOON }), BOUNDS.ahead, 'AHEAD'],
  ['begun after its slot', (by) => ({ slot: NOON - by }), BOUNDS.waited, 'LATE'],
  ['begun before its slot', (by) => ({ slot: NOON + by }), BOUNDS.waited, 'LATE'],
  ['skipped before its slot', (by) => ({ outcome: 'skip', slot: NOON + by }), BOUNDS.early, 'AHEAD'],
  ['failed long before it was sealed', (by) => ({ outcome: 'failure', startedAt: NOON - 200, finishedAt: NOON - by }), BOUNDS.lasted, 'LATE'],
  ['failed long before its slot', (by) => ({ outcome: 'failure', startedAt: NOON - by }), BOUNDS.waited, 'LATE'],
  ['sealed after its slot', (by) => ({ slot: NOON - by, startedAt: NOON - 80 }), BOUNDS.told, 'LATE'],
])('holds a run to each bound of who asks, to the millisecond: %s', (_, head, bound, code) => {
  expect([codes(head(bound)), codes(head(bound + 1))]).toEqual([[], [code]]);
});
