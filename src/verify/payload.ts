import { spawnSync } from 'node:child_process';
import zlib from 'node:zlib';
import { IntegrityError } from '../core/error.ts';
import { ageSecret, decryptAge } from '../log/age.ts';
import { sha256hex } from '../log/merkle.ts';
import type { Payload } from '../log/statement.ts';
import type { BundleFiles } from './bundle-files.ts';
import { keyFile, payloadFile } from './format.ts';
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
const KEY = 100;

export interface Circumstances {
  /** By which record it was disposed of, if it was. */
  readonly gone: { readonly record: number; readonly at: string } | null;
  /** Whether the bundle leaves the keys out. */
  readonly sealed: boolean;
}

/** Ciphertext against the statement, then its key, then what it holds. */
export async function lookAt(files: BundleFiles, payload: Payload, { gone, sealed }: Circumstances): Promise<Looked> {
  const { digest, size, place } = payload;
  const without = (word: Word, reason: string | null): Looked => ({ word, reason, sha256: null, plain: null });
  const disposed = gone && `disposed of in record ${gone.record} on ${gone.at.slice(0, 10)}`;
  if (!files.has(payloadFile(digest))) return disposed ? without('DISPOSED', disposed) : without('MISSING', `${payloadFile(digest)} is not there`);
  if (files.digest(payloadFile(digest)) !== digest || files.sizeOf(payloadFile(digest)) !== place.length)
    return without('ALTERED', `${payloadFile(digest)} is not what was sealed`);
  if (!files.has(keyFile(digest))) {
    if (disposed) return without('DISPOSED', disposed);
    return sealed ? without('VERIFIED', null) : without('MISSING', `${keyFile(digest)} is not there, so that nobody can read the payload`);
  }
  if (size > MOST) return without('NOT CHECKED', `payload ${digest} is of ${size} bytes, more than this program opens: use age and zstd`);
  if (!unpacker) return without('NOT CHECKED', 'neither this Node nor a program "zstd" can decompress: what the payloads hold was not compared');
  try {
    const plain = await open(files, payload);
    return { word: 'VERIFIED', reason: null, sha256: sha256hex(plain), plain };
  } catch (error) {
    return without('ALTERED', `${keyFile(digest)} does not open the payload: ${error instanceof IntegrityError ? error.message : String(error).slice(0, 200)}`);
  }
}

async function open(files: BundleFiles, { digest, size }: Payload): Promise<Buffer> {
  const key = (await files.readPart(keyFile(digest), 0, KEY))?.toString('latin1') ?? '';
  if (!key.endsWith('\n') || files.sizeOf(keyFile(digest)) !== key.length) throw new IntegrityError('AGE', 'the key is not one line');
  const compressed = decryptAge((await files.read(payloadFile(digest))) ?? Buffer.alloc(0), ageSecret(key.slice(0, -1)));
  const plain = (unpacker as Unpack)(compressed, Math.max(1, size));
  if (plain.length !== size) throw new IntegrityError('PAYLOAD', 'it is not of the size that was sealed');
  return plain;
}

type Unpack = (bytes: Buffer, most: number) => Buffer;

/** Built in from Node 22.15 on; before that, by the program that Debian ships. */
const unpacker: Unpack | null = (() => {
  if (typeof zlib.zstdDecompressSync === 'function') return (bytes, most) => zlib.zstdDecompressSync(bytes, { maxOutputLength: most });
  const run = (input: Buffer, maxBuffer: number) => spawnSync('zstd', ['-d', '-c', '-q'], { input, maxBuffer });
  if (spawnSync('zstd', ['--version']).status !== 0) return null;
  return (bytes, most) => {
    const { status, stdout, error } = run(bytes, most + 1);
    if (status !== 0 || error) throw new IntegrityError('PAYLOAD', 'zstd cannot decompress it');
    return stdout;
  };
})();
