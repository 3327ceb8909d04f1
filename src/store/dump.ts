import { type Kysely, sql, type Transaction } from 'kysely';
import { ConfigurationError } from '../core/error.ts';
import type { Database } from './database.ts';
import { appliedMigrations } from './migrate.ts';
import type { Tables } from './tables.ts';

/** What cannot be derived from the log: rows as JSON, by table. */
export interface Dump {
  /** The migrations that made the tables, in order. */
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly name: string; readonly rows: readonly unknown[] }[];
}

/** Schemas of which everything is kept. Tables are found, not listed: whoever adds one need not remember to. */
const WHOLE = ['keys', 'auth', 'alerts', 'views'];
/** Of `jobs` what the queue itself does not make again. Jobs that are under way are handed in again by whoever plans next. */
const OF_JOBS = ['timetable', 'slots'];

/** Everything that a rebuild does not make again, as of one moment. */
export async function dump({ sql: db }: Pick<Database, 'sql'>, { except = [] }: { readonly except?: readonly string[] } = {}): Promise<Dump> {
  const migrations = await appliedMigrations(db);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const tables: { readonly name: string; readonly rows: readonly unknown[] }[] = [];
      for (const { schema, table } of await tablesOf(transaction)) {
        if (except.includes(schema)) continue;
        const { rows } = await sql<{ row: unknown }>`select to_jsonb(it) as row from ${sql.id(schema, table)} it`.execute(transaction);
        tables.push({ name: `${schema}.${table}`, rows: rows.map(({ row }) => row) });
      }
      return { migrations, tables };
    });
}

/** So many rows are written at once. */
const ROWS = 500;

/** Writes what was dumped into tables of the same shape, which must be empty; `beside`: what is there stays as it is. Resolves to how many rows. */
export async function restoreDump(
  { sql: db }: Pick<Database, 'sql'>,
  { tables }: Dump,
  { beside = false }: { readonly beside?: boolean } = {},
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const there = await tablesOf(transaction);
    let count = 0;
    for (const { name, rows } of inOrder(tables, there)) {
      const [schema = '', table = ''] = name.split('.');
      if (!there.some((it) => it.schema === schema && it.table === table)) {
        if (rows.length === 0) continue;
        throw new ConfigurationError(`the backup holds rows of ${name}, and this version makes no such table. Restore it with the version that made it.`);
      }
      const { rows: found } = await sql`select from ${sql.id(schema, table)} limit 1`.execute(transaction);
      if (!beside && found.length > 0 && rows.length > 0)
        throw new ConfigurationError(`the table ${name} is not empty: a backup is restored into a new database alone. Name one with DATABASE_URL.`);
      for (let from = 0; from < rows.length; from += ROWS)
        await sql`insert into ${sql.id(schema, table)} overriding system value
          select * from jsonb_populate_recordset(null::${sql.id(schema, table)}, ${JSON.stringify(rows.slice(from, from + ROWS))}::jsonb) on conflict do nothing`.execute(
          transaction,
        );
      await advance(transaction, schema, table);
      count += rows.length;
    }
    return count;
  });
}

interface Found {
  readonly schema: string;
  readonly table: string;
  /** Tables that its rows point to. */
  readonly needs: readonly string[];
}

async function tablesOf(db: Kysely<Tables> | Transaction<Tables>): Promise<readonly Found[]> {
  const { rows } = await sql<Found>`select n.nspname as schema, c.relname as table,
      coalesce((select jsonb_agg(distinct fn.nspname || '.' || f.relname) from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '[]'::jsonb) as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and (n.nspname = any(${WHOLE}::text[]) or (n.nspname = 'jobs' and c.relname = any(${OF_JOBS}::text[])))
    order by n.nspname, c.relname`.execute(db);
  return rows;
}

/** Those first that others point to. */
function inOrder(tables: Dump['tables'], there: readonly Found[]): Dump['tables'] {
  const needs = new Map(there.map((it) => [`${it.schema}.${it.table}`, it.needs]));
  const [waiting, ordered] = [[...tables], [] as Dump['tables'][number][]];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name }) => (needs.get(name) ?? []).every((need) => !waiting.some((it) => it.name === need)));
    ordered.push(...waiting.splice(Math.max(next, 0), 1)); // tables that point to each other are tried as they come
  }
  return ordered;
}

/** Counters go on behind what was restored. */
async function advance(db: Transaction<Tables>, schema: string, table: string): Promise<void> {
  const { rows } = await sql<{
    column: string;
    sequence: string;
  }>`select a.attname as column, pg_get_serial_sequence(quote_ident(${schema}) || '.' || quote_ident(${table}), a.attname) as sequence
    from pg_attribute a where a.attrelid = (quote_ident(${schema}) || '.' || quote_ident(${table}))::regclass and a.attnum > 0 and not a.attisdropped`.execute(
    db,
  );
  for (const { column, sequence } of rows)
    if (sequence !== null)
      await sql`select setval(${sequence}::regclass, greatest((select coalesce(max(${sql.id(column)}), 0) from ${sql.id(schema, table)}), 1))`.execute(db);
}
