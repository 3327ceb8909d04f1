import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, hours, instant, iso } from '../core/instant.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { appliedMigrations, migrateTo } from '../store/migrate.ts';
import { openWorkspace } from './open.ts';
import { STATE } from './schedule.ts';
import type { Workspace } from './views.ts';

/** Every schema that a release has made, filled with what such a database holds, and opened by this one. */

const dir = mkdtempSync(join(tmpdir(), 'upgrades-'));
let now = instant('2026-03-10T09:00:00Z');
let database: Database;
/** All of today, in order. */
const migrations = readdirSync(join(import.meta.dirname, '../store/migrations'))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();
/** Rows of the cache as today's version has written them, by table. */
const cached = new Map<string, readonly object[]>();
let expected = '';

const SCHEMAS = ['cache', 'keys', 'auth', 'jobs', 'alerts', 'views'];
const open = (): Promise<Workspace> => openWorkspace({ dir, clock: () => now, env: {} });
const rowsOf = async <Row>(query: RawBuilder<Row>): Promise<readonly Row[]> => (await query.execute(database.sql)).rows;
const asked = async (workspace: Workspace) => JSON.stringify([await workspace.posture(), await workspace.records(null, 50)]);

beforeAll(async () => {
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    'company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2027-01-01 }\nattested: [training-completions]\nsources:\n  - { collector: hr/csv, name: people, config: { path: people.csv } }\n',
  );
  database = await openDatabase({ dir: join(dir, STATE, 'database') });
  for (const [day, people] of [
    'W-1,Maria Lopez,employee,2020-01-01,\n',
    'W-1,Maria Lopez,employee,2020-01-01,2026-03-10\nW-2,Otto Berg,contractor,2026-02-01,\n',
  ].entries()) {
    now += days(day);
    writeFileSync(join(dir, 'people.csv'), `# generated ${iso(now - hours(1))}\nemployee_id,name,employment_type,start_date,end_date\n${people}`);
    const workspace = await open();
    await workspace.collect();
    if (day === 1) await workspace.rebuild();
    expected = await asked(workspace);
    await workspace.close();
  }
  for (const { name } of await tablesIn('cache'))
    cached.set(
      name,
      (await rowsOf(sql<{ row: object }>`select to_jsonb(it) as row from ${sql.table(`cache.${name}`)} it`)).map(({ row }) => row),
    );
});
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true });
});

interface Table {
  readonly name: string;
  /** Tables of the same schema that its rows point to. */
  readonly needs: readonly string[];
}

/** Those that others point to before those that do. */
async function tablesIn(schema: string): Promise<readonly Table[]> {
  const found = await rowsOf(sql<Table>`select c.relname as name,
      coalesce((select jsonb_agg(distinct f.relname) from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '[]'::jsonb) as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`);
  const sorted: Table[] = [];
  while (sorted.length < found.length)
    sorted.push(...found.filter((it) => !sorted.includes(it) && it.needs.every((name) => sorted.some((other) => other.name === name))));
  return sorted;
}

/** Three rows of a table, made of the types of its columns. What points to another row points to the one of its number. */
async function fill(schema: string, { name }: Table): Promise<void> {
  const columns = await rowsOf(sql<{ name: string; type: string }>`select a.attname as name, format_type(a.atttypid, null) as type
    from pg_attribute a where a.attrelid = ${`${schema}.${JSON.stringify(name)}`}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`);
  const value = (type: string, place: number, column: string): unknown => {
    if (type === 'text') return `${place}`;
    if (type === 'bigint' || type === 'integer') return column.startsWith('to') ? place + 1 : place;
    if (type === 'boolean') return true;
    if (type === 'jsonb') return [{ its: `${place} ü <b>` }];
    if (type === 'bytea') return `\\x0${place}ff`;
    if (type === 'uuid') return `00000000-0000-4000-8000-00000000000${place}`;
    if (type.startsWith('timestamp')) return '2026-03-01T00:00:00Z';
    throw new RangeError(`no value of the type ${type} is made here: say what a row of ${schema}.${name} holds`);
  };
  const rows = (columns.some((it) => it.name === 'one') ? [1] : [1, 2, 3]).map((place) =>
    Object.fromEntries(columns.map((it) => [it.name, value(it.type, place, it.name)])),
  );
  await insert(`${schema}.${name}`, rows);
}

const insert = (table: string, rows: readonly object[]) =>
  sql`insert into ${sql.table(table)} select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(database.sql);

/** Everything that no rebuild makes again. */
async function kept(): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for (const schema of SCHEMAS.slice(1))
    for (const { name } of await tablesIn(schema)) {
      const rows = await rowsOf(sql<{ row: object }>`select to_jsonb(it) as row from ${sql.table(`${schema}.${name}`)} it order by to_jsonb(it)::text`);
      all.set(`${schema}.${name}`, JSON.stringify(rows));
    }
  return all;
}

/** The database as the version left it whose last migration this was, in use. */
async function asOf(last: number): Promise<void> {
  for (const schema of SCHEMAS) await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(database.sql);
  await sql`drop table public.kysely_migration, public.kysely_migration_lock`.execute(database.sql);
  await migrateTo(database.sql, migrations.slice(0, last + 1));
  for (const schema of SCHEMAS.slice(1)) for (const table of await tablesIn(schema)) await fill(schema, table);
  // It says that the log has been read by this very code: whatever is not in the shape of today must not be believed.
  for (const table of await tablesIn('cache')) {
    const rows = cached.get(table.name);
    if (rows) await insert(`cache.${table.name}`, rows);
    else await fill('cache', table);
  }
}

it('there are rows to be kept, in every table of the cache, and migrations of today', async () => {
  expect(migrations).toEqual(await appliedMigrations(database.sql));
  expect([...cached].filter(([, rows]) => rows.length === 0)).toEqual([]);
  expect(JSON.parse(expected)).toMatchObject([{ controls: expect.any(Array) }, expect.anything()]);
});

it.each(migrations.map((name, place) => [name, place] as const))('a database of %s is brought up to date, and tells what a rebuild tells', async (_, last) => {
  await asOf(last);
  expect(await appliedMigrations(database.sql)).toEqual(migrations.slice(0, last + 1));
  const before = await kept();
  const workspace = await open();
  try {
    expect(await asked(workspace)).toBe(expected);
    expect(await appliedMigrations(database.sql)).toEqual(migrations);
    const after = await kept();
    for (const [table, rows] of before) expect([table, after.get(table)]).toEqual([table, rows]);
  } finally {
    await workspace.close();
  }
});
