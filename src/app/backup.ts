import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { LOCK } from '../log/paths.ts';
import type { Database } from '../store/database.ts';
import { dump } from '../store/dump.ts';
import { type BackupDone, type BackupFile, backupWriter, DATABASE, MANIFEST, type Manifest } from './backup-format.ts';
import { STATE } from './schedule.ts';
import { VERSION } from './version.ts';

interface Means {
  readonly dir: string;
  readonly archive: Archive;
  readonly database: () => Database;
  readonly clock: () => Instant;
  readonly bucket: string | null;
}

/** Made again by whoever starts, or of this machine alone. */
const LEFT_OUT = [
  `${STATE}/database`,
  `${STATE}/database.disposed`,
  `${STATE}/database.kept`,
  `${STATE}/running`,
  `${STATE}/bucket/cache`,
  `${STATE}/writer.lock`,
  `${STATE}/configuration.lock`,
  `${STATE}/log/.state/ballast`,
];
const TEMPORARY = /(\.tmp|-journal|-wal|-shm)$|\/\.probe-[0-9a-f]+$/;
/** So often it is tried to find a moment in which nothing is sealed. */
const ATTEMPTS = 20;

/**
 * Writes log, keys, configuration and the rows that cannot be derived into one file, while everything goes on. Files
 * that never change are copied first; then, between two looks at the committed checkpoint that find it unmoved, what is
 * left. Throws `ConfigurationError` where no such moment is found.
 */
export async function backup(means: Means, out: string): Promise<BackupDone> {
  const { dir, archive, clock, bucket } = means;
  const file = resolve(out);
  const writer = openWriter(file);
  try {
    const copied = new Map<string, BackupFile>();
    for (const { path, mode } of filesOf(dir, file)) if (isImmutable(path, mode)) copied.set(path, writer.add(path, readFileSync(join(dir, path)), mode));
    const rest = await quiet(means, copied, file);
    for (const { path, bytes, mode } of rest.files) copied.set(path, writer.add(path, bytes, mode));
    writer.part(DATABASE, rest.database);
    const files = rest.all.flatMap((path) => copied.get(path) ?? []);
    const { size, root } = rest.checkpoint;
    const manifest: Manifest = {
      format: 1,
      made: iso(clock()),
      version: VERSION,
      origin: archive.origin,
      checkpoint: { size, root },
      shared: rest.shared,
      files,
    };
    writer.part(MANIFEST, Buffer.from(JSON.stringify(manifest)));
    writer.end();
    return { file, files: files.length, rows: rest.rows, checkpoint: { size, root }, bucket };
  } catch (error) {
    rmSync(file, { force: true }); // half a backup is none
    throw error;
  } finally {
    writer.close();
  }
}

function openWriter(file: string): ReturnType<typeof backupWriter> {
  try {
    return backupWriter(file);
  } catch (cause) {
    throw new ConfigurationError(
      `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. A backup never replaces a file.`,
      cause,
    );
  }
}

interface Rest {
  /** What is there now. */
  readonly all: readonly string[];
  /** Of it what was not copied before. */
  readonly files: readonly { readonly path: string; readonly bytes: Buffer; readonly mode: number }[];
  readonly database: Buffer;
  readonly rows: number;
  readonly shared: boolean;
  readonly checkpoint: { readonly size: number; readonly root: string };
}

async function quiet(means: Means, copied: ReadonlyMap<string, BackupFile>, out: string): Promise<Rest> {
  const { dir, archive, database } = means;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await committed(means);
    const checkpoint = await archive.checkpoint();
    const all = filesOf(dir, out);
    const files = all.flatMap(({ path, mode }) => (copied.has(path) ? [] : readNow(dir, path, mode)));
    const dumped = await dump(database());
    const after = await committed(means);
    if (before === after && (await archive.checkpoint()).root === checkpoint.root && committedRoot(before, checkpoint.root))
      return {
        all: all.map(({ path }) => path),
        files,
        database: gzipSync(JSON.stringify(dumped)),
        rows: dumped.tables.reduce((count, { rows }) => count + rows.length, 0),
        shared: database().kind === 'server',
        checkpoint,
      };
    await new Promise((done) => setTimeout(done, 250 * (attempt + 1)));
  }
  throw new ConfigurationError('no moment was found in which nothing was sealed. Try again, or stop the workers while the backup is made.');
}

/** The note that is committed: in the database, or in the folder. */
async function committed({ dir, archive, database }: Means): Promise<string> {
  if (database().kind === 'server') {
    const row = await database().sql.selectFrom('keys.coordination').select('note').where('origin', '=', archive.origin).executeTakeFirst();
    if (row) return row.note.toString('utf8');
  }
  return readFileSync(join(dir, STATE, LOCK), 'utf8');
}

/** What is committed is published too: its root is that of the checkpoint. */
const committedRoot = (note: string, root: string): boolean => note.split('\n')[2] === root;

/** Files that are written once, and never for their owner's eyes only. */
const isImmutable = (path: string, mode: number): boolean => path.startsWith(`${STATE}/`) && (mode & 0o222) === 0;

interface Found {
  readonly path: string;
  readonly mode: number;
}

/** The workspace: what is hidden in it, but for its state, is not of it. */
function filesOf(dir: string, out: string, below = ''): readonly Found[] {
  return readdirSync(join(dir, below), { withFileTypes: true }).flatMap((entry): readonly Found[] => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const own = path === STATE || path.startsWith(`${STATE}/`);
    if (LEFT_OUT.includes(path) || TEMPORARY.test(path) || resolve(dir, path) === out) return [];
    if (!own && (entry.name.startsWith('.') || entry.name === 'node_modules')) return [];
    if (entry.isDirectory()) return filesOf(dir, out, path);
    const stat = entry.isFile() ? lstatSync(join(dir, path), { throwIfNoEntry: false }) : undefined;
    return stat ? [{ path: relative(dir, join(dir, path)), mode: stat.mode & 0o777 }] : [];
  });
}

/** Some are taken away meanwhile: partial tiles, staged batches. */
function readNow(dir: string, path: string, mode: number): Rest['files'] {
  try {
    return [{ path, bytes: readFileSync(join(dir, path)), mode }];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
