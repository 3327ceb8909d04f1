import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import pg from 'pg';
import { postgresBinaries, startPostgres } from '../../test/postgres.ts';
import type { Bench } from '../harness/bench.ts';

/** int8 as a number: all of ours are safe integers. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === 20 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text')),
};

/** SQLite in memory, or in a file of the scratch folder. */
export function sqlite(bench: Bench, file: string | null = null): DatabaseSync {
  const db = new DatabaseSync(file === null ? ':memory:' : join(bench.dir, file));
  bench.after(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

/** DuckDB in memory, or in a file of the scratch folder. */
export async function duckdb(bench: Bench, file: string | null = null): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(file === null ? ':memory:' : join(bench.dir, file));
  const connection = await instance.connect();
  bench.after(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return connection;
}

/** How the name of a note begins that lies in the scratch folder while a server runs: its process and its folder, for whoever has to stop it where we do not live to. */
export const SERVER = 'server-';

/** A PostgreSQL server of its own with its ordinary settings; `null` and a note where none is installed, or only light peers are wanted. */
export async function postgres(bench: Bench): Promise<pg.Pool | null> {
  if (bench.options.peers === 'light') return null;
  const bin = postgresBinaries();
  if (!bin) {
    bench.note('PostgreSQL is not on this machine: apt-get install postgresql');
    return null;
  }
  const server = await startPostgres(bin);
  bench.after(() => server.stop());
  const pool = new pg.Pool({ connectionString: server.url, max: 4, types });
  pool.on('error', () => undefined); // the server is stopped under connections that rest
  const { rows } = await pool.query<{ data_directory: string }>('show data_directory');
  const data = rows[0]?.data_directory ?? '';
  const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const note = join(bench.dir, `${SERVER}${pid}`);
  writeFileSync(note, `${pid}\n${dirname(data)}`);
  bench.after(() => rmSync(note));
  bench.after(() => pool.end());
  return pool;
}

/** Rows of one query, in arrays. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}
