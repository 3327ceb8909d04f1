import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Instant, NEVER } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { type Change, type Fact, Facts, itemParts, lostIn, type Look, meets, ReplayNeeded, type Run, streamId } from './facts.ts';
import { Memory } from './memory.ts';
import { accounts, reviews } from './testing/checks/datasets.ts';
import { small } from './testing/small.ts';

const DATASETS: readonly Dataset[] = [accounts, reviews];
const [STATES, EVENTS] = [accounts.id, reviews.id];
const TICKS = Array.from({ length: 10 }, (_, at) => at);
const KEYS = ['a', 'b', 'c/d'];

const state = fc.record({ id: fc.constantFrom(...KEYS), role: fc.constantFrom('admin', 'user'), names: fc.subarray(['x', 'y']) }) as fc.Arbitrary<Row>;
const event = fc.record({ id: fc.constantFrom(...KEYS), pull: fc.constantFrom('1', '2'), at: fc.integer({ min: 0, max: 9 }) }) as fc.Arbitrary<Row>;
const rows = (of: fc.Arbitrary<Row>) => fc.uniqueArray(of, { maxLength: 3, selector: ({ id }) => id });
const run = fc
  .record({
    dataset: fc.constantFrom(STATES, EVENTS),
    source: fc.constantFrom('one', 'one/two'),
    at: fc.integer({ min: 0, max: 9 }),
    complete: fc.constantFrom(true, true, false),
    states: rows(state),
    events: rows(event),
    takenBack: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.shuffledSubarray(KEYS)),
  })
  .map(({ states, events, takenBack, ...its }) =>
    its.dataset === STATES ? { ...its, rows: states } : { ...its, rows: events, polled: { from: its.at - 2, to: its.at }, withdrawn: takenBack },
  );
const runs = fc
  .array(run, { maxLength: 10 })
  .map((all) => all.map((its, record): Run => ({ partition: 'p', reason: its.complete ? null : 'cut', record, ...its })));

const streamOf = ({ source, partition }: Run) => streamId(source, partition);
/** The runs of one stream in the order of time; of those for one start the one that was told last. */
const told = (all: readonly Run[], dataset: string, stream: string) =>
  [...new Map(all.filter((its) => its.dataset === dataset && streamOf(its) === stream).map((its) => [its.at, its])).values()].sort((a, b) => a.at - b.at);

/** What an item is at an instant, by reading all runs. */
function rowAt(all: readonly Run[], dataset: string, stream: string, key: string, at: Instant): Row | null {
  const its = told(all, dataset, stream);
  const shows = ({ rows: shown }: Run) => shown.find(({ id }) => id === key);
  if (dataset === STATES) {
    const last = its.findLast((one) => one.at <= at && (one.complete || shows(one)));
    return (last && shows(last)) ?? null;
  }
  let row: Row | null = null;
  for (const one of its) {
    row = shows(one) ?? row;
    if (one.withdrawn?.includes(key)) row = null;
  }
  return row && Number(row.at) <= at ? row : null;
}

const datasetOf = (id: string) => DATASETS.find((dataset) => dataset.id === id) as Dataset;
const STREAMS = ['one', 'one/two'].map((source) => streamId(source, 'p'));
const ITEMS = [STATES, EVENTS].flatMap((dataset) => STREAMS.flatMap((stream) => KEYS.map((key) => ({ dataset, stream, key, item: `${stream}/${key}` }))));

function agree(facts: Facts, all: readonly Run[]): void {
  for (const { dataset, stream, key, item } of ITEMS) {
    const its = facts.of({ dataset: datasetOf(dataset) }, item);
    for (const at of TICKS) expect(its.filter((fact) => holds(fact, at)).map(({ row }) => row)).toEqual([rowAt(all, dataset, stream, key, at) ?? []].flat());
    for (const [place, fact] of its.entries()) {
      expect([fact.item, fact.stream, fact.from < fact.to]).toEqual([item, stream, true]);
      expect(fact.from).toBeGreaterThanOrEqual(its[place - 1]?.to ?? -1);
      const [record = -1] = fact.records;
      expect([fact.records.length, all[record]?.rows.some((row) => JSON.stringify(row) === JSON.stringify(fact.row))]).toEqual([1, true]);
    }
  }
  for (const dataset of DATASETS) {
    const there = ITEMS.filter((its) => its.dataset === dataset.id && facts.of({ dataset }, its.item).length > 0).map(({ item }) => item);
    expect([...facts.items({ dataset })].sort()).toEqual(there.sort());
    for (const stream of STREAMS) {
      expect(facts.runs(dataset, stream).map(({ at, record }) => [at, record])).toEqual(told(all, dataset.id, stream).map(({ at, record }) => [at, record]));
      const every = all.filter((its) => its.dataset === dataset.id && streamOf(its) === stream).map(({ record }) => record);
      expect([...facts.everyLook(dataset, stream)].map(({ record }) => record).sort()).toEqual(every.sort());
      const looks = facts.looks(dataset, stream);
      const complete = told(all, dataset.id, stream).filter((its) => its.complete);
      for (const at of TICKS) expect(looks.some((look) => holds(look, at))).toBe(complete.some((its) => (its.polled ? holds(its.polled, at) : its.at === at)));
    }
    expect(facts.streams(dataset).toSorted()).toEqual([...new Set(all.flatMap((its) => (its.dataset === dataset.id ? [streamOf(its)] : [])))].sort());
  }
}

/** From when on an item is another than it was. */
const differsFrom = (was: readonly Fact[], is: readonly Fact[]) =>
  [...TICKS].find(
    (at) =>
      JSON.stringify(was.filter((fact) => holds(fact, at)).map(({ row }) => row)) !==
      JSON.stringify(is.filter((fact) => holds(fact, at)).map(({ row }) => row)),
  );

it('knows of every item at every instant what reading all runs tells, in whatever order they came', () => {
  fc.assert(
    fc.property(runs, fc.boolean(), (all, isSmall) => {
      const facts = new Facts(DATASETS, isSmall ? small() : new Memory());
      for (const [count, its] of all.entries()) {
        const before = new Map(ITEMS.map(({ dataset, item }) => [`${dataset} ${item}`, facts.of({ dataset: datasetOf(dataset) }, item)]));
        const changes = facts.add(its);
        for (const { dataset, item } of ITEMS) {
          const [was, is] = [before.get(`${dataset} ${item}`) ?? [], facts.of({ dataset: datasetOf(dataset) }, item)];
          const since = differsFrom(was, is);
          const own = changes.filter((change) => change.dataset.id === dataset && facts.places(change.dataset).name(change.place) === item);
          if (since !== undefined) expect(Math.min(...own.map((change) => change.since))).toBeLessThanOrEqual(since);
          if (JSON.stringify(was) === JSON.stringify(is) && !its.withdrawn?.length) expect(own).toEqual([]);
          const changed = own.flatMap((change) => change.rows);
          if (since !== undefined) for (const { row } of [...was, ...is]) if (was.length + is.length === 1) expect(changed).toContainEqual(row);
        }
        agree(facts, all.slice(0, count + 1));
      }
    }),
    { numRuns: 60 },
  );
});

it('joins an item with the facts that at any time had its value, in the order of their items', () => {
  const selection = accounts.where(({ role }) => role === 'admin');
  fc.assert(
    fc.property(runs, runs, fc.subarray(['x', 'y']), (all, later, names) => {
      const facts = new Facts(DATASETS, small(), new Map([[STATES, ['names', 'role']]]));
      for (const its of all) facts.add(its);
      const expected = (of: readonly Fact[], meeting: (row: Row) => boolean) => of.filter(({ row }) => meeting(row) && row.role === 'admin');
      for (const its of [null, ...later]) {
        if (its) facts.add({ ...its, record: its.record + all.length });
        const every = ITEMS.filter(({ dataset }) => dataset === STATES)
          .map(({ item }) => item)
          .sort()
          .flatMap((item) => facts.of({ dataset: accounts as unknown as Dataset }, item));
        expect(facts.joined(selection.on('names') as never, { names })).toEqual(
          expected(every, (row) => meets(row.names).some((name) => names.includes(String(name)))),
        );
        expect(facts.joined(selection.all() as never, {})).toEqual(expected(every, () => true));
        for (const name of ['x', 'y', 'z']) {
          const having = [...new Set(every.flatMap(({ item, row }) => (meets(row.names).includes(name) ? [item] : [])))];
          expect([...facts.having(accounts as never, 'names', name)].sort()).toEqual(having.sort());
          expect(facts.placesHaving(accounts as never, 'names', name, true)).toEqual(facts.placesHaving(accounts as never, 'names', name));
        }
      }
    }),
    { numRuns: 40 },
  );
});

it('goes on apart from what it was forked from', () => {
  fc.assert(
    fc.property(runs, runs, (all, later) => {
      const facts = new Facts(DATASETS, new Memory());
      for (const its of all) facts.add(its);
      const fork = facts.fork();
      const more = later.map((its) => ({ ...its, record: its.record + all.length }));
      for (const its of more) fork.add(its);
      agree(fork, [...all, ...more]);
      agree(facts, all);
    }),
    { numRuns: 30 },
  );
});

it('puts back when sources were asked, and knows that it has to read again what comes late', () => {
  fc.assert(
    fc.property(runs, (all) => {
      const facts = new Facts(DATASETS, new Memory());
      for (const its of all) facts.add(its);
      const again = new Facts(DATASETS, new Memory());
      for (const { name, content } of facts.lookBlocks('all')) {
        const [dataset = '', stream = ''] = name.split(' ');
        const looks = all.filter((its) => its.dataset === dataset && streamOf(its) === stream).map(({ rows: _, withdrawn: __, ...look }): Look => look);
        expect(content?.records).toEqual(looks.map(({ record }) => record));
        again.restore(dataset, stream, looks);
        expect(again.runs({ id: dataset }, stream).map(({ record }) => record)).toEqual(facts.runs({ id: dataset }, stream).map(({ record }) => record));
        expect([...again.everyLook({ id: dataset }, stream)].length).toBe(looks.length);
        const last = told(all, dataset, stream).at(-1);
        if (!last) continue;
        const late = () => again.add({ ...last, at: last.at - 1, record: 99 });
        expect(late).toThrow(new ReplayNeeded(dataset, stream));
      }
      expect([...facts.lookBlocks('changed')].map(({ name }) => name).sort()).toEqual([...facts.lookBlocks('all')].map(({ name }) => name).sort());
      expect([...facts.lookBlocks('changed')]).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('reads the datasets it was made for and no others', () => {
  const facts = new Facts(DATASETS);
  expect([facts.reads(STATES), facts.reads('another')]).toEqual([true, false]);
  const another = { dataset: 'another', source: 's', partition: 'p', at: 1, complete: true, reason: null, rows: [], record: 0 };
  expect(() => facts.add(another)).toThrow(new RangeError('no run can tell of another'));
  facts.restore('another', 's/p', []);
  expect([facts.streams({ id: 'another' }), facts.runs({ id: 'another' }, 's/p'), [...facts.everyLook({ id: 'another' }, 's/p')]]).toEqual([[], [], []]);
});

it('names an item by source, partition and key, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.string())), (all) => {
      for (const [source, partition, key] of all)
        if (`${source}${partition}`.isWellFormed()) expect(itemParts(`${streamId(source, partition)}/${key}`)).toEqual({ source, partition, key });
    }),
  );
});

it('holds what was declared until it is declared anew, but for the times in which it was lost', () => {
  const look = (at: Instant, complete: boolean, source = 'attestations/kind', polled?: { from: Instant; to: Instant }): Look => ({
    ...{ dataset: STATES, source, partition: 'p', at, complete, reason: null, record: at },
    ...(polled ? { polled } : {}),
  });
  expect(lostIn([look(1, true), look(3, false), look(5, false), look(7, true)])).toEqual([
    { from: 3, to: 7 },
    { from: 5, to: 7 },
  ]);
  expect(lostIn([look(1, true), look(3, false)])).toEqual([{ from: 3, to: NEVER }]);
  expect(lostIn([look(3, false, 'configuration/tickmark', { from: 1, to: 6 }), look(5, true), look(6, true)])).toEqual([{ from: 1, to: 6 }]);
  expect(lostIn([look(3, false, 'okta/users'), look(4, false, 'my attestations/kind')])).toEqual([]);

  const facts = new Facts(DATASETS);
  const stated = (at: Instant, complete: boolean): readonly Change[] =>
    facts.add({ ...look(at, complete), rows: complete ? [{ id: 'a', role: 'user', names: [] }] : [] });
  const looks = () => facts.looks(accounts as unknown as Dataset, streamId('attestations/kind', 'p'));
  expect(looks()).toEqual([]);
  stated(3, true);
  expect(looks()).toEqual([{ from: 3, to: NEVER }]);
  stated(5, false);
  stated(8, true);
  expect(looks()).toEqual([
    { from: 3, to: 5 },
    { from: 8, to: NEVER },
  ]);
});
