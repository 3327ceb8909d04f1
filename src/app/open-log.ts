import type { Instant } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { type ArchiveOptions, openArchive } from '../evidence/directory.ts';
import { Files } from '../evidence/files.ts';
import { readMasterKey } from '../evidence/master-key.ts';
import { openSharedArchive } from '../evidence/shared.ts';
import type { Database } from '../store/database.ts';
import { openSharedState } from '../store/shared-state.ts';

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
export async function openLog({ state, database, clock, origin, demo, env, place, encryption }: LogOptions): Promise<Archive> {
  const wrapping = encryption ? { encryption } : {};
  if (database.kind === 'embedded' || demo) return openArchive({ dir: state, clock, origin, ...(place ? { place } : {}), ...wrapping });
  const masterKey = readMasterKey(env.TICKMARK_MASTER_KEY_FILE);
  const files = new Files(state);
  const shared = await openSharedState(database);
  return openSharedArchive({ files, shared, masterKey, clock, origin, ...(place ? { place: await place(files) } : {}), ...wrapping });
}
