import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { openDatabase } from '../store/database.ts';
import { type Dump, restoreDump } from '../store/dump.ts';
import { appliedMigrations, migrate, migrateTo } from '../store/migrate.ts';
import { backupReader, type BackupReader, DATABASE, type Manifest } from './backup-format.ts';
import { STATE } from './schedule.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Puts a backup into an empty folder and an empty database. Everything is compared with its digest before anything is
 * written. Throws `ConfigurationError` where something is there already: a log that is restored over another would fork.
 */
export async function restore(
  given: string,
  file: string,
  env: Environment = process.env,
): Promise<Omit<Manifest, 'files'> & { readonly files: number; readonly rows: number }> {
  const dir = resolve(given);
  const reader = openReader(file);
  try {
    const { manifest } = reader;
    if (existsSync(dir) && readdirSync(dir).length > 0)
      throw new ConfigurationError(`${dir} is not empty: a backup is restored into a new folder. Name one with --workspace.`);
    if (manifest.shared && !env.DATABASE_URL)
      throw new ConfigurationError(
        'the log of this backup is written by way of a PostgreSQL server. Set DATABASE_URL to an empty database, and TICKMARK_MASTER_KEY_FILE to the file of its master key.',
      );
    for (const it of manifest.files) {
      if (!isWithin(it.path)) throw new IntegrityError('BACKUP', `${it.path} is not a path within a workspace`);
      reader.file(it);
    }
    const rows = await restoreRows(dir, reader, env);
    restoreFiles(dir, reader);
    return { ...manifest, files: manifest.files.length, rows };
  } finally {
    reader.close();
  }
}

function openReader(file: string): BackupReader {
  if (!existsSync(file)) throw new ConfigurationError(`there is no file ${file}.`);
  return backupReader(file);
}

const isWithin = (path: string): boolean =>
  path !== '' && !path.startsWith('/') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** The tables are made as the version made them that wrote the rows, then brought up to date. */
async function restoreRows(dir: string, reader: BackupReader, env: Environment): Promise<number> {
  const dumped = JSON.parse(gunzipSync(reader.part(DATABASE)).toString('utf8')) as Dump;
  const database = await openDatabase(env.DATABASE_URL ? { url: env.DATABASE_URL } : { dir: join(dir, STATE, 'database'), bare: true });
  try {
    if ((await appliedMigrations(database.sql)).length === 0) await migrateTo(database.sql, dumped.migrations);
    const rows = await restoreDump(database, dumped);
    await migrate(database.sql);
    return rows;
  } finally {
    await database.close();
  }
}

/** The committed checkpoint and the description come last: what is interrupted before them is no log. */
function restoreFiles(dir: string, reader: BackupReader): void {
  const last = (path: string) => Number(path.endsWith('/log/log.json') || path === 'tickmark.yaml');
  for (const it of reader.manifest.files.toSorted((a, b) => last(a.path) - last(b.path))) {
    const path = join(dir, it.path);
    mkdirSync(dirname(path), { recursive: true, mode: it.path.startsWith(`${STATE}/`) ? 0o700 : 0o755 });
    writeFileSync(path, reader.file(it), { flag: 'wx', mode: it.mode });
    const fd = openSync(path, 'r');
    fsyncSync(fd);
    closeSync(fd);
  }
}
