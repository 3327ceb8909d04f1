import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ControlStatus, STATUSES, type Status, worst } from '../core/status.ts';
import { besidesOf, controlOver, controlStatus, criterionOver, examinedUntil } from './control.ts';
import type { Observed, StatusInterval } from './period-posture.ts';
import type { Besides, DutySpell } from './posture.ts';

const LAST = 8;
const TICKS = Array.from({ length: LAST }, (_, tick) => tick);
const NOTHING: Besides = { excluded: null, notExcluded: null, duties: [], unfed: [], unexamined: [] };
const CONTROL = { id: 'XX-01', title: 'We do', checks: ['a', 'b'] };

/** A status and an alert for each tick, and what both are over all of it. */
interface Line {
  readonly statuses: readonly Status[];
  readonly alerts: readonly Status[];
}

const status = fc.constantFrom(...STATUSES);
const ticks = fc.array(status, { minLength: LAST, maxLength: LAST });
const line: fc.Arbitrary<Line> = fc.record({ statuses: ticks, alerts: ticks });
const span = fc.tuple(fc.nat(LAST), fc.nat(LAST)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const duty: fc.Arbitrary<DutySpell> = fc
  .record({
    what: fc.constant('Review'),
    status: fc.constantFrom('fail', 'unknown'),
    because: fc.constant('late'),
    from: fc.integer({ min: -2, max: LAST }),
    lasts: fc.integer({ min: 1, max: LAST }),
  })
  .map(({ lasts, ...its }) => ({ ...its, to: its.from + lasts }));
const besides: fc.Arbitrary<Besides> = fc.record({
  excluded: fc.option(
    fc.record({ id: fc.constant('X-1'), because: fc.constant('not ours'), by: fc.constant('Bob'), since: fc.integer({ min: -2, max: LAST + 2 }) }),
    {
      nil: null,
    },
  ),
  notExcluded: fc.constant(null),
  duties: fc.array(duty, { maxLength: 2 }),
  unfed: fc.oneof({ weight: 4, arbitrary: fc.constant<readonly string[]>([]) }, { weight: 1, arbitrary: fc.constant<readonly string[]>(['hr.workers']) }),
  unexamined: fc.constant([]),
}) as fc.Arbitrary<Besides>;

/** In order, without a gap, no two neighbours alike. */
function intervalsOf({ statuses, alerts }: Line, { from, to }: { readonly from: number; readonly to: number }): readonly StatusInterval[] {
  const parts: StatusInterval[] = [];
  for (let tick = from; tick < to; tick++) {
    const next = { from: tick, to: tick + 1, status: statuses[tick] ?? 'unknown', alert: alerts[tick] ?? 'unknown' };
    const last = parts.at(-1);
    if (last && last.status === next.status && last.alert === next.alert) parts[parts.length - 1] = { ...last, to: next.to };
    else parts.push(next);
  }
  return parts;
}

const observed = (id: string, its: Line, within: { readonly from: number; readonly to: number }): Observed => ({
  id,
  title: id,
  status: worst(its.statuses.slice(within.from, within.to)),
  alert: worst(its.alerts.slice(within.from, within.to)),
  intervals: intervalsOf(its, within),
});

const at = <Of extends string>(intervals: readonly StatusInterval<Of>[], tick: number) => {
  const those = intervals.filter(({ from, to }) => from <= tick && tick < to);
  return those.length === 1 ? those.map(({ status: its, alert }) => [its, alert])[0] : `${those.length} intervals`;
};

/** In order, without a gap, from the beginning to the end. */
function whole(intervals: readonly StatusInterval<ControlStatus>[], { from, to }: { readonly from: number; readonly to: number }) {
  expect(intervals.every((its) => its.from < its.to)).toBe(true);
  expect(intervals.length === 0 ? [] : [intervals[0]?.from, ...intervals.map((its) => its.to)]).toEqual(
    from < to ? [from, ...intervals.map((its) => its.to)] : [],
  );
  expect(intervals.slice(1).map((its) => its.from)).toEqual(intervals.slice(0, -1).map((its) => its.to));
  if (from < to) expect(intervals.at(-1)?.to).toBe(to);
}

describe('a control over a period', () => {
  it('is at each instant the worst of its checks and of what was missed, and left out from when it was', () => {
    fc.assert(
      fc.property(span, fc.array(fc.option(line, { nil: null }), { maxLength: 2 }), besides, (within, lines, its) => {
        const asked: unknown[] = [];
        const told = { period: { from: within.from, to: within.to + 5 }, until: within.to, now: within.to };
        const end = Math.max(within.from, Math.min(within.to, its.excluded?.since ?? within.to));
        const over = controlOver({ ...CONTROL, checks: lines.map((_, place) => `check ${place}`) }, its, told, (check, asking) => {
          asked.push([asking.period.from, asking.until]);
          const its = lines[Number(check.slice(6))];
          return its ? observed(check, its, { from: asking.period.from, to: asking.until }) : undefined;
        });
        const bare = lines.length === 0 || its.unfed.length > 0;
        const said = (tick: number, of: keyof Line): ControlStatus =>
          tick >= end
            ? 'excluded'
            : worst([
                ...(bare ? (['unknown'] as const) : []),
                ...lines.map((those) => those?.[of][tick] ?? 'unknown'),
                ...its.duties.filter(({ from, to }) => from <= tick && tick < to).map(({ status: missed }) => missed),
                'empty',
              ]);
        whole(over.intervals, within);
        for (let tick = within.from; tick < within.to; tick++)
          expect(at(over.intervals, tick), `at ${tick}`).toEqual([said(tick, 'statuses'), said(tick, 'alerts')]);
        expect([over.id, over.title]).toEqual(['XX-01', 'We do']);
        if (its.excluded && within.from < within.to && end === within.from) {
          expect([over.status, over.alert, asked]).toEqual(['excluded', 'excluded', []]);
          return;
        }
        expect(asked).toEqual(lines.map(() => [within.from, end]));
        const missed = its.duties.filter(({ from, to }) => from < end && within.from < to).map(({ status: its }) => its);
        const all = (of: keyof Line) =>
          worst([...(bare ? (['unknown'] as const) : []), ...lines.map((those) => (those ? worst(those[of].slice(within.from, end)) : 'unknown')), ...missed]);
        expect([over.status, over.alert]).toEqual([all('statuses'), all('alerts')]);
      }),
      { numRuns: 400 },
    );
  });

  it('is asked of the whole period where nothing was left out, and of the part before where it was', () => {
    const told = { period: { from: 0, to: 9 }, until: 6, now: 6 };
    const periods: unknown[] = [];
    const ask = (since: number | null) =>
      controlOver(CONTROL, { ...NOTHING, excluded: since === null ? null : { id: 'X', because: 'so', by: 'Bob', since } } as Besides, told, (_, asking) => {
        periods.push(asking);
        return undefined;
      });
    expect([ask(null).status, ask(4).intervals]).toEqual([
      'unknown',
      [
        { from: 0, to: 4, status: 'unknown', alert: 'unknown' },
        { from: 4, to: 6, status: 'excluded', alert: 'excluded' },
      ],
    ]);
    expect(periods).toEqual([told, told, { period: { from: 0, to: 4 }, until: 4, now: 6 }, { period: { from: 0, to: 4 }, until: 4, now: 6 }]);
  });

  it('says nothing of a period that has not begun', () => {
    const told = { period: { from: 5, to: 9 }, until: 5, now: 3 };
    const excluded = { id: 'X', because: 'so', by: 'Bob', since: 0 } as Besides['excluded'];
    expect(controlOver(CONTROL, { ...NOTHING, excluded }, told, () => undefined)).toEqual({
      id: 'XX-01',
      title: 'We do',
      status: 'unknown',
      alert: 'unknown',
      intervals: [],
    });
  });
});

it('is unknown without a check, and where nothing feeds one, whatever was done in time; what was missed counts beside its checks', () => {
  const of = (checks: readonly Status[], more: Partial<Besides> = {}) => controlStatus(checks, { ...NOTHING, ...more });
  const missed = (status: 'fail' | 'unknown'): DutySpell => ({ what: 'Review', because: 'late', from: 0, to: 1, status });
  expect([of([]), of(['pass']), of(['empty']), of(['pass', 'fail']), of(['pass', 'unknown'])]).toEqual(['unknown', 'pass', 'empty', 'fail', 'unknown']);
  expect([of(['pass'], { unfed: ['hr.workers'] }), of(['fail'], { unfed: ['hr.workers'] })]).toEqual(['unknown', 'fail']);
  expect([of(['pass'], { duties: [missed('fail')] }), of(['pass'], { duties: [missed('unknown')] }), of([], { duties: [missed('fail')] })]).toEqual([
    'fail',
    'unknown',
    'fail',
  ]);
});

it('has nothing beside it where nobody reads what has, but what none of its checks examines', () => {
  expect(besidesOf(undefined, { id: 'XX-01', unexamined: ['the text'] }, { from: 0, to: 1 }, 1)).toEqual({ ...NOTHING, unexamined: ['the text'] });
  expect(besidesOf(undefined, { id: 'XX-01' } as never, { from: 0, to: 1 }, 1)).toEqual(NOTHING);
  const asked: unknown[] = [];
  const reader = {
    of(...all: readonly unknown[]) {
      asked.push(all);
      return { ...NOTHING, unfed: ['x'] };
    },
    changes: () => [],
  };
  expect(besidesOf(reader, { id: 'XX-01', unexamined: [] }, { from: 0, to: 1 }, 7)).toEqual({ ...NOTHING, unfed: ['x'] });
  expect(asked).toEqual([['XX-01', { from: 0, to: 1 }, 7]]);
});

it('is examined up to when it was left out, within the period', () => {
  const until = (since: number) => examinedUntil({ excluded: { id: 'X', because: 'so', by: 'Bob', since } as never }, { from: 2, to: 5 });
  expect([until(0), until(2), until(4), until(9), examinedUntil({ excluded: null }, { from: 2, to: 5 })]).toEqual([2, 2, 4, 5, 5]);
});

it('a criterion is at each instant the worst of its controls, none worse for what is left out, and unknown where all are', () => {
  const outs = fc.array(fc.boolean(), { minLength: LAST, maxLength: LAST });
  fc.assert(
    fc.property(fc.array(fc.record({ line, outs }), { maxLength: 3 }), (all) => {
      const within = { from: 0, to: LAST };
      const controls = all.map(({ line: its, outs: left }, place): Observed<ControlStatus> => {
        const parts = TICKS.map(
          (tick): StatusInterval<ControlStatus> =>
            left[tick]
              ? { from: tick, to: tick + 1, status: 'excluded', alert: 'excluded' }
              : { from: tick, to: tick + 1, status: its.statuses[tick] ?? 'unknown', alert: its.alerts[tick] ?? 'unknown' },
        );
        const examined = TICKS.filter((tick) => !left[tick]);
        const over = (of: keyof Line): ControlStatus => (examined.length === 0 ? 'excluded' : worst(examined.map((tick) => its[of][tick] ?? 'unknown')));
        return { id: `C${place}`, title: '', status: over('statuses'), alert: over('alerts'), intervals: parts };
      });
      const { id, title, status: over, alert, intervals } = criterionOver('CC1', 'One', controls, within);
      expect([id, title]).toEqual(['CC1', 'One']);
      whole(intervals, within);
      for (const tick of TICKS) {
        const said = (of: keyof Line) =>
          all.length === 0 || all.every(({ outs: left }) => left[tick])
            ? 'unknown'
            : worst([...all.flatMap(({ line: its, outs: left }) => (left[tick] ? [] : [its[of][tick] ?? 'unknown'])), 'empty']);
        expect(at(intervals, tick), `at ${tick}`).toEqual([said('statuses'), said('alerts')]);
      }
      const counted = controls.filter(({ status: its }) => its !== 'excluded');
      expect([over, alert]).toEqual([worst(counted.map((its) => its.status as Status)), worst(counted.map((its) => its.alert as Status))]);
    }),
    { numRuns: 300 },
  );
});
