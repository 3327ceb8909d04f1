import { createHash } from 'node:crypto';
import type { Archive } from '../../src/evidence/archive.ts';
import { CALLS, type Calls, Files } from '../../src/evidence/files.ts';
import { masterKey } from '../../src/evidence/master-key.ts';
import type { Objects } from '../../src/evidence/objects.ts';
import type { Draft } from '../../src/evidence/record.ts';
import { openSharedArchive } from '../../src/evidence/shared.ts';
import type { SharedState } from '../../src/evidence/shared-state.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { openSharedState } from '../../src/store/shared-state.ts';

const NOW = Date.parse('2026-03-01T02:00:00Z');
export const ORIGIN = 'acme.example/shared';
export const KEY = Buffer.alloc(32, 7);

/** A record that says nothing but a text; handed in again it has the same id. */
export function saying(text: string, name = 'acme'): Draft {
  const request = { method: 'GET', url: 'https://api.example.com/members', body: null };
  return {
    id: createHash('sha256').update(text).digest('hex').slice(0, 32),
    demo: true,
    body: {
      kind: 'run',
      collector: { id: 'github/organization', version: 1, sourceDigest: '00' },
      name,
      partition: 'acme',
      slot: NOW,
      every: null,
      outcome: 'success',
      reason: null,
      startedAt: NOW,
      finishedAt: NOW + 5,
      endpoint: null,
      config: '{"org":"acme"}',
      timezone: 'UTC',
      since: 0,
      after: null,
      mark: null,
      askedAs: 'acme-admin',
      answeredBy: '77',
      granted: null,
      clockSkew: 0,
      questions: [{ name: 'members', request, pages: 1, ended: true, received: 1, total: null }],
    },
    subjects: [
      { name: 'members', mediaType: 'application/json', request, status: 200, headers: {}, startedAt: NOW, finishedAt: NOW + 5, bytes: Buffer.from(text) },
    ],
  };
}

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
}

/** The archive of one process: with a database connection of its own. */
export async function openShared(
  url: string,
  dir: string,
  { key = KEY, origin = ORIGIN, calls = CALLS, objects = (it) => it, shared = (it) => it }: Options = {},
): Promise<Opened> {
  const database = await openDatabase({ url });
  const files = new Files(dir, calls);
  try {
    const states = await openSharedState(database);
    const abort = (error: unknown): never => {
      throw error;
    };
    const its = objects(files);
    const options = {
      files,
      place: { objects: its, reading: its, admit: async () => undefined, problems: () => [], close: () => undefined },
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
