import { expect, it } from 'vitest';
import { hours, instant, minutes, seconds } from '../core/instant.ts';
import type { SlotRow, TimetableRow, WorkerRow } from '../store/roster.ts';
import { type Snapshot, troubles } from './trouble.ts';

const now = instant('2026-03-10T09:30:00Z');
const row = (its: Partial<TimetableRow> = {}): TimetableRow => ({
  schedule: 'collect a b',
  kind: 'collect',
  says: 'every 1h',
  interval: hours(1),
  next: null,
  firstAt: now - hours(24),
  plannedAt: now,
  paused: null,
  ...its,
});
const slot = (its: Partial<SlotRow>): SlotRow => ({
  schedule: 'collect a b',
  slot: now - hours(1),
  firstSlot: now - hours(1),
  kind: 'collect',
  state: 'done',
  attempt: 0,
  byHand: null,
  queuedAt: now - hours(1),
  startedAt: now - hours(1),
  finishedAt: now - hours(1),
  worker: 'w1',
  note: null,
  result: null,
  ...its,
});
const worker = (its: Partial<WorkerRow> = {}): WorkerRow => ({
  id: 'w1',
  host: 'h',
  pid: 1,
  version: '0',
  startedAt: now - hours(24),
  beatAt: now - seconds(3),
  stoppedAt: null,
  skew: 0,
  doing: [],
  ...its,
});
const fine: Snapshot = { timetable: [row()], open: [], ended: [slot({})], workers: [worker()] };
const told = (snapshot: Partial<Snapshot>) =>
  troubles({ ...fine, ...snapshot }, { now, database: now, tolerance: seconds(30) }).map(({ kind, what, says }) => [kind, what, says]);

it('says nothing where every schedule is run, somebody lives, and nothing waits', () => {
  expect(told({})).toEqual([]);
});

it('names a schedule that has finished no slot in twice its interval, and not one that is paused', () => {
  const ended = [slot({ finishedAt: now - hours(2) - 1 })];
  expect(told({ ended })).toEqual([['schedule', 'collect a b', 'collect a b (every 1h) has finished no slot since 2026-03-10T07:29:59.999Z']]);
  expect(told({ ended, timetable: [row({ paused: { at: now, by: 'ada@acme.example', because: 'moved' } })] })).toEqual([]);
  expect(told({ ended: [slot({ finishedAt: now - hours(2) })] })).toEqual([]);
  expect(told({ ended: [] })).toEqual([
    ['schedule', 'collect a b', 'collect a b (every 1h) was announced at 2026-03-09T09:30:00Z and has finished no slot yet'],
  ]);
});

it('names a job that failed until a newer slot is done, and one that is tried again and again', () => {
  const failed = slot({ state: 'failed', slot: now - minutes(30), finishedAt: now - minutes(29), note: 'no answer' });
  expect(told({ ended: [slot({}), failed] })).toEqual([['job', 'collect a b', 'collect a b failed for its slot of 2026-03-10T09:00:00Z: no answer']]);
  expect(told({ ended: [failed, slot({ slot: now - minutes(10), finishedAt: now })] })).toEqual([]);
  const again = slot({ state: 'retry', attempt: 1, note: 'no answer', finishedAt: null });
  expect(told({ open: [again] })).toEqual([['job', 'collect a b', 'collect a b has failed 2 times for its slot of 2026-03-10T08:30:00Z: no answer']]);
});

it('names a queue that does not drain', () => {
  const waits = slot({ state: 'queued', queuedAt: now - minutes(5) - 1, finishedAt: null });
  expect(told({ open: [waits] })).toEqual([['queue', 'queue', '1 of the jobs that wait were not begun within five minutes, the first of them collect a b']]);
  expect(told({ open: [{ ...waits, queuedAt: now - minutes(5) }] })).toEqual([]);
});

it('names workers that fell silent for an hour, none that said goodbye, and that nobody is left', () => {
  const silent = worker({ id: 'w2', beatAt: now - seconds(31), doing: ['collect a b'] });
  expect(told({ workers: [worker(), silent] })).toEqual([['worker', 'w2', 'the worker w2 has said nothing since 2026-03-10T09:29:29Z; it was at collect a b']]);
  expect(told({ workers: [worker(), { ...silent, beatAt: now - hours(2) }] })).toEqual([]);
  expect(told({ workers: [worker({ stoppedAt: now })] })).toEqual([['worker', 'workers', 'no worker is alive: nothing that is due is done']]);
});

it('names clocks that are apart, and one that was put back', () => {
  expect(told({ workers: [worker({ skew: seconds(90) })] })).toEqual([
    ['clock', 'w1', "the clock of the worker w1 is 90 seconds ahead of the database's: it runs nothing"],
  ]);
  expect(told({ ended: [slot({ finishedAt: now + hours(3) })] })).toEqual([
    ['clock', 'collect a b', 'collect a b was last run at 2026-03-10T12:30:00Z, which is yet to come: a clock was put back'],
  ]);
});
