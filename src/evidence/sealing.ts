import { availableParallelism } from 'node:os';
import { zstdCompressSync } from 'node:zlib';
import { encrypt, keyDigestOf } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { type Parcel, parcel, serveThread, startThread, type Thread, unparcel } from '../log/threads.ts';

/** A payload as it is kept: compressed, encrypted under a key made for it. */
export interface SealedBytes {
  readonly file: Buffer;
  /** 32 bytes. */
  readonly secret: Buffer;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  readonly keyDigest: string;
}

interface Answer {
  readonly files: Parcel;
  readonly secrets: Parcel;
  readonly digests: readonly (readonly [digest: string, keyDigest: string])[];
}

const ROLE = 'tickmark: sealing';
/** Fewer do not pay for a thread that has to start. */
const FEW = 64;
/** So many go to the thread at once, and as many are sealed here meanwhile. */
const ROUND = 32;

let thread: Thread<Parcel, Answer> | null = null;

/** Seals payloads, in their order: a few here, of many every other part in a thread beside this one. */
export async function sealBytes(plains: readonly Uint8Array[]): Promise<readonly SealedBytes[]> {
  if (plains.length < FEW || availableParallelism() < 2) return plains.map(sealOne);
  thread ??= startThread(import.meta.url, ROLE);
  const parts = rounds(plains);
  const sealed: (readonly SealedBytes[] | Promise<readonly SealedBytes[]>)[] = parts.map((part, place) => (place % 2 === 1 ? aside(part) : []));
  for (const [place, part] of parts.entries()) if (place % 2 === 0) sealed[place] = part.map(sealOne);
  return (await Promise.all(sealed)).flat();
}

const rounds = (plains: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] =>
  Array.from({ length: Math.ceil(plains.length / ROUND) }, (_, place) => plains.slice(place * ROUND, (place + 1) * ROUND));

async function aside(part: readonly Uint8Array[]): Promise<readonly SealedBytes[]> {
  const asked = parcel(part);
  const answer = await thread?.ask(asked, [asked.bytes.buffer]).catch(() => {
    thread = null; // it ended: the next batch has another
    return null;
  });
  if (!answer) return part.map(sealOne);
  const { files, secrets, digests } = answer;
  const keys = unparcel(secrets);
  return unparcel(files).map((file, place): SealedBytes => {
    const [digest = '', keyDigest = ''] = digests[place] ?? [];
    return { file, secret: keys[place] ?? Buffer.alloc(0), digest, keyDigest };
  });
}

function sealOne(plain: Uint8Array): SealedBytes {
  const { ciphertext, key } = encrypt(zstdCompressSync(plain));
  return { file: ciphertext, secret: key, digest: sha256hex(ciphertext), keyDigest: keyDigestOf(key) };
}

serveThread<Parcel, Answer>(ROLE, (asked) => {
  const sealed = unparcel(asked).map(sealOne);
  const [files, secrets] = [parcel(sealed.map(({ file }) => file)), parcel(sealed.map(({ secret }) => secret))];
  return [{ files, secrets, digests: sealed.map(({ digest, keyDigest }) => [digest, keyDigest]) }, [files.bytes.buffer, secrets.bytes.buffer]];
});
