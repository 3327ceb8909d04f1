import { expect, it } from 'vitest';
import { days, hours } from '../core/instant.ts';
import { latenessOf } from './lateness.ts';
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
  ['for a slot that passed long ago', { slot: NOON - days(2) - 1 }, {}, 'fills the slot'],
  ['for a slot that is yet to come', { slot: NOON + days(3) }, {}, 'fills the slot'],
  ['for a slot before a schedule of less than nothing', { slot: NOON - days(1) - 1, every: -days(9) }, {}, 'fills the slot'],
  ['without a beginning', { startedAt: null }, {}, 'does not say when'],
  ['without a slot', { slot: 'noon' }, {}, 'does not say when'],
])('says why it proves nothing of that time: %s', (_, head, more, says) => {
  expect(told(head, more)).toContain(says);
});
