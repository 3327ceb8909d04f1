import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from './database.ts';

const ZEROS = Buffer.alloc(1024 * 1024);

/**
 * Overwrites the files of a closed embedded database, write-ahead log and dead rows included, and removes them. It is a
 * cache: it is made again from the log. On disks and file systems that write elsewhere what is overwritten, old blocks
 * stay until they are used again.
 */
export function wipeFolder(dir: string): void {
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const path = join(dir, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) overwrite(path);
  }
  rmSync(dir, { recursive: true, force: true });
}

function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  try {
    for (let left = statSync(path).size; left > 0; left -= ZEROS.length) writeSync(file, ZEROS, 0, Math.min(left, ZEROS.length));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * After a cache on a server was made again: rewrites its tables without the dead rows and the statistics that quote
 * them, and ends the segment of the write-ahead log that holds them. What the account may not do is told. Archives of
 * the log, replicas and backups are out of its reach.
 */
export async function compact({ sql: db }: Database): Promise<readonly string[]> {
  const undone: string[] = [];
  const statements = [
    ...['position', 'unit', 'block', 'record'].map((table) => `vacuum (full, analyze) cache.${table}`),
    'vacuum full pg_catalog.pg_statistic',
    'checkpoint',
    'select pg_switch_wal()',
    'checkpoint',
  ];
  for (const statement of statements) {
    try {
      await sql.raw(statement).execute(db);
    } catch (error) {
      undone.push(`${statement} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return undone;
}
