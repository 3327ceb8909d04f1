import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { TickmarkError } from '../core/error.ts';
import type { State } from '../engine/engine.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** Up to where the cache has read the log, with which code and catalogue. */
export interface Position {
  readonly size: number;
  readonly root: string;
  readonly code: string;
  readonly catalog: string;
}

export interface RecordRow {
  readonly index: number;
  readonly title: string;
  readonly outcome: string;
  readonly sealedAt: number;
  readonly reason: string | null;
  readonly unreadable: string | null;
  readonly rows: Readonly<Record<string, number>> | null;
}

/** What a step through the log changes: items are replaced whole. */
export interface Changes {
  readonly position: Position;
  readonly records: readonly RecordRow[];
  readonly looks: State['looks'];
  /** Dataset and item of every fact that may have changed; what is there now stands in `facts`. */
  readonly changedFacts: readonly { readonly dataset: string; readonly item: string }[];
  readonly facts: State['facts'];
  readonly changedSteps: readonly { readonly check: string; readonly item: string }[];
  readonly steps: State['steps'];
}

export interface Store {
  position(): Promise<Position | null>;
  load(): Promise<State>;
  /** In one transaction. Throws `TickmarkError` with code `STALE` where the position is not `expected` any more: another process has saved. */
  save(expected: Position | null, changes: Changes): Promise<void>;
  records(before: number | null, limit: number): Promise<readonly RecordRow[]>;
  record(index: number): Promise<RecordRow | null>;
  /** Indexes of the records that are configurations, in order. */
  configurations(): Promise<readonly number[]>;
  /** Drops the cache and makes it empty again. The other schemas are not touched. */
  clear(): Promise<void>;
  /** SHA-256 over everything in the cache, in one order: equal on every database that holds the same. */
  digest(): Promise<string>;
}

const CHUNK = 5000;
/** The ends of time as integers: `Infinity` is not one. */
const LAST = Number.MAX_SAFE_INTEGER;
const toColumn = (at: number): number => (at === Infinity ? LAST : at === -Infinity ? -LAST : at);
const fromColumn = (at: number): number => (at === LAST ? Infinity : at === -LAST ? -Infinity : at);

/** Opens the store and brings its tables up to date. */
export async function openStore({ sql: db }: Database): Promise<Store> {
  await migrate(db);
  return {
    async position() {
      const row = await db.selectFrom('cache.position').selectAll().executeTakeFirst();
      return row ? { size: row.size, root: row.root, code: row.code, catalog: row.catalog } : null;
    },

    async load() {
      const [looks, facts, steps] = [
        await db.selectFrom('cache.look').selectAll().orderBy('record').execute(),
        await db.selectFrom('cache.fact').selectAll().execute(),
        await db.selectFrom('cache.step').selectAll().execute(),
      ];
      return {
        looks: looks.map(({ polled_from, polled_to, ...look }) => ({
          ...look,
          ...(polled_from === null || polled_to === null ? {} : { polled: { from: fromColumn(polled_from), to: fromColumn(polled_to) } }),
        })),
        facts: facts.map(({ from_at, to_at, row, ...fact }) => ({
          ...fact,
          row: row as State['facts'][number]['row'],
          from: fromColumn(from_at),
          to: fromColumn(to_at),
        })),
        steps: steps.map(({ check_id, from_at, to_at, kind, ...step }) => ({
          ...step,
          check: check_id,
          kind: kind as State['steps'][number]['kind'],
          from: fromColumn(from_at),
          to: fromColumn(to_at),
        })),
      };
    },

    save: (expected, changes) => db.transaction().execute((transaction) => save(transaction, expected, changes)),

    async records(before, limit) {
      const query = db.selectFrom('cache.record').selectAll().orderBy('index', 'desc').limit(limit);
      return (await (before === null ? query : query.where('index', '<', before)).execute()).map(recordRow);
    },

    async record(index) {
      const row = await db.selectFrom('cache.record').selectAll().where('index', '=', index).executeTakeFirst();
      return row ? recordRow(row) : null;
    },

    async configurations() {
      const rows = await db.selectFrom('cache.record').select('index').where('outcome', '=', 'configuration').orderBy('index').execute();
      return rows.map(({ index }) => index);
    },

    async clear() {
      await db.transaction().execute(async (transaction) => {
        for (const table of ['position', 'look', 'fact', 'step', 'record']) await sql`truncate table ${sql.id('cache', table)}`.execute(transaction);
      });
    },

    async digest() {
      const hash = createHash('sha256');
      const queries = [
        sql`select * from cache.position`,
        sql`select * from cache.look order by dataset, source, partition, at, record`,
        sql`select * from cache.fact order by dataset, item, from_at`,
        sql`select * from cache.step order by check_id, item, from_at`,
        sql`select * from cache.record order by index`,
      ];
      for (const query of queries) for (const row of (await query.execute(db)).rows) hash.update(`${sortedJson(row)}\n`);
      return hash.digest('hex');
    },
  };
}

async function save(
  db: Transaction<Tables>,
  expected: Position | null,
  { position, records, looks, changedFacts, facts, changedSteps, steps }: Changes,
): Promise<void> {
  const { size, root, code, catalog } = position;
  const taken =
    expected === null
      ? await sql`insert into cache.position (size, root, code, catalog) values (${size}, ${root}, ${code}, ${catalog}) on conflict do nothing`.execute(db)
      : await sql`update cache.position set size = ${size}, root = ${root}, code = ${code}, catalog = ${catalog}
          where size = ${expected.size} and root = ${expected.root} and code = ${expected.code} and catalog = ${expected.catalog}`.execute(db);
  if (taken.numAffectedRows !== 1n) throw new TickmarkError('STALE', 'another process has brought the cache further');
  for (const chunk of chunks(changedFacts))
    await sql`delete from cache.fact f using jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as c(dataset text, item text) where f.dataset = c.dataset and f.item = c.item`.execute(
      db,
    );
  for (const chunk of chunks(changedSteps))
    await sql`delete from cache.step s using jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as c("check" text, item text) where s.check_id = c."check" and s.item = c.item`.execute(
      db,
    );
  const told = looks.map(({ polled, ...look }) => ({
    ...look,
    polled_from: polled ? toColumn(polled.from) : null,
    polled_to: polled ? toColumn(polled.to) : null,
  }));
  for (const chunk of chunks(told)) {
    await sql`insert into cache.look select * from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as x(dataset text, source text, partition text, at bigint, complete boolean, reason text, polled_from bigint, polled_to bigint, record bigint)`.execute(
      db,
    );
  }
  for (const chunk of chunks(facts.map(({ from, to, ...fact }) => ({ ...fact, from_at: toColumn(from), to_at: toColumn(to) })))) {
    await sql`insert into cache.fact select * from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as x(dataset text, item text, stream text, from_at bigint, to_at bigint, row jsonb, records jsonb, needs jsonb, lacks jsonb)`.execute(db);
  }
  for (const chunk of chunks(steps.map(({ check, from, to, ...step }) => ({ ...step, check_id: check, from_at: toColumn(from), to_at: toColumn(to) })))) {
    await sql`insert into cache.step select * from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as x(check_id text, item text, from_at bigint, to_at bigint, kind text, because text, needs jsonb, lacks jsonb, settled boolean, records jsonb)`.execute(
      db,
    );
  }
  for (const chunk of chunks(records.map(({ sealedAt, ...record }) => ({ ...record, sealed_at: sealedAt })))) {
    await sql`insert into cache.record select * from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as x(index bigint, title text, outcome text, sealed_at bigint, reason text, unreadable text, rows jsonb)`.execute(db);
  }
}

function* chunks<Entry>(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  for (let place = 0; place < entries.length; place += CHUNK) yield entries.slice(place, place + CHUNK);
}

const recordRow = ({ sealed_at, rows, ...row }: Tables['cache.record']): RecordRow => ({ ...row, sealedAt: sealed_at, rows: rows as RecordRow['rows'] });

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
