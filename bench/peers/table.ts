import type { DatabaseSync } from 'node:sqlite';
import type { DuckDBConnection } from '@duckdb/node-api';
import type pg from 'pg';

export type Cell = string | number | boolean | null;

/** Rows for a peer. Instants and counts are integers. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, 'text' | 'bigint' | 'boolean'>>;
  readonly rows: readonly (readonly Cell[])[];
}

/** The same rows for every database, from the columns of plain objects. */
export function tableOf<Row extends object>(name: string, columns: Table['columns'], rows: Iterable<Row>): Table {
  const names = Object.keys(columns);
  return { name, columns, rows: [...rows].map((row) => names.map((column) => (row as Readonly<Record<string, Cell>>)[column] ?? null)) };
}

export function intoSqlite(db: DatabaseSync, { name, columns, rows }: Table): void {
  const names = Object.keys(columns);
  db.exec(`create table ${name} (${names.map((column) => `${column} ${columns[column] === 'text' ? 'text' : 'integer'}`).join(', ')})`);
  const insert = db.prepare(`insert into ${name} values (${names.map(() => '?').join(', ')})`);
  db.exec('begin');
  for (const row of rows) insert.run(...row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
  db.exec('commit');
}

export async function intoDuckdb(connection: DuckDBConnection, { name, columns, rows }: Table): Promise<void> {
  const types = Object.values(columns);
  await connection.run(
    `create table ${name} (${Object.entries(columns)
      .map(([column, type]) => `${column} ${type}`)
      .join(', ')})`,
  );
  const appender = await connection.createAppender(name);
  for (const row of rows) {
    row.forEach((cell, place) => {
      if (cell === null) appender.appendNull();
      else if (types[place] === 'text') appender.appendVarchar(String(cell));
      else if (types[place] === 'boolean') appender.appendBoolean(cell === true);
      else appender.appendBigInt(BigInt(cell));
    });
    appender.endRow();
  }
  appender.closeSync();
}

const CHUNK = 20_000;

export async function intoPostgres(pool: pg.Pool, { name, columns, rows }: Table): Promise<void> {
  const types = Object.values(columns);
  await pool.query(
    `create unlogged table ${name} (${Object.entries(columns)
      .map(([column, type]) => `${column} ${type}`)
      .join(', ')})`,
  );
  const insert = `insert into ${name} select * from unnest(${types.map((type, place) => `$${place + 1}::${type}[]`).join(', ')})`;
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    await pool.query(
      insert,
      types.map((_, place) => chunk.map((row) => row[place])),
    );
  }
  await pool.query(`analyze ${name}`);
}
