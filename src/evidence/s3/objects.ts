import { IntegrityError } from '../../core/error.ts';
import { days, iso } from '../../core/instant.ts';
import { sha256hex } from '../../log/merkle.ts';
import type { Problem } from '../../verify/problems.ts';
import type { Objects, Pin, Versions } from '../objects.ts';
import { backoff, type Bucket, type Got, type Lock, pauseFor, Refused, type Stored, type Version } from './bucket.ts';
import { digestInName, lockedKind } from './kinds.ts';

export interface Locking {
  /** Of payloads. What is of the log itself is always locked in compliance mode: it holds nothing personal, and nobody ever has a reason to take it away. */
  readonly mode: 'compliance' | 'governance';
  readonly retentionDays: number;
}

export interface S3Options {
  readonly bucket: Bucket;
  /** `''`, or a folder that ends in `/`. */
  readonly prefix: string;
  readonly versions: Versions;
  /** `null`: nothing is locked, and the bucket is not trusted to honour conditions. */
  readonly locking: Locking | null;
  /** Something locked is not as it was written. Called each time that it is read so. */
  readonly alarm: (problem: Problem) => void;
  /** What people should know and nothing is wrong with. */
  readonly tell: (says: string) => void;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The digest under which is noted that what was disposed of is gone to the last version: nothing has it. */
const GONE = '0'.repeat(64);

/** Requests at a time. */
const LANES = 8;
/** How often a conditional write that met a rival is tried. */
const RIVALS = 8;
/** The same bytes may be said again until their quarter ends, and are not kept twice: the first copy must outlast the last mention. */
const QUARTER = days(92);

/**
 * The files of an archive in a bucket, at the paths that they have in a folder. A name in a bucket proves nothing: what
 * is locked is known by its digest, and where the current version does not fit, the version that does is read, and an
 * alarm raised.
 */
export function s3Objects({ bucket, prefix, versions, locking, alarm, tell, pause = pauseFor }: S3Options): Objects {
  const keyOf = (path: string): string => `${prefix}${path}`;
  /** Versions of what is removed again, so that nothing of it stays and is paid for. */
  const passing = new Map<string, string>();
  /** Versions of which it was said that they are locked. */
  const told = new Set<string>();

  const report = (code: string, path: string, says: string): void => alarm({ code, file: path, index: null, says });

  // Writing

  async function create(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Promise<void> {
    const written = await inLanes([...files], async ([path, bytes]): Promise<readonly (readonly [string, Pin])[]> => {
      const { versionId } = await createOne(path, bytes);
      if (lockedKind(path) !== null) return [[path, { versionId, digest: sha256hex(bytes) }]];
      if (versionId !== null) passing.set(path, versionId);
      return [];
    });
    await versions.put(written.flat());
  }

  /** Whatever becomes of the replies: one version with these bytes is there, and is told. */
  async function createOne(path: string, bytes: Uint8Array): Promise<Pick<Stored, 'versionId'>> {
    const key = keyOf(path);
    const there = locking ? null : await bucket.get(key);
    if (there) return same(path, bytes, there);
    for (let repetition = 0; ; repetition++) {
      try {
        return await bucket.put(key, bytes, { only: 'new', ...lockFor(path) });
      } catch (error) {
        if (!(error instanceof Refused) || (error.status !== 412 && error.status !== 409)) throw error;
        const got = error.status === 412 ? await bucket.get(key) : null;
        if (got) return same(path, bytes, got);
        if (repetition + 1 >= RIVALS) throw error;
        await pause(backoff(repetition));
      }
    }
  }

  async function same(path: string, bytes: Uint8Array, got: Got): Promise<Pick<Stored, 'versionId'>> {
    if (got.bytes.equals(bytes)) return got;
    const ours = lockedKind(path) === null ? null : await oldestThatFits(path, (its) => its.equals(bytes));
    if (!ours) throw new IntegrityError('IMMUTABLE', `${path} is in the bucket with other bytes`);
    overwritten(path, ours.versionId);
    return ours;
  }

  function lockFor(path: string): { readonly lock?: Lock } {
    const kind = lockedKind(path);
    if (!locking || kind === null) return {};
    // The world's clock, not the workspace's: it is the bucket that measures.
    const until = Date.now() + days(locking.retentionDays) + (kind === 'payload' ? QUARTER : 0);
    return { lock: { mode: kind === 'payload' && locking.mode === 'governance' ? 'GOVERNANCE' : 'COMPLIANCE', until: Math.ceil(until / 1000) * 1000 } };
  }

  async function replace(path: string, bytes: Uint8Array): Promise<void> {
    const { versionId } = await bucket.put(keyOf(path), bytes);
    if (versionId !== null) passing.set(path, versionId);
  }

  async function remove(path: string): Promise<void> {
    if (lockedKind(path) !== null) return removeKept(path);
    const versionId = passing.get(path);
    passing.delete(path);
    try {
      await bucket.remove(keyOf(path), versionId === undefined ? {} : { versionId });
    } catch (error) {
      if (versionId === undefined || !(error instanceof Refused) || error.status !== 403) throw error;
      await bucket.remove(keyOf(path)); // versions may not be deleted: a marker does
    }
  }

  /**
   * Of what was kept, version by version, and no marker is put over what is locked: it would hide nothing, and be an
   * alarm. Where one stays, so does what stands in its place, and to remove it again later finds both.
   */
  async function removeKept(path: string): Promise<void> {
    const pin = await versions.get(path);
    const all: string[] = [];
    for await (const { versionId } of versionsOf(path)) if (versionId !== (pin?.versionId ?? 'null')) all.push(versionId);
    let isGone = true;
    for (const versionId of all) isGone = (await removeVersion(path, versionId)) && isGone;
    if (!isGone) return;
    await versions.put([[path, { versionId: null, digest: GONE }]]); // first: that it is missing must not alarm
    const last = pin?.digest === GONE ? null : pin;
    if (last && !(await isRemoved(path, last.versionId))) await versions.put([[path, last]]);
  }

  async function overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    if ((await versions.get(path))?.digest === GONE) return;
    const now = await fitting(path);
    if (!now) throw new IntegrityError('MISSING', `${path} is missing from the bucket: there is nothing to overwrite`);
    const blank = Buffer.from(now.bytes);
    blank.set(bytes, offset);
    const current = blank.equals(now.bytes) ? now : await bucket.put(keyOf(path), blank, now.lock && now.lock.until > Date.now() ? { lock: now.lock } : {});
    await versions.put([[path, { versionId: current.versionId, digest: sha256hex(blank) }]]);
    for await (const { versionId } of versionsOf(path)) {
      if (versionId !== (current.versionId ?? 'null')) await removeVersion(path, versionId);
    }
  }

  /** `false` where it is locked, which is told once. */
  async function removeVersion(path: string, versionId: string): Promise<boolean> {
    if (await isRemoved(path, versionId)) return true;
    if (told.has(`${path} ${versionId}`)) return false;
    told.add(`${path} ${versionId}`);
    const until = (await bucket.get(keyOf(path), { versionId }))?.lock?.until;
    tell(
      `${path}: version ${versionId}, which holds what was disposed of, is locked${until === undefined ? '' : ` until ${iso(until)}`} and stays; its keys are destroyed. It is removed by disposing again after that.`,
    );
    return false;
  }

  async function isRemoved(path: string, versionId: string | null): Promise<boolean> {
    try {
      await bucket.remove(keyOf(path), versionId === null ? {} : { versionId });
      return true;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error;
      return false;
    }
  }

  // Reading

  async function read(path: string): Promise<Buffer | null> {
    return (lockedKind(path) === null ? await bucket.get(keyOf(path)) : await fitting(path))?.bytes ?? null;
  }

  async function fitting(path: string): Promise<Got | null> {
    const [pin, current] = [await versions.get(path), await bucket.get(keyOf(path))];
    if (pin?.digest === GONE) return null;
    const digest = pin?.digest ?? digestInName(path);
    const fits = (its: Buffer): boolean => digest === null || sha256hex(its) === digest;
    if (current && digest !== null && fits(current.bytes)) return current;
    const pinned = pin?.versionId ? await bucket.get(keyOf(path), { versionId: pin.versionId }) : null;
    const found = pinned && fits(pinned.bytes) ? pinned : await oldestThatFits(path, fits, current);
    if (found && (found.versionId !== current?.versionId || !current)) overwritten(path, found.versionId, !current);
    if (!found && pin) report(current ? 'ALTERED' : 'MISSING', path, 'no version in the bucket is what was written');
    return found ?? current; // what does not fit is judged by who reads it
  }

  async function oldestThatFits(path: string, fits: (bytes: Buffer) => boolean, known: Got | null = null): Promise<Got | null> {
    const all: Version[] = [];
    for await (const version of versionsOf(path)) if (!version.marker) all.unshift(version);
    for (const { versionId } of all) {
      const got = known && (known.versionId ?? 'null') === versionId ? known : await bucket.get(keyOf(path), { versionId });
      if (got && fits(got.bytes)) return got;
    }
    return null;
  }

  async function* versionsOf(path: string): AsyncIterable<Version> {
    const key = keyOf(path);
    for await (const version of bucket.versions(key)) {
      if (version.key > key) return; // longer names that begin alike come after
      if (version.key === key) yield version;
    }
  }

  function overwritten(path: string, versionId: string | null, hidden = false): void {
    const which = `version ${versionId ?? 'without a name'} is what was written, and it is read`;
    if (hidden) report('HIDDEN', path, `a delete marker hides it in the bucket: ${which}. Find out who deleted it, and remove the marker.`);
    else report('OVERWRITTEN', path, `it was written over in the bucket: ${which}. Find out who wrote the newer version, and remove that version.`);
  }

  async function readPart(path: string, offset: number, length: number): Promise<Buffer | null> {
    const pin = lockedKind(path) === null ? null : await versions.get(path);
    if (pin?.digest === GONE) return null;
    const versionId = pin?.versionId;
    const part = await bucket.get(keyOf(path), { offset, length, ...(versionId ? { versionId } : {}) }).catch((error: unknown) => {
      if (error instanceof Refused && error.status === 416) return { bytes: Buffer.alloc(0) }; // the file ends before
      throw error;
    });
    return part ? part.bytes.subarray(0, length) : ((await read(path))?.subarray(offset, offset + length) ?? null);
  }

  /** What is locked is listed by its versions, so that a delete marker hides nothing. */
  async function list(path: string): Promise<readonly string[]> {
    if (lockedKind(`${path}/any`) === null) return bucket.list(keyOf(`${path}/`));
    const [names, folder] = [new Set<string>(), keyOf(`${path}/`)];
    for await (const { key, marker } of bucket.versions(folder)) if (!marker) names.add(key.slice(folder.length).split('/')[0] ?? '');
    return [...names].sort();
  }

  return { create, replace, remove, overwrite, read, readPart, list };
}

/** Maps with a few at work at a time. All are waited for: a write that goes on alone would meet the next batch. */
async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of waiting) results[place] = await work(item);
  };
  const failed = (await Promise.allSettled(Array.from({ length: Math.min(LANES, items.length) }, lane))).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return results;
}
