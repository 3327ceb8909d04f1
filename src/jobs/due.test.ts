import { expect, it } from 'vitest';
import { hours, instant } from '../core/instant.ts';
import { decide, MISSED, nextDue } from './due.ts';
import { gridSlots, type Schedule } from './schedule.ts';

const H = hours(1);
const now = instant('2026-03-10T09:30:00Z');
const slot = (hour: number) => instant('2026-03-10T00:00:00Z') + hour * H;
const schedule = (its: Partial<Schedule> = {}): Schedule => ({
  id: 'collect a b',
  kind: 'collect',
  says: 'every 1h',
  data: null,
  priority: 0,
  interval: H,
  makesUp: 'newest',
  tells: 'each',
  filled: null,
  slots: gridSlots(H, 0),
  ...its,
});
const stands = { newest: null, open: [], paused: null, now } as const;
const nothing = { skip: [], giveUp: null, queue: null };

it('takes the newest slot of a schedule that is new, and none that was before it', () => {
  expect(decide(schedule(), stands)).toEqual({ ...nothing, queue: slot(9) });
  expect(decide(schedule(), { ...stands, newest: slot(9) })).toEqual(nothing);
});

it('goes on behind what the log has of a schedule whose roster was lost', () => {
  expect(decide(schedule({ filled: slot(7) + 1234 }), stands)).toMatchObject({ skip: [{ slot: slot(8) }], queue: slot(9) });
});

it('makes up the newest missed slot and says of each other that it was skipped', () => {
  const because = 'no worker was there, or each was at the slot before it';
  const skip = [7, 8].map((hour) => ({ slot: slot(hour), firstSlot: slot(hour), because }));
  expect(decide(schedule(), { ...stands, newest: slot(6) })).toEqual({ skip, giveUp: null, queue: slot(9) });
  expect(decide(schedule({ tells: 'together' }), { ...stands, newest: slot(6) })).toEqual({
    skip: [{ slot: slot(8), firstSlot: slot(7), because }],
    giveUp: null,
    queue: slot(9),
  });
});

it('makes up each slot where each counts, the oldest first and one at a time', () => {
  const each = schedule({ makesUp: 'each' });
  expect(decide(each, { ...stands, newest: slot(6) })).toEqual({ ...nothing, queue: slot(7) });
  expect(decide(each, { ...stands, newest: slot(7), open: [{ slot: slot(7), state: 'queued', byHand: false }] })).toEqual(nothing);
});

it('begins nothing while a slot of the schedule runs', () => {
  expect(decide(schedule(), { ...stands, newest: slot(6), open: [{ slot: slot(6), state: 'running', byHand: false }] })).toEqual(nothing);
});

it('gives up a slot that waits for a newer one: skipped where nobody began it, failed where it was tried', () => {
  const waits = (state: 'queued' | 'retry') => decide(schedule(), { ...stands, newest: slot(8), open: [{ slot: slot(8), state, byHand: false }] });
  expect(waits('queued')).toEqual({ skip: [], giveUp: { slot: slot(8), tried: false, because: 'no worker took it before the next slot' }, queue: slot(9) });
  expect(waits('retry')).toEqual({ skip: [], giveUp: { slot: slot(8), tried: true, because: 'the next slot came before it succeeded' }, queue: slot(9) });
});

it('leaves alone what was asked for by hand', () => {
  expect(decide(schedule(), { ...stands, newest: slot(8), open: [{ slot: slot(8) + 7, state: 'queued', byHand: true }] })).toEqual({
    ...nothing,
    queue: slot(9),
  });
});

it('skips every slot of a paused schedule, for the reason that was given', () => {
  const decision = decide(schedule(), { ...stands, newest: slot(7), paused: 'paused by ada@acme.example: the vendor is down' });
  expect(decision).toEqual({
    ...nothing,
    skip: [8, 9].map((hour) => ({ slot: slot(hour), firstSlot: slot(hour), because: 'paused by ada@acme.example: the vendor is down' })),
  });
});

it('runs nothing while the clock is before the newest slot, and tells no more than the newest of very many', () => {
  expect(decide(schedule(), { ...stands, newest: slot(14) })).toEqual(nothing);
  expect(decide(schedule(), { ...stands, newest: slot(-3000) }).skip).toHaveLength(MISSED - 1);
});

it('says which slot comes next: one that has passed and was not taken is due, else it is the first ahead', () => {
  expect(nextDue(schedule(), null, now)).toBe(slot(9)); // new: due at once
  expect(nextDue(schedule(), slot(9), now)).toBe(slot(10));
  expect(nextDue(schedule(), slot(9), slot(10) - 1)).toBe(slot(10));
  expect(nextDue(schedule(), slot(9), slot(10))).toBe(slot(10));
  expect(nextDue(schedule(), slot(6), now)).toBe(slot(9)); // of those that were missed the newest is made up
  expect(nextDue(schedule({ makesUp: 'each' }), slot(6), now)).toBe(slot(7));
  expect(nextDue(schedule({ filled: slot(9) + 1234 }), null, now)).toBe(slot(10)); // by the log's word, where no slot is known
  expect(nextDue(schedule({ filled: slot(9) + 1234 }), slot(8), now)).toBe(slot(9));
  expect(nextDue(schedule(), slot(12), now)).toBe(slot(13)); // a clock was put back
  expect(nextDue(schedule({ slots: () => [] }), null, now)).toBe(null);
});

it('comes to what is taken next, whatever was taken before', () => {
  for (const makesUp of ['each', 'newest'] as const)
    for (const newest of [null, slot(5), slot(8), slot(9)])
      for (const filled of [null, slot(7)]) {
        const its = schedule({ makesUp, filled });
        const { queue } = decide(its, { ...stands, newest });
        expect(nextDue(its, newest, now)).toBe(queue ?? slot(10));
      }
});
