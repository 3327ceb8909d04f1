import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { TickmarkError } from '../core/error.ts';
import type { Block, KeptBlock } from '../engine/engine.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { Scratch } from './scratch.ts';
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

/** Which records a list is of. */
export interface RecordsOf {
  /** Those with a smaller index. */
  readonly before: number;
  readonly outcome?: string;
  /** Sealed in it, half-open, in milliseconds. */
  readonly period?: { readonly from: number; readonly to: number };
}

/** A piece of the program, and which code it was when it made what the cache holds of it. */
export interface Unit {
  readonly kind: 'check' | 'collector' | 'dataset' | 'house';
  readonly id: string;
  readonly version: number;
  /** SHA-256 over its code, hex. */
  readonly digest: string;
}

/** What a step through the log changes: blocks are replaced whole. */
export interface Changes {
  readonly position: Position;
  /** Every piece of the program, where that has changed. What the cache holds of a check or a dataset that is not among them is dropped. */
  readonly units?: readonly Unit[];
  /** Records that were read again replace what was said of them. */
  readonly records: readonly RecordRow[];
  /** A block without content goes. */
  readonly blocks: Iterable<Block>;
}

export interface Store {
  /** Packs what memory has no room for and keeps it until the process ends: what it gives reads it again. */
  aside(content: unknown): () => unknown;
  /** Nothing that was loaded or put aside can be read any more. */
  forget(): void;
  position(): Promise<Position | null>;
  /** Which code made what is here. */
  units(): Promise<readonly Unit[]>;
  /** Reads everything, piece by piece and as of one moment: the blocks in no order. What is in one is read once it is asked for. */
  load(into: Loading): Promise<void>;
  /** In one transaction. Throws `TickmarkError` with code `STALE` where the position is not `expected` any more: another process has saved. */
  save(expected: Position | null, changes: Changes): Promise<void>;
  /** The newest first; of these outcomes alone, where some are named. */
  records(before: number | null, limit: number, outcomes?: readonly string[]): Promise<readonly RecordRow[]>;
  /** So many of them after the first `skip`, the newest first, and how many there are. */
  recordWindow(of: RecordsOf, skip: number, limit: number): Promise<{ readonly count: number; readonly rows: readonly RecordRow[] }>;
  record(index: number): Promise<RecordRow | null>;
  /** Indexes of the records that are configurations, in order. */
  configurations(): Promise<readonly number[]>;
  /** Indexes of the records of acts whose name begins so, in order. */
  acts(prefix: string): Promise<readonly number[]>;
  /** Drops the cache and makes it empty again. The other schemas are not touched. */
  clear(): Promise<void>;
  /** SHA-256 over everything in the cache, in one order: equal on every database that holds the same. */
  digest(): Promise<string>;
}

/** Where what is loaded goes, piece by piece. */
export interface Loading {
  block(block: KeptBlock): void;
}

const CHUNK = 5000;
/** So many rows are in flight when everything is read. */
const FETCH = 1000;
/** Blocks are written in statements of so many bytes, or of so many blocks. */
const BYTES = 1_000_000;
const BLOCKS = 400;
/** Opens the store and brings its tables up to date. What is loaded and not decoded yet waits in the scratch file, in memory where there is none. */
export async function openStore({ sql: db }: Database, scratch?: Scratch): Promise<Store> {
  await migrate(db);
  const wait = (bytes: Buffer): (() => unknown) => {
    const back = scratch ? scratch.put(bytes) : () => bytes;
    return () => unpacked(back());
  };
  return {
    forget: () => scratch?.empty(),

    aside: (content) => wait(packed(content as NonNullable<Block['content']>)),

    async position() {
      const row = await db.selectFrom('cache.position').selectAll().executeTakeFirst();
      return row ? { size: row.size, root: row.root, code: row.code, catalog: row.catalog } : null;
    },

    async units() {
      const rows = await db.selectFrom('cache.unit').selectAll().execute();
      return rows.map((row) => ({ ...row, kind: row.kind as Unit['kind'] }));
    },

    load: (into) =>
      snapshot(db, async (transaction) => {
        for await (const blocks of pieces<Tables['cache.block']>(transaction, sql`select kind, name, block, bytes from cache.block`))
          for (const { kind, name, block, bytes } of blocks) into.block({ kind: kind as Block['kind'], name, block, read: wait(bytes) });
      }),

    save: (expected, changes) => db.transaction().execute((transaction) => save(transaction, expected, changes, scratch ? wait : null)),

    async records(before, limit, outcomes) {
      const all = db.selectFrom('cache.record').selectAll().orderBy('index', 'desc').limit(limit);
      const query = outcomes === undefined ? all : all.where('outcome', 'in', outcomes);
      return (await (before === null ? query : query.where('index', '<', before)).execute()).map(recordRow);
    },

    async recordWindow({ before, outcome, period }, skip, limit) {
      const all = db.selectFrom('cache.record').where('index', '<', before);
      const ofOutcome = outcome === undefined ? all : all.where('outcome', '=', outcome);
      const its = period === undefined ? ofOutcome : ofOutcome.where('sealed_at', '>=', period.from).where('sealed_at', '<', period.to);
      const { count } = await its.select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow();
      const rows = await its.selectAll().orderBy('index', 'desc').offset(skip).limit(limit).execute();
      return { count: Number(count), rows: rows.map(recordRow) };
    },

    async record(index) {
      const row = await db.selectFrom('cache.record').selectAll().where('index', '=', index).executeTakeFirst();
      return row ? recordRow(row) : null;
    },

    async configurations() {
      const rows = await db.selectFrom('cache.record').select('index').where('outcome', '=', 'configuration').orderBy('index').execute();
      return rows.map(({ index }) => index);
    },

    async acts(prefix) {
      const named = db.selectFrom('cache.record').select('index').where('outcome', '=', 'act');
      const rows = await named.where('title', 'like', `%: ${prefix}%`).orderBy('index').execute();
      return rows.map(({ index }) => index);
    },

    async clear() {
      await sql`truncate table cache.position, cache.unit, cache.block, cache.record`.execute(db);
    },

    async digest() {
      const hash = createHash('sha256');
      const queries = [sql`select * from cache.position`, sql`select * from cache.unit order by kind, id`, sql`select * from cache.record order by index`];
      await snapshot(db, async (transaction) => {
        for (const query of queries) for await (const rows of pieces(transaction, query)) for (const row of rows) hash.update(`${sortedJson(row)}\n`);
        const blocks = sql`select * from cache.block order by kind, name, block`;
        for await (const rows of pieces<Tables['cache.block']>(transaction, blocks))
          for (const { bytes, ...row } of rows) hash.update(`${sortedJson({ ...row, content: unpacked(bytes) })}\n`);
      });
      return hash.digest('hex');
    },
  };
}

/** All that is read in it is of one moment. */
const snapshot = <Result>(db: Kysely<Tables>, read: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> =>
  db.transaction().setIsolationLevel('repeatable read').execute(read);

/** The rows of a query, so many at a time: none waits in memory for the others. */
async function* pieces<Row>(transaction: Transaction<Tables>, query: RawBuilder<unknown>): AsyncIterable<readonly Row[]> {
  await sql`declare piece no scroll cursor for ${query}`.execute(transaction);
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(FETCH)} from piece`.execute(transaction);
    if (rows.length > 0) yield rows;
    if (rows.length < FETCH) break;
  }
  await sql`close piece`.execute(transaction);
}

/** Fast rather than small: a block is packed whenever one of its items changes. */
const packed = (content: NonNullable<Block['content']>): Buffer =>
  zstdCompressSync(JSON.stringify(content), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
const unpacked = (bytes: Uint8Array): unknown => JSON.parse(zstdDecompressSync(bytes).toString());

async function save(db: Transaction<Tables>, expected: Position | null, { position, units, records, blocks }: Changes, wait: Waiting | null): Promise<void> {
  const { size, root, code, catalog } = position;
  const taken =
    expected === null
      ? await sql`insert into cache.position (size, root, code, catalog) values (${size}, ${root}, ${code}, ${catalog}) on conflict do nothing`.execute(db)
      : await sql`update cache.position set size = ${size}, root = ${root}, code = ${code}, catalog = ${catalog}
          where size = ${expected.size} and root = ${expected.root} and code = ${expected.code} and catalog = ${expected.catalog}`.execute(db);
  if (taken.numAffectedRows !== 1n) throw new TickmarkError('STALE', 'another process has brought the cache further');
  if (units) await keepUnits(db, units);
  await saveBlocks(db, blocks, wait);
  for (const chunk of chunks(records, ({ sealedAt, ...record }) => ({ ...record, sealed_at: sealedAt }))) {
    await sql`insert into cache.record select * from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as x(index bigint, title text, outcome text, sealed_at bigint, reason text, unreadable text, rows jsonb)
      on conflict (index) do update set title = excluded.title, outcome = excluded.outcome, sealed_at = excluded.sealed_at,
      reason = excluded.reason, unreadable = excluded.unreadable, rows = excluded.rows`.execute(db);
  }
}

/** From now on the cache holds what these made, and nothing of any other. */
async function keepUnits(db: Transaction<Tables>, units: readonly Unit[]): Promise<void> {
  await sql`delete from cache.unit`.execute(db);
  await sql`insert into cache.unit select * from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as x(kind text, id text, version integer, digest text)`.execute(
    db,
  );
  const ids = (kind: Unit['kind']) => JSON.stringify(units.filter((unit) => unit.kind === kind).map(({ id }) => id));
  await sql`delete from cache.block where kind = 'steps' and name not in (select jsonb_array_elements_text(${ids('check')}::jsonb))`.execute(db);
  await sql`delete from cache.block where kind <> 'steps' and split_part(name, ' ', 1) not in (select jsonb_array_elements_text(${ids('dataset')}::jsonb))`.execute(
    db,
  );
}

type Waiting = (bytes: Buffer) => () => unknown;

/** Packs blocks as they come, and writes them some at a time. What is kept may leave memory, where it can wait elsewhere. */
async function saveBlocks(db: Transaction<Tables>, blocks: Iterable<Block>, wait: Waiting | null): Promise<void> {
  let [rows, bytes] = [[] as Tables['cache.block'][], 0];
  const flush = async () => {
    if (rows.length > 0)
      await db
        .insertInto('cache.block')
        .values(rows)
        .onConflict((it) => it.columns(['kind', 'name', 'block']).doUpdateSet({ bytes: ({ ref }) => ref('excluded.bytes') }))
        .execute();
    [rows, bytes] = [[], 0];
  };
  for (const { kind, name, block, content, kept } of blocks) {
    if (content === null) {
      await db.deleteFrom('cache.block').where('kind', '=', kind).where('name', '=', name).where('block', '=', block).execute();
      continue;
    }
    const row = { kind, name, block, bytes: packed(content) };
    if (wait) kept?.(wait(row.bytes));
    rows.push(row);
    bytes += row.bytes.length;
    if (bytes >= BYTES || rows.length >= BLOCKS) await flush();
  }
  await flush();
}

/** Takes entries as they come, so many at a time. */
function* chunks<Entry, Row = Entry>(entries: Iterable<Entry>, rowOf: (entry: Entry) => Row | Entry = (entry) => entry): Iterable<readonly (Row | Entry)[]> {
  let chunk: (Row | Entry)[] = [];
  for (const entry of entries) {
    if (chunk.push(rowOf(entry)) < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const recordRow = ({ sealed_at, rows, ...row }: Tables['cache.record']): RecordRow => ({ ...row, sealedAt: sealed_at, rows: rows as RecordRow['rows'] });

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
