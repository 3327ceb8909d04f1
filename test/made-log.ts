import type { Archive } from '../src/evidence/archive.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { CALLS, type Calls } from '../src/evidence/files.ts';
import type { Draft } from '../src/evidence/record.ts';
import { madeRun, NOW } from './run-draft.ts';

/** A disk that does not wait: these logs need not outlive a power cut. */
export const HASTY: Calls = { ...CALLS, fsync: async () => undefined };

/** A log of so many records, sealed by the writer itself, `batch` of them under each checkpoint. */
export async function makeLog(dir: string, size: number, { origin = 'acme.example/tickmark', batch = 1000 } = {}): Promise<Archive> {
  const archive = await openArchive({ dir, clock: () => NOW, origin, calls: HASTY });
  await grow(archive, size, batch);
  return archive;
}

/** So many more records in a log that is there, and that nobody has open. */
export async function growLog(dir: string, more: number, batch = 1000): Promise<Archive> {
  const archive = await openArchive({ dir, clock: () => NOW, calls: HASTY });
  await grow(archive, more, batch);
  return archive;
}

async function grow(archive: Archive, more: number, batch: number): Promise<void> {
  const { size } = await archive.checkpoint();
  for (let made = 0; made < more; ) {
    const drafts = Array.from({ length: Math.min(batch, more - made) }, (_, place) => draft(size + made + place));
    made += (await archive.append(drafts)).length;
  }
}

/** Runs of three collectors, so three keys sign. One answer of two is the same for all. */
function draft(place: number): Draft {
  const collector = { id: ['github/organization', 'aws/iam', 'hr/csv'][place % 3] ?? '', version: 1, sourceDigest: '00' };
  return madeRun({ body: { collector }, artifacts: { members: '[{"login":"ann"}]', teams: `[${place % 100}]` } });
}
