import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import { holds, type Period, union } from '../core/interval.ts';
import { STATUSES, type Status, worst } from '../core/status.ts';
import { statusOf } from './assess.ts';
import { KIND } from './claim-block.ts';
import type { StatusInterval } from './period-posture.ts';
import { tallying } from './tally.ts';
import { timelineOf, worstOf } from './timeline.ts';

const LAST = 9;
const status = fc.constantFrom(...STATUSES);
const statuses = fc.array(fc.tuple(status, status), { minLength: LAST, maxLength: LAST });

/** Intervals of what is said at each tick of a span, no two neighbours alike. */
function intervalsOf(said: (tick: number) => readonly [Status, Status], { from, to }: Period): StatusInterval[] {
  const all: StatusInterval[] = [];
  for (let tick = from; tick < to; tick++) {
    const [its, alert] = said(tick);
    const last = all.at(-1);
    if (last?.status === its && last.alert === alert) all[all.length - 1] = { ...last, to: tick + 1 };
    else all.push({ from: tick, to: tick + 1, status: its, alert });
  }
  return all;
}

describe('the worst of several timelines', () => {
  it('is at each instant the worst that any of them says, and unknown where one says nothing, in as few intervals as tell it', () => {
    fc.assert(
      fc.property(fc.array(fc.option(statuses, { nil: null }), { minLength: 2, maxLength: 4 }), (lines) => {
        const span = { from: 0, to: LAST };
        const timelines = lines.map((said) => (said ? intervalsOf((tick) => said[tick] ?? ['unknown', 'unknown'], span) : []));
        const at = (tick: number, which: 0 | 1) => worst(lines.map((said) => said?.[tick]?.[which] ?? 'unknown'));
        expect(worstOf(timelines, span)).toEqual(intervalsOf((tick) => [at(tick, 0), at(tick, 1)], span));
      }),
      { numRuns: 300 },
    );
  });

  it('is unknown where there is none, all of the only one, and nothing of no time', () => {
    const only: StatusInterval[] = [
      { from: 2, to: 3, status: 'pass', alert: 'empty' },
      { from: 3, to: 7, status: 'fail', alert: 'pass' },
    ];
    expect(worstOf([], { from: 2, to: 7 })).toEqual([{ from: 2, to: 7, status: 'unknown', alert: 'unknown' }]);
    expect(worstOf([only], { from: 2, to: 7 })).toEqual(only);
    expect(worstOf([only, only], { from: 2, to: 7 })).toEqual(only);
    for (const to of [2, 1])
      expect([worstOf([], { from: 2, to }), worstOf([only], { from: 2, to }), worstOf([only, only], { from: 2, to })]).toEqual([[], [], []]);
  });

  it('is empty where all are', () => {
    const empty: StatusInterval = { from: 0, to: 4, status: 'empty', alert: 'empty' };
    expect(worstOf([[empty], [empty]], { from: 0, to: 4 })).toEqual([empty]);
  });
});

describe('the timeline of a check', () => {
  const check = { tolerates: 0, mustExist: false };
  const kinds = fc.constantFrom(...Object.values(KIND));
  const claim = fc.record({ from: fc.nat(LAST), lasts: fc.oneof(fc.integer({ min: 1, max: LAST }), fc.constant(NEVER)), kind: kinds });
  const gap = fc.record({ from: fc.nat(LAST), lasts: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(NEVER)) });
  type Claimed = Period & { readonly kind: number };
  const tallied = (claims: readonly Claimed[]) => {
    const counting = tallying(-NEVER);
    counting.add({
      places: Int32Array.from(claims, (_, place) => place),
      starts: Int32Array.from([...claims, null], (_, place) => place),
      from: Float64Array.from(claims, ({ from }) => from),
      to: Float64Array.from(claims, ({ to }) => to),
      kind: Uint8Array.from(claims, ({ kind }) => kind),
      happened: null,
    });
    return counting.tally();
  };

  it('says at every instant what is claimed of its items then, and that it is not known where its population is not', () => {
    fc.assert(
      fc.property(
        fc.array(claim, { maxLength: 5 }),
        fc.array(gap, { maxLength: 2 }),
        fc.constantFrom(0, 0.5),
        fc.boolean(),
        (all, lacking, tolerates, mustExist) => {
          const claims = all.map(({ from, lasts, kind }) => ({ from, to: from + lasts, kind }));
          const gaps = union(lacking.map(({ from, lasts }) => ({ from, to: from + lasts })));
          const its = { tolerates, mustExist };
          const said = (tick: number): readonly [Status, Status] => {
            const there = claims.filter((one) => holds(one, tick));
            const of = (...which: readonly number[]) => there.filter(({ kind }) => which.includes(kind)).length;
            const uncertain = of(KIND.unknown) > 0 || gaps.some((one) => holds(one, tick));
            const count = (deviating: number) => statusOf(its, { items: there.length, deviating, uncertain });
            return [count(of(KIND.deviates, KIND.waived)), count(of(KIND.deviates))];
          };
          const until = 3 * LAST;
          const expected = intervalsOf(said, { from: -1, to: until });
          const ends = { from: -NEVER, to: NEVER };
          expect(timelineOf(its, tallied(claims), gaps)).toEqual(
            expected.map((one) => ({ ...one, from: one.from === -1 ? ends.from : one.from, to: one.to === until ? ends.to : one.to })),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is what nothing comes to, where nothing is claimed, and unknown from the beginning where the population never was known', () => {
    expect(timelineOf(check, tallied([]), [])).toEqual([{ from: -NEVER, to: NEVER, status: 'empty', alert: 'empty' }]);
    expect(timelineOf({ ...check, mustExist: true }, tallied([]), [])).toEqual([{ from: -NEVER, to: NEVER, status: 'unknown', alert: 'unknown' }]);
    expect(timelineOf(check, tallied([]), [{ from: -NEVER, to: NEVER }])).toEqual([{ from: -NEVER, to: NEVER, status: 'unknown', alert: 'unknown' }]);
    expect(timelineOf(check, tallied([{ from: -NEVER, to: NEVER, kind: KIND.waived }]), [])).toEqual([
      { from: -NEVER, to: NEVER, status: 'fail', alert: 'pass' },
    ]);
  });

  it('becomes another at an instant only where its status does', () => {
    const claims = [
      { from: 1, to: 9, kind: KIND.conforms },
      { from: 2, to: 5, kind: KIND.conforms },
      { from: 5, to: 7, kind: KIND.waived },
    ];
    expect(timelineOf(check, tallied(claims), [{ from: 6, to: 8 }])).toEqual([
      { from: -NEVER, to: 1, status: 'empty', alert: 'empty' },
      { from: 1, to: 5, status: 'pass', alert: 'pass' },
      { from: 5, to: 6, status: 'fail', alert: 'pass' },
      { from: 6, to: 7, status: 'fail', alert: 'unknown' },
      { from: 7, to: 8, status: 'unknown', alert: 'unknown' },
      { from: 8, to: 9, status: 'pass', alert: 'pass' },
      { from: 9, to: NEVER, status: 'empty', alert: 'empty' },
    ]);
  });
});
