import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the code's own cache: nobody else writes there, and whoever can may change the code itself. */
const FOLDER = join(import.meta.dirname, '../../../node_modules/.cache/tickmark-database');

/** Last of all, a mark beside the files of a new cluster says that it is whole: without it what is there is half of one. */
export const COMPLETE = '.complete';

/** Whether there is no whole cluster in `dir`/data yet. */
export const isFresh = (dir: string): boolean => !existsSync(join(dir, 'data', COMPLETE));

/**
 * The folder of a cluster that was closed in order, to be copied: making one takes seconds, and is done once. `null`
 * where the place cannot be used.
 *
 * @param name says what is in it, and by which code it was made
 * @param make makes the cluster in a folder, which is not there yet, and closes it
 */
export async function keptCluster(name: string, make: (dir: string) => Promise<void>): Promise<string | null> {
  const whole = join(FOLDER, name);
  if (existsSync(whole)) return isAllowed(whole, constants.R_OK) ? whole : null; // somebody else may have made it, for themselves
  const part = `${whole}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
  } catch {
    return null;
  }
  if (!isAllowed(FOLDER, constants.W_OK)) return null;
  await make(part);
  try {
    renameSync(part, whole);
  } catch {
    rmSync(part, { recursive: true, force: true }); // another process was first
  }
  return existsSync(whole) ? whole : null;
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The cluster in `dir`/data, which was closed, becomes one to be copied: without its mark, for a copy begins as half of one. */
export function takeCluster(dir: string, to: string): void {
  rmSync(join(dir, 'data', COMPLETE));
  renameSync(join(dir, 'data'), to);
  rmSync(dir, { recursive: true });
}

const embedded = (): string => dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite')));

/** The version of the embedded PostgreSQL. */
export const embeddedVersion = (): string => (JSON.parse(readFileSync(join(embedded(), '../package.json'), 'utf8')) as { readonly version: string }).version;

let compiled: Promise<WebAssembly.Module> | null = null;

/** The embedded PostgreSQL, compiled once for all databases of a process, which share what was made fast of it: that is most of the work of opening one. */
export function embeddedProgram(): Promise<WebAssembly.Module> {
  compiled ??= readFile(join(embedded(), 'pglite.wasm')).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}
