import type { Payload } from '../log/statement.ts';
import type { BundleFiles } from './bundle-files.ts';
import { keyFile, payloadFile } from './format.ts';
import { type Locked, type Opened, unpacker } from './opening.ts';
import type { Word } from './verdict.ts';

/** What became of a payload. */
export interface Looked {
  readonly word: Word;
  readonly reason: string | null;
  /** SHA-256 of the plain bytes, hex; `null` where they were not seen. */
  readonly sha256: string | null;
  readonly plain: Buffer | null;
}

/** A bundle may declare what it likes: more plain bytes than this are never made. */
const MOST = 2 ** 30;
const DETAIL = 64 * 1024 * 1024;
const KEY = 100;

export interface Circumstances {
  /** By which record it was disposed of, if it was. */
  readonly gone: { readonly record: number; readonly at: string } | null;
  /** Whether the bundle leaves the keys out. */
  readonly sealed: boolean;
  /** Whether it is the detail of its record, which is read and not only digested. */
  readonly detail: boolean;
}

/** What can be said without opening it; `null` where it has to be opened. */
export function lookAt(files: BundleFiles, { digest, keyDigest, size, place }: Payload, { gone, sealed, detail }: Circumstances): Looked | null {
  const without = (word: Word, reason: string | null): Looked => ({ word, reason, sha256: null, plain: null });
  const disposed = gone && `disposed of in record ${gone.record} on ${gone.at.slice(0, 10)}`;
  if (!files.has(payloadFile(digest))) return disposed ? without('DISPOSED', disposed) : without('MISSING', `${payloadFile(digest)} is not there`);
  if (files.digest(payloadFile(digest)) !== digest || files.sizeOf(payloadFile(digest)) !== place.length)
    return without('ALTERED', `${payloadFile(digest)} is not what was sealed`);
  if (!files.has(keyFile(digest))) {
    if (disposed) return without('DISPOSED', disposed);
    return sealed ? without('VERIFIED', null) : without('MISSING', `${keyFile(digest)} is not there, so that nobody can read the payload`);
  }
  if (files.digest(keyFile(digest)) !== keyDigest)
    return without('ALTERED', `${keyFile(digest)} does not open the payload: the key of the payload is not the one that was sealed`);
  if (size > (detail ? DETAIL : MOST))
    return without('NOT CHECKED', `payload ${digest} is of ${size} bytes, more than this program opens: use openssl and zstd`);
  if (!unpacker) return without('NOT CHECKED', 'neither this Node nor a program "zstd" can decompress: what the payloads hold was not compared');
  return null;
}

/** The payload and its key as the bundle holds them. */
export async function lockedIn(files: BundleFiles, { digest, keyDigest, size }: Payload, plain: boolean): Promise<Locked> {
  const key = (await files.readPart(keyFile(digest), 0, KEY))?.toString('latin1') ?? '';
  return {
    file: (await files.read(payloadFile(digest))) ?? Buffer.alloc(0),
    key: files.sizeOf(keyFile(digest)) === key.length ? key : '',
    keyDigest,
    size,
    plain,
  };
}

/** What opening it showed. */
export function afterOpening({ digest }: Payload, opened: Opened): Looked {
  if ('failed' in opened) return { word: 'ALTERED', reason: `${keyFile(digest)} does not open the payload: ${opened.failed}`, sha256: null, plain: null };
  return { word: 'VERIFIED', reason: null, sha256: opened.sha256, plain: opened.plain && Buffer.from(opened.plain) };
}
