// A server of its own for a file of tests, and for each test a database on it and a folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';

interface Databases {
  readonly skip: boolean;
  readonly root: string;
  fresh(): Promise<{ readonly url: string; readonly dir: string }>;
}

export function databases(name: string): Databases {
  const bin = postgresBinaries();
  const skip = bin === null && missing('a PostgreSQL server', 'Install postgresql.');
  const root = mkdtempSync(join(tmpdir(), `${name}-`));
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let made = 0;

  beforeAll(async () => {
    if (!skip) server = await startPostgres(bin ?? '');
  });
  afterAll(() => {
    if (!skip) server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  return {
    skip,
    root,
    async fresh() {
      const its = `log${made++}`;
      const database = await openDatabase({ url: server.url });
      await sql`create database ${sql.id(its)}`.execute(database.sql);
      await database.close();
      return { url: server.url.replace(/\/[^/]*$/, `/${its}`), dir: join(root, its) };
    },
  };
}
