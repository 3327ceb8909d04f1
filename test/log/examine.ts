import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Archive, CheckpointSummary } from '../../src/evidence/archive.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { type Calls, Files } from '../../src/evidence/files.ts';
import { LogReader } from '../../src/log/reader.ts';
import { leafHash, rootOf } from '../../src/log/merkle.ts';
import { type NoteVerifier, parseVerifierKey } from '../../src/log/note.ts';
import { draft, NOW, ORIGIN, textsOf } from './drafts.ts';

/** What is known of a log from outside, before something happened to it. */
export interface Known {
  /** Batches whose `append` resolved, in order. Each must be there, whole. */
  readonly acknowledged: readonly (readonly string[])[];
  /** Batches whose `append` did not resolve. Each may be there, whole, or not at all. */
  readonly attempted: readonly (readonly string[])[];
  /** Checkpoints that somebody saw. The log must continue each. */
  readonly seen: readonly CheckpointSummary[];
}

/**
 * What went wrong: what is published does not verify as it lies there; the writer cannot go on; an acknowledged record
 * is gone; a batch is there in part, or twice; a checkpoint that was seen is not continued. Or the case itself: what
 * should have been struck was not, and it has proved nothing.
 */
export interface Fault {
  readonly kind: 'published' | 'recovery' | 'lost' | 'torn' | 'fork' | 'case';
  readonly says: string;
}

/** Ends nothing in a test: the harness decides what a process that ends leaves behind. */
export const abort = (error: unknown): never => {
  throw error;
};

export const open = (
  dir: string,
  more: { readonly calls?: Calls; readonly make?: boolean; readonly abort?: (error: unknown) => never } = {},
): Promise<Archive> =>
  openArchive({
    dir,
    clock: () => NOW,
    abort: more.abort ?? abort,
    ...(more.make === false ? {} : { origin: ORIGIN }),
    ...(more.calls ? { calls: more.calls } : {}),
  });

/** Judges a state folder after a fault: as it lies there, then through recovery, then as a log that goes on. */
export async function examine(dir: string, known: Known, calls?: Calls): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  const attempt = async <Result>(kind: Fault['kind'], act: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await act();
    } catch (error) {
      faults.push({ kind, says: error instanceof Error ? `${'code' in error ? error.code : error.name}: ${error.message}` : String(error) });
      return null;
    }
  };
  const verified = async (kind: Fault['kind'], archive: Archive) => {
    for (const { code, file, index, says } of (await attempt(kind, () => archive.verify()))?.problems ?? [])
      faults.push({ kind, says: `${code} ${file} ${index}: ${says}` });
  };

  const begun = existsSync(join(dir, 'log/log.json'));
  if (begun || known.seen.length + known.acknowledged.length > 0) {
    const published = await attempt('published', () => open(dir, { make: false }));
    if (published) await verified('published', published);
    await published?.close();
  }

  const archive = await attempt('recovery', () => open(dir, calls ? { calls } : {}));
  if (!archive) return faults;
  const indexes = await attempt('recovery', () => archive.append([draft('after')]));
  const texts = indexes && (await attempt('lost', () => textsOf(archive)));
  await verified('recovery', archive);
  if (texts) faults.push(...accounted(texts, known));
  for (const checkpoint of known.seen) await attempt('fork', () => continues(dir, verifierOf(dir), checkpoint));
  await archive.close();
  return faults;
}

/** Every acknowledged batch is there; every other is there or not; nothing else is. */
function accounted(texts: readonly string[], { acknowledged, attempted }: Known): readonly Fault[] {
  const faults: Fault[] = [];
  const rest = [...texts];
  const take = (batch: readonly string[]) => {
    const place = rest.findIndex((_, start) => batch.every((text, offset) => rest[start + offset] === text));
    if (place >= 0) rest.splice(place, batch.length);
    return place >= 0;
  };
  for (const batch of acknowledged)
    if (!take(batch)) faults.push({ kind: 'lost', says: `${batch.join()} was acknowledged, and the log holds ${texts.join()}` });
  for (const batch of attempted) take(batch);
  if (rest.join() !== 'after') faults.push({ kind: 'torn', says: `${rest.join()} is left of ${texts.join()}` });
  return faults;
}

async function continues(dir: string, verifier: NoteVerifier, { size, root }: CheckpointSummary): Promise<void> {
  const reader = new LogReader(new Files(dir), verifier);
  const { checkpoint } = await reader.checkpoint();
  const leaves: Buffer[] = [];
  for (let bundle = 0; leaves.length < size; bundle++) leaves.push(...(await reader.entries(bundle, checkpoint.size)).map(leafHash));
  const now = rootOf(leaves.slice(0, size)).toString('base64');
  if (now !== root) throw new Error(`the root of the first ${size} is ${now}, and ${root} was seen`);
}

export const verifierOf = (dir: string): NoteVerifier =>
  parseVerifierKey((JSON.parse(readFileSync(join(dir, 'log/log.json'), 'utf8')) as { verifierKey: string }).verifierKey);

/** After a disk that did not confirm a write, the same start of the machine is refused. Resolves with whether it was so. */
export async function doubted(dir: string): Promise<boolean> {
  const note = join(dir, 'log/.state/unconfirmed');
  if (!existsSync(note)) return false;
  const refused = await refusal(dir);
  if (refused !== 'UNCONFIRMED') throw new Error(`a write was not confirmed, and appending answered ${refused}`);
  if (readFileSync(note, 'utf8') === '') throw new Error('the doubt does not say which start of the machine it is of');
  writeFileSync(note, 'another start of the machine');
  return true;
}

async function refusal(dir: string): Promise<string | undefined> {
  try {
    const archive = await open(dir);
    try {
      await archive.append([draft('refused')]);
    } finally {
      await archive.close();
    }
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
