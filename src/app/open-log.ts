import type { Instant } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { type ArchiveOptions, openArchive } from '../evidence/directory.ts';
import { Files } from '../evidence/files.ts';
import { readMasterKey } from '../evidence/master-key.ts';
import { openSharedArchive } from '../evidence/shared.ts';
import type { SaidFiles } from '../evidence/shared-state.ts';
import type { Database } from '../store/database.ts';
import { openSharedState } from '../store/shared-state.ts';

export interface OpenedLog {
  readonly archive: Archive;
  /** What witnesses and authorities said of it: with the files of the log, or where all find it that write it. */
  readonly said: SaidFiles;
}

export interface LogOptions extends Pick<ArchiveOptions, 'place' | 'encryption'> {
  /** The state folder. */
  readonly state: string;
  readonly database: Database;
  readonly clock: () => Instant;
  readonly origin: string;
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The log of a workspace. With a PostgreSQL server any number of processes write it; with the embedded database, which
 * one process holds, the folder's own lock is the simpler one. The made-up company's log is never shared.
 */
export async function openLog({ state, database, clock, origin, demo, env, place, encryption }: LogOptions): Promise<OpenedLog> {
  const wrapping = encryption ? { encryption } : {};
  const files = new Files(state);
  if (database.kind === 'embedded' || demo)
    return { archive: await openArchive({ dir: state, clock, origin, ...(place ? { place } : {}), ...wrapping }), said: files };
  const masterKey = readMasterKey(env.TICKMARK_MASTER_KEY_FILE);
  const shared = await openSharedState(database);
  const archive = await openSharedArchive({ files, shared, masterKey, clock, origin, ...(place ? { place: await place(files) } : {}), ...wrapping });
  if (!place) return { archive, said: files };
  try {
    const { said } = shared(archive.origin);
    await share(files, said);
    return { archive, said };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

const FOLDERS = ['log/checkpoints', 'log/authorities'];
const SIGNATURES = 'log/signatures';
const SHARED = 'log/.state/said-shared';

/** What this folder was told before it shared a database goes there too, once. */
async function share(files: Files, said: SaidFiles): Promise<void> {
  if (await files.read(SHARED)) return;
  const folders = [...FOLDERS, ...(await files.list(SIGNATURES)).map((name) => `${SIGNATURES}/${name}`)];
  for (const folder of folders)
    for (const name of await files.list(folder)) {
      const path = `${folder}/${name}`;
      const bytes = isSaid(name) && !(await said.read(path)) ? await files.read(path) : null;
      if (bytes) await said.replace(path, bytes);
    }
  await files.replace(SHARED, Buffer.alloc(0));
}

const isSaid = (name: string): boolean => /\.(tsr|cosigned|pem)$/.test(name);
