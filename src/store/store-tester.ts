import fc from 'fast-check';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Block } from '../engine/engine.ts';
import type { Database } from './database.ts';
import * as cache from './migrations/0001-cache.ts';
import * as keys from './migrations/0002-keys.ts';
import * as partitions from './migrations/0003-partitions.ts';
import { type Changes, openStore, type Position, type RecordsOf, type Store, type Unit } from './store.ts';

const AT = Date.parse('2026-03-01T00:00:00Z');
const position = (size: number): Position => ({ size, root: `root ${size}`, code: '1', catalog: 'c' });
const NOTHING: Omit<Changes, 'position'> = { records: [], blocks: [] };

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((it) => it.replaceAll('\u0000', '').toWellFormed());
const names = fc.array(text, { maxLength: 3 });
const row = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), names), { maxKeys: 4 });
/** Of every kind, in as many words as JSON has. */
const blocks = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('looks' as const, 'items' as const, 'facts' as const, 'steps' as const),
    name: text,
    block: fc.nat(3),
    content: fc.oneof(names, fc.record({ at: fc.array(fc.integer()), rows: fc.array(row, { maxLength: 3 }), counts: fc.array(fc.nat()) })) as fc.Arbitrary<
      Exclude<Block['content'], null>
    >,
  }),
  { maxLength: 8, selector: ({ kind, name, block }) => `${kind}/${name}/${block}` },
);

const sorted = (held: readonly Block[]) => held.map((it) => JSON.stringify(canonical(it))).sort();
const canonical = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.entries(value)
    .map(([key, inner]) => [key, canonical(inner)])
    .sort();
};

/** Everything that a store holds. */
async function loaded(store: Store): Promise<readonly Block[]> {
  const held: Block[] = [];
  await store.load({ block: ({ read, ...its }) => void held.push({ ...its, content: read() as Block['content'] }) });
  return held;
}

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
        fc.asyncProperty(blocks, async (given) => {
          await store.clear();
          await store.save(null, { ...NOTHING, position: position(1), blocks: given });
          expect(sorted(await loaded(store))).toEqual(sorted(given));
        }),
        { numRuns: 20 },
      );
    });

    it('replaces a block whole, drops one without content, and leaves the others', async () => {
      const block = (number: number, content: readonly string[] | null, kind: Block['kind'] = 'items'): Block => ({ kind, name: 'd', block: number, content });
      await store.save(null, { ...NOTHING, position: position(1), blocks: [block(0, ['a']), block(1, ['b']), block(2, ['c']), block(0, ['f'], 'facts')] });
      await store.save(position(1), { ...NOTHING, position: position(2), blocks: [block(0, ['a', 'z']), block(1, null), block(3, ['d'])] });
      expect((await loaded(store)).map(({ kind, block: number, content }) => [kind, number, content]).sort()).toEqual([
        ['facts', 0, ['f']],
        ['items', 0, ['a', 'z']],
        ['items', 2, ['c']],
        ['items', 3, ['d']],
      ]);
    });

    it('writes and reads more and larger blocks than one statement holds', async () => {
      // No two signs in a row are alike for long, so that a block stays large.
      const noise = (seed: number) => Array.from({ length: 30_000 }, (_, place) => ((seed + 1) * (place + 7) ** 3 * 2_654_435_761) % 1_000_003).join();
      const many = Array.from({ length: 900 }, (_, number): Block => ({ kind: 'items', name: 'many', block: number, content: [`${number}`] }));
      const large = Array.from({ length: 12 }, (_, number): Block => ({ kind: 'facts', name: 'large', block: number, content: [noise(number)] }));
      await store.save(null, { ...NOTHING, position: position(1), blocks: [...many, ...large] });
      expect(sorted(await loaded(store))).toEqual(sorted([...many, ...large]));
    });

    it('keeps nothing of a check or a dataset that the program has no more, and reads a record again', async () => {
      const unit = (kind: Unit['kind'], id: string): Unit => ({ kind, id, version: 1, digest: 'd' });
      const block = (kind: Block['kind'], name: string): Block => ({ kind, name, block: 0, content: [name] });
      const line = (unreadable: string | null) => ({ index: 0, title: 't', outcome: 'success', sealedAt: AT, reason: null, unreadable, rows: null });
      const before = [unit('check', 'old'), unit('check', 'kept'), unit('dataset', 'd'), unit('dataset', 'gone')];
      const after = [unit('check', 'kept'), unit('dataset', 'd')];
      const given = {
        blocks: [
          ...['old', 'kept'].map((name) => block('steps', name)),
          ...['d', 'gone'].flatMap((name) => [block('items', name), block('facts', name), block('looks', `${name} s/p`)]),
        ],
        records: [line('broken')],
      };
      await store.save(null, { ...NOTHING, position: position(1), units: before, ...given });
      expect(await store.units()).toEqual(before);

      await store.save(position(1), { ...NOTHING, position: position(2), units: after, records: [line(null)] });
      expect((await loaded(store)).map(({ kind, name: of }) => `${kind} ${of}`).sort()).toEqual(['facts d', 'items d', 'looks d s/p', 'steps kept']);
      expect(await store.units()).toEqual(after);
      expect(await store.record(0)).toEqual(line(null));
    });

    it('brings the tables of an older version up to date, and starts from nothing', async () => {
      const { sql: db } = opened.database;
      await store.save(null, { ...NOTHING, position: position(1) });
      await sql`drop schema cache cascade`.execute(db);
      for (const schema of ['keys', 'auth', 'jobs', 'alerts', 'views']) await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
      await sql`delete from public.kysely_migration`.execute(db);
      const older = { '0001-cache': cache, '0002-keys': keys, '0003-partitions': partitions };
      const { error } = await new Migrator({ db, provider: { getMigrations: async () => older }, migrationTableSchema: 'public' }).migrateToLatest();
      expect(error).toBeUndefined();
      await sql`insert into cache.position (size, root, code, catalog) values (7, 'r', '1', 'c')`.execute(db);
      await sql`insert into cache.fact (dataset, item, stream, from_at, to_at, row, records, needs, lacks) values ('d', 'i', 's', 0, 1, '{}', '[1]', '[]', '[]')`.execute(
        db,
      );

      store = await openStore(opened.database);
      expect([await store.position(), await loaded(store)]).toEqual([null, []]);
      const blocks: readonly Block[] = [{ kind: 'items', name: 'd', block: 0, content: ['a'] }];
      await store.save(null, { ...NOTHING, position: position(1), blocks });
      expect(await loaded(await openStore(opened.database))).toEqual(blocks);
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
      const twice: Block = { kind: 'items', name: 'd', block: 0, content: ['a'] };
      await expect(store.save(position(1), { ...NOTHING, position: position(2), blocks: [twice, twice] })).rejects.toThrow(/a second time/);
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
      const shown = async (of: RecordsOf, skip: number, limit: number) => {
        const { count, rows } = await store.recordWindow(of, skip, limit);
        return [count, rows.map(({ index }) => index)];
      };
      expect(await shown({ before: 7 }, 5, 10)).toEqual([7, [1, 0]]);
      expect(await shown({ before: 6 }, 0, 2)).toEqual([6, [5, 4]]); // what came later moves nothing
      expect(await shown({ before: 7, outcome: 'success' }, 1, 2)).toEqual([4, [4, 2]]);
      expect(await shown({ before: 7, period: { from: AT, to: AT } }, 0, 9)).toEqual([0, []]);
      expect(await shown({ before: 7, period: { from: AT, to: AT + 1 } }, 6, 9)).toEqual([7, [0]]);
      expect(await store.record(3)).toEqual(record(3));
      expect(await store.record(70)).toBeNull();
      expect(await store.configurations()).toEqual([0, 3, 6]);
    });
  });
}
