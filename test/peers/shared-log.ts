import { createHash } from 'node:crypto';
import type { Archive } from '../../src/evidence/archive.ts';
import { CALLS, type Calls, Files } from '../../src/evidence/files.ts';
import { masterKey } from '../../src/evidence/master-key.ts';
import type { Objects, PublicPlace } from '../../src/evidence/objects.ts';
import type { Draft } from '../../src/evidence/record.ts';
import { openSharedArchive } from '../../src/evidence/shared.ts';
import type { SharedState } from '../../src/evidence/shared-state.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { openSharedState } from '../../src/store/shared-state.ts';
import { madeRun, NOW } from '../run-draft.ts';

export const ORIGIN = 'acme.example/shared';
export const KEY = Buffer.alloc(32, 7);

/** A record that says nothing but a text; handed in again it has the same id. */
export const saying = (text: string, name = 'acme'): Draft =>
  madeRun({ id: createHash('sha256').update(text).digest('hex').slice(0, 32), body: { name }, artifacts: { members: text } });

/** What the archive says, in order. */
export async function said(archive: Archive): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const record of archive.records(0)) for (const subject of record.subjects) texts.push(Buffer.from(await archive.payload(subject)).toString());
  return texts;
}

/** The files, but for what is done otherwise. */
export const but = (files: Files, otherwise: Partial<Objects>): Objects => ({
  read: (path) => files.read(path),
  readPart: (path, offset, length) => files.readPart(path, offset, length),
  list: (path) => files.list(path),
  create: (all) => files.create(all),
  replace: (path, bytes) => files.replace(path, bytes),
  remove: (path) => files.remove(path),
  overwrite: (path, offset, bytes) => files.overwrite(path, offset, bytes),
  ...otherwise,
});

export interface Opened {
  readonly archive: Archive;
  readonly database: Database;
  close(): Promise<void>;
}

interface Options {
  readonly key?: Buffer;
  readonly origin?: string;
  readonly calls?: Calls;
  /** What stands between the archive and its files, or its database. */
  readonly objects?: (files: Files) => Objects;
  readonly shared?: (state: SharedState) => SharedState;
  /** Where the public files lie, if not in the folder. */
  readonly place?: (files: Files) => Promise<PublicPlace>;
}

/** The archive of one process: with a database connection of its own. */
export async function openShared(
  url: string,
  dir: string,
  { key = KEY, origin = ORIGIN, calls = CALLS, objects = (it) => it, shared = (it) => it, place }: Options = {},
): Promise<Opened> {
  const database = await openDatabase({ url });
  const files = new Files(dir, calls);
  try {
    const states = await openSharedState(database);
    const abort = (error: unknown): never => {
      throw error;
    };
    const its = objects(files);
    const inFolder: PublicPlace = { objects: its, reading: its, admit: async () => undefined, problems: () => [], close: () => undefined };
    const options = {
      files,
      place: (await place?.(files)) ?? inFolder,
      shared: (name: string) => shared(states(name)),
      masterKey: masterKey(key),
      clock: () => NOW,
      origin,
      abort,
    };
    const archive = await openSharedArchive(options);
    return {
      archive,
      database,
      async close() {
        await archive.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

export const problemsOf = async ({ archive }: Opened) => (await archive.verify()).problems;
