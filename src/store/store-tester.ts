import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { State } from '../engine/engine.ts';
import type { Database } from './database.ts';
import { type Changes, openStore, type Position, type Store, type Unit } from './store.ts';

const AT = Date.parse('2026-03-01T00:00:00Z');
const position = (size: number): Position => ({ size, root: `root ${size}`, code: '1', catalog: 'c' });
const NOTHING: Omit<Changes, 'position'> = { records: [], looks: [], changedFacts: [], facts: [], changedSteps: [], steps: [] };

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((it) => it.replaceAll('\u0000', '').toWellFormed());
const at = fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(Infinity, -Infinity));
const names = fc.array(text, { maxLength: 3 });
const row = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), names), { maxKeys: 4 });
const looks = fc.uniqueArray(
  fc.record({
    dataset: text,
    source: text,
    partition: text,
    at: fc.integer({ min: 0, max: 4e12 }),
    complete: fc.boolean(),
    reason: fc.option(text),
    record: fc.nat(),
  }),
  { maxLength: 8, selector: ({ record }) => record },
);
const facts = fc.uniqueArray(
  fc.record({ dataset: text, item: text, stream: text, row, from: at, to: at, records: fc.array(fc.nat(), { maxLength: 3 }), needs: names, lacks: names }),
  { maxLength: 8, selector: ({ dataset, item, from }) => `${dataset}/${item}/${from}` },
);
const steps = fc.uniqueArray(
  fc.record({
    check: text,
    item: text,
    kind: fc.constantFrom('conforms' as const, 'deviates' as const, 'unknown' as const, 'notYet' as const),
    because: fc.option(text),
    needs: names,
    lacks: names,
    settled: fc.boolean(),
    records: fc.array(fc.nat(), { maxLength: 3 }),
    from: at,
    to: at,
  }),
  { maxLength: 8, selector: ({ check, item, from }) => `${check}/${item}/${from}` },
);

const sorted = ({ looks: a, facts: b, steps: c }: State) =>
  [a, b, c].map((list) =>
    list
      .map((it) =>
        JSON.stringify(
          Object.entries(it)
            .map(([key, value]) => [key, value === Infinity ? 'never' : value === -Infinity ? 'always' : canonical(value)])
            .sort(),
        ),
      )
      .sort(),
  );
/** Everything that a store holds. */
async function loaded(store: Store): Promise<State> {
  const [looks, facts, steps]: [State['looks'][number][], State['facts'][number][], State['steps'][number][]] = [[], [], []];
  await store.load({
    looks: (its) => void looks.push(...its),
    facts: (its) => void facts.push(...its),
    steps: (its) => void steps.push(...its),
  });
  return { looks, facts, steps };
}

const canonical = (value: unknown): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value).sort() : value);

/** What every database must do alike. */
export function storeTester(name: string, open: () => Promise<{ readonly database: Database; close(): Promise<void> }>): void {
  describe(`the store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let store: Store;

    beforeAll(async () => {
      opened = await open();
      store = await openStore(opened.database);
    });
    beforeEach(() => store.clear());
    afterAll(() => opened.close());

    it('is empty at first, and again after it was cleared', async () => {
      expect(await store.position()).toBeNull();
      const empty = await store.digest();
      await store.save(null, { ...NOTHING, position: position(1) });
      expect(await store.digest()).not.toBe(empty);
      await store.clear();
      expect([await store.position(), await store.digest()]).toEqual([null, empty]);
    });

    it('gives back what it was given, whatever that is', async () => {
      await fc.assert(
        fc.asyncProperty(looks, facts, steps, async (a, b, c) => {
          await store.clear();
          await store.save(null, { ...NOTHING, position: position(1), looks: a, facts: b, steps: c });
          expect(sorted(await loaded(store))).toEqual(sorted({ looks: a, facts: b, steps: c }));
        }),
        { numRuns: 20 },
      );
    });

    it('replaces an item whole, and leaves the others', async () => {
      const fact = (item: string, from: number, value: number): State['facts'][number] => ({
        dataset: 'd',
        item,
        stream: 's',
        from,
        to: Infinity,
        row: { value },
        records: [1],
        needs: [],
        lacks: [],
      });
      await store.save(null, { ...NOTHING, position: position(1), facts: [fact('a', AT, 1), fact('a', AT + 1, 2), fact('b', AT, 3)] });
      await store.save(position(1), { ...NOTHING, position: position(2), changedFacts: [{ dataset: 'd', item: 'a' }], facts: [fact('a', AT, 9)] });
      expect((await loaded(store)).facts.map(({ item, row: { value } }) => [item, value]).sort()).toEqual([
        ['a', 9],
        ['b', 3],
      ]);
    });

    it('keeps nothing of a check or a dataset that the program has no more, and reads a record again', async () => {
      const unit = (kind: Unit['kind'], id: string): Unit => ({ kind, id, version: 1, digest: 'd' });
      const step = (check: string): State['steps'][number] => ({
        check,
        item: 'i',
        from: AT,
        to: Infinity,
        kind: 'conforms',
        because: null,
        needs: [],
        lacks: [],
        settled: true,
        records: [1],
      });
      const look = (dataset: string, record: number) => ({ dataset, source: 's', partition: 'p', at: AT, complete: true, reason: null, record });
      const line = (unreadable: string | null) => ({ index: 0, title: 't', outcome: 'success', sealedAt: AT, reason: null, unreadable, rows: null });
      const before = [unit('check', 'old'), unit('check', 'kept'), unit('dataset', 'd'), unit('dataset', 'gone')];
      const after = [unit('check', 'kept'), unit('dataset', 'd')];
      const given = { looks: [look('d', 1), look('gone', 1)], steps: [step('old'), step('kept')], records: [line('broken')] };
      await store.save(null, { ...NOTHING, position: position(1), units: before, ...given });
      expect(await store.units()).toEqual(before);

      const streams = [{ dataset: 'd', source: 's', partition: 'p' }];
      await store.save(position(1), {
        ...NOTHING,
        position: position(2),
        units: after,
        changedLooks: streams,
        looks: [look('d', 2)],
        records: [line(null)],
      });
      const { looks: toldNow, steps: saidNow } = await loaded(store);
      expect([toldNow.map(({ record }) => record), saidNow.map(({ check }) => check)]).toEqual([[2], ['kept']]);
      expect(await store.units()).toEqual(after);
      expect(await store.record(0)).toEqual(line(null));
    });

    it('refuses whoever knows an older position, and changes nothing', async () => {
      await store.save(null, { ...NOTHING, position: position(1) });
      await store.save(position(1), { ...NOTHING, position: position(2) });
      const before = await store.digest();
      await expect(store.save(position(1), { ...NOTHING, position: position(3) })).rejects.toMatchObject({ code: 'STALE' });
      await expect(store.save(null, { ...NOTHING, position: position(3) })).rejects.toMatchObject({ code: 'STALE' });
      expect(await store.digest()).toBe(before);
    });

    it('lets one of many savers win', async () => {
      await store.save(null, { ...NOTHING, position: position(1) });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, place) => store.save(position(1), { ...NOTHING, position: position(10 + place) })),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('saves nothing of a batch that fails', async () => {
      await store.save(null, { ...NOTHING, position: position(1) });
      const twice: State['looks'][number] = { dataset: 'd', source: 's', partition: 'p', at: AT, complete: true, reason: null, record: 1 };
      await expect(store.save(position(1), { ...NOTHING, position: position(2), looks: [twice, twice] })).rejects.toThrow(/duplicate key/);
      expect(await store.position()).toEqual(position(1));
    });

    it('lists records from the newest', async () => {
      const record = (index: number) => ({
        index,
        title: `r${index}`,
        outcome: index % 3 === 0 ? 'configuration' : 'success',
        sealedAt: AT,
        reason: null,
        unreadable: null,
        rows: { a: index },
      });
      await store.save(null, { ...NOTHING, position: position(7), records: Array.from({ length: 7 }, (_, index) => record(index)) });
      expect((await store.records(5, 2)).map(({ index }) => index)).toEqual([4, 3]);
      expect(await store.record(3)).toEqual(record(3));
      expect(await store.record(70)).toBeNull();
      expect(await store.configurations()).toEqual([0, 3, 6]);
    });
  });
}
