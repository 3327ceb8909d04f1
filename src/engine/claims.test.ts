import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, conforms, defineCheck, unknown } from '../checks/check.ts';
import { days } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Row } from '../datasets/dataset.ts';
import { Assessor } from './assess.ts';
import { KIND } from './claim-block.ts';
import { type Claims, countOver } from './claims.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import type { Run } from './facts.ts';
import { Memory } from './memory.ts';
import { BLOCK } from './places.ts';
import { cases } from './testing/cases.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { changeApproved } from './testing/checks/change-approved.ts';
import { accessKeys } from './testing/checks/datasets.ts';
import { CHECKS, EXPECTED, histories, START, TICK, TICKS } from './testing/histories.ts';
import { small, someMemory } from './testing/small.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));

/** What is claimed of an item at an instant. */
function kindAt(claims: Claims, place: number, at: number): string | null {
  for (const { places, starts, from, to, kind } of claims.blocks()) {
    const item = places.indexOf(place);
    for (let claim = starts[item] ?? 0; item >= 0 && claim < (starts[item + 1] ?? 0); claim++)
      if (holds({ from: from[claim] ?? 0, to: to[claim] ?? 0 }, at)) return Object.keys(KIND).find((_, number) => number === kind[claim]) ?? 'no kind';
  }
  return null;
}

it('claims in columns what is claimed item by item, a deviation as waived while a waiver holds, and counts by it', () => {
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const assessor = new Assessor(engine, new Coverage(engine.facts, DATASETS, EXPECTED), waivers);
      for (const check of CHECKS) {
        const claims = assessor.columns(check);
        const isEvent = check.population.dataset.happened !== undefined;
        expect(claims.events).toBe(isEvent);
        const items = [...engine.verdicts(check).keys()].map((item) => {
          const its = assessor.claims(check, item);
          const isWaived = (at: number) => waivers.some((waiver) => waiver.check === check.id && waiver.item === item && holds(waiver, at));
          const said = (at: number) => {
            const kind = its.find((claim) => holds(claim, at))?.kind ?? null;
            return kind === 'deviates' && isWaived(at) ? 'waived' : kind;
          };
          const place = claims.places.find(item) ?? -1;
          expect(TICKS.map((at) => kindAt(claims, place, at))).toEqual(TICKS.map(said));
          return { place, said, happened: engine.facts.of(check.population, item)[0]?.from ?? Number.NaN };
        });
        const [period, until] = [{ from, to }, Math.min(to, now + 1)];
        const span = TICKS.filter((at) => from <= at && at < until);
        const counted = items.flatMap(({ place, said, happened }) => {
          const kinds = new Set(isEvent ? (from <= happened && happened < until ? [said(now)] : []) : span.map(said));
          kinds.delete(null);
          return kinds.size > 0 ? [{ place, kinds }] : [];
        });
        const of = (...wanted: readonly string[]) => counted.filter(({ kinds }) => wanted.some((kind) => kinds.has(kind))).map(({ place }) => place);
        const ascending = (places: readonly number[]) => places.toSorted((a, b) => a - b);
        if (from < until)
          expect(countOver(claims, { period, until, now })).toEqual({
            examined: counted.length,
            deviating: ascending(of('deviates', 'waived')),
            unwaived: of('deviates').length,
            unknown: ascending(of('unknown')),
          });
        expect(countOver(claims, { period, until: from, now })).toEqual({ examined: 0, deviating: [], unwaived: 0, unknown: [] });
      }
    }),
    { numRuns: cases(8) },
  );
});

const KEYS = accessKeysRotated as unknown as Check;
const CHANGES = changeApproved as unknown as Check;
const MANY = 2 * BLOCK + 9;
const run = (dataset: string, at: number, rows: readonly Row[], more: Partial<Run> = {}): Run => ({
  ...{ dataset, source: 'acme', partition: 'main', at, complete: true, reason: null, record: 1 + (at - START) / TICK, rows },
  ...more,
});
/** Of three keys in a row one was too old from the beginning, one becomes so on the second day, and one is disabled. */
const key = (number: number): Row => ({
  id: `${number}`,
  state: number % 3 === 2 ? 'disabled' : 'active',
  createdAt: number % 3 === 0 ? START - days(99) : START - days(88),
});
const keys = (count = MANY) => Array.from({ length: count }, (_, number) => key(number));
const changes = Array.from({ length: MANY }, (_, number): Row => ({ id: `${number}`, author: 'ann', mergedAt: START + (number % 8) * TICK }));

function columnsOf(check: Check, runs: readonly Run[], memory = new Memory(), waivers: ConstructorParameters<typeof Assessor>[2] = []) {
  const engine = Engine.from([check], runs, [], memory);
  const expected = engine.datasets().map(({ id }) => ({ dataset: id, source: 'acme', partition: 'main', from: -Infinity, to: Infinity }));
  return { engine, claims: new Assessor(engine, new Coverage(engine.facts, engine.datasets(), expected), waivers).columns(check) };
}
const KEY_RUNS = [0, 2, 4].map((at) => run('access-keys', START + at * TICK, keys()));
const CHANGE_RUNS = [
  run('pull-requests', START + 9 * TICK, changes, { polled: { from: START, to: START + 8 * TICK } }),
  run('reviews', START + 9 * TICK, [], { polled: { from: START, to: START + 8 * TICK } }),
];
const asColumns = (claims: Claims) => Array.from(claims.blocks(), (block) => Object.entries(block).map(([name, column]) => [name, column && [...column]]));

describe('claims of a check', () => {
  it('are of all its items, block by block, each at its place', () => {
    const { claims, engine } = columnsOf(KEYS, KEY_RUNS);
    const blocks = [...claims.blocks()];
    expect(blocks.flatMap(({ places }) => [...places])).toEqual([...engine.verdicts(KEYS).held()]);
    expect(blocks.map(({ places }) => places.length)).toEqual([171, 171, 6]);
    expect([0, 1, 2, 300, 301, MANY - 1].map((place) => [START, START + 3 * TICK, START + 5 * TICK].map((at) => kindAt(claims, place, at)))).toEqual([
      ['deviates', 'deviates', 'deviates'],
      ['conforms', 'conforms', 'deviates'],
      [null, null, null],
      ['deviates', 'deviates', 'deviates'],
      ['conforms', 'conforms', 'deviates'],
      ['conforms', 'conforms', 'deviates'],
    ]);
  });

  it('are the same with little room for them', () => {
    const count = BLOCK + 9;
    const [few, some] = [KEY_RUNS.map((its) => ({ ...its, rows: keys(count) })), CHANGE_RUNS.map((its) => ({ ...its, rows: its.rows.slice(0, count) }))];
    const asked = { period: { from: START, to: START + 5 * TICK }, until: START + 5 * TICK, now: START + 8 * TICK };
    for (const [check, runs] of [[KEYS, few] as const, [CHANGES, some] as const]) {
      const [roomy, narrow] = [columnsOf(check, runs).claims, columnsOf(check, runs, small(100_000)).claims];
      expect([asColumns(narrow), countOver(narrow, asked)]).toEqual([asColumns(roomy), countOver(roomy, asked)]);
    }
  });

  it('take 17 bytes each, and 16 for each item', () => {
    const memory = new Memory();
    const { claims } = columnsOf(KEYS, KEY_RUNS, memory);
    const before = memory.weigh();
    const blocks = [...claims.blocks()];
    const sum = (of: (block: (typeof blocks)[number]) => number) => blocks.reduce((all, block) => all + of(block), 0);
    const [items, all] = [sum(({ places }) => places.length), sum(({ starts }) => starts.at(-1) ?? 0)];
    expect([items, all, memory.weigh() - before]).toEqual([348, 174 + 2 * 174, 17 * all + 16 * items]);
    for (const { places, starts, from, to, kind } of blocks)
      expect([starts.length, from.length, to.length, kind.length]).toEqual([places.length + 1, ...[1, 2, 3].map(() => starts.at(-1))]);
  });

  it('are not known where the check does not know, though all is covered, and though a waiver holds', () => {
    const silent = defineCheck({
      ...{ id: 'keys-told', title: 'T', version: 1, asserts: 'A.', population: accessKeys },
      examine: ({ state }) => (state === 'disabled' ? conforms() : unknown('nobody tells')),
    }) as unknown as Check;
    const waiver = { id: 'L', check: silent.id, item: 'acme/main/0', because: '', by: '', records: [], from: START, to: START + TICK, until: START + TICK };
    for (const waivers of [[], [waiver]])
      expect([0, 1, 2].map((place) => kindAt(columnsOf(silent, KEY_RUNS, undefined, waivers).claims, place, START))).toEqual([
        'unknown',
        'unknown',
        'conforms',
      ]);
  });

  it('say of events when each happened, and of states nothing of the kind', () => {
    const { claims } = columnsOf(CHANGES, CHANGE_RUNS);
    const happened = Array.from(claims.blocks(), (block) => [...(block.happened ?? [])]).flat();
    expect(happened).toEqual(changes.map(({ mergedAt }) => mergedAt));
    expect(Array.from(columnsOf(KEYS, KEY_RUNS).claims.blocks(), (block) => block.happened)).toEqual([null, null, null]);
  });

  it('leave out a block in which nothing is said any more', () => {
    const memory = new Memory();
    const { engine } = columnsOf(KEYS, [run('access-keys', START, keys(3))], memory);
    engine.learn(
      run(
        'access-keys',
        START,
        keys(3).map((row) => ({ ...row, state: 'disabled' })),
        { record: 99 },
      ),
    );
    const { claims } = { claims: new Assessor(engine, new Coverage(engine.facts, engine.datasets(), []), []).columns(KEYS) };
    expect([[...claims.blocks()], claims.tally(0).at(START).items]).toEqual([[], 0]);
  });

  it('are cut where a waiver begins and ends, and are waived in between', () => {
    const waiver = (from: number, to: number) => ({
      ...{ id: 'L', check: KEYS.id, item: 'acme/main/300', because: '', by: '', records: [] },
      ...{ from: START + from * TICK, to: START + to * TICK, until: START + to * TICK },
    });
    const { claims } = columnsOf(KEYS, KEY_RUNS, undefined, [waiver(1, 2), waiver(3, 5), waiver(4, 6)]);
    const at = [0, 1, 2, 3, 5, 6].map((tick) => START + tick * TICK);
    expect(at.map((its) => kindAt(claims, 300, its))).toEqual(['deviates', 'waived', 'deviates', 'waived', 'waived', 'deviates']);
    expect(at.map((its) => kindAt(claims, 303, its))).toEqual(at.map(() => 'deviates'));
    const over = (from: number, to: number) => {
      const period: Period = { from: START + from * TICK, to: START + to * TICK };
      const { deviating, unwaived } = countOver(claims, { period, until: period.to, now: period.to });
      return [deviating.length, unwaived];
    };
    expect([over(0, 1), over(1, 2), over(1, 3)]).toEqual([
      [174, 174],
      [174, 173],
      [174, 174],
    ]);
  });
});

describe('what claims come to', () => {
  it('is worked out block by block, and whoever asks meanwhile goes on where another is', () => {
    const { claims } = columnsOf(CHANGES, CHANGE_RUNS);
    expect([...claims.tallying(START)]).toEqual([0, 1, 2]);
    expect([...claims.tallying(START)], 'it is known').toEqual([]);
    const [one, other] = [claims.tallying(START + TICK), claims.tallying(START + TICK)];
    expect([one.next().value, other.next().value, one.next().value, other.next()]).toEqual([0, 1, 2, { done: true, value: claims.tally(START + TICK) }]);
    expect(one.next().value).toBe(claims.tally(START + TICK));
  });

  it('is kept for the four beginnings that events were asked for last, and for states whatever the beginning', () => {
    const { claims } = columnsOf(CHANGES, CHANGE_RUNS);
    const of = (tick: number) => claims.tally(START + tick * TICK);
    const [first, second] = [of(1), of(2)];
    const items = [1, 2].map((tick) => of(tick).at(START + 8 * TICK).items);
    expect(items).toEqual([1, 2].map((tick) => changes.filter(({ mergedAt }) => Number(mergedAt) >= START + tick * TICK).length));
    for (const tick of [3, 4]) of(tick);
    expect([of(2) === second, of(1) === first]).toEqual([true, true]);
    for (const tick of [5, 6, 3]) of(tick);
    expect(of(1), 'asked for last but three').toBe(first);
    expect(of(2), 'asked for before').not.toBe(second);
    expect([1, 2].map((tick) => of(tick).at(START + 8 * TICK).items)).toEqual(items);
    const states = columnsOf(KEYS, KEY_RUNS).claims;
    const kept = states.tally(0);
    expect([1, 2, 3, 4, 5, 6].map((tick) => states.tally(tick) === kept)).toEqual([1, 2, 3, 4, 5, 6].map(() => true));
  });

  it('becomes otherwise at instants that are noted as blocks are laid, once', () => {
    const { claims } = columnsOf(KEYS, KEY_RUNS);
    expect([...claims.turning()]).toHaveLength(3);
    expect([...claims.turning()]).toHaveLength(0);
    const laid = columnsOf(KEYS, KEY_RUNS).claims;
    expect([...laid.tallying(0)]).toHaveLength(3);
    const turning = laid.turning();
    const { done, value } = turning.next();
    expect(done).toBe(true);
    expect(value?.alone(START, START + 5 * TICK)).toEqual(keys().flatMap((_, place) => (place % 3 === 1 ? [place] : [])));
  });
});
