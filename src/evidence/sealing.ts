import { randomBytes } from 'node:crypto';
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
  if (plains.length < FEW || availableParallelism() < 2) return sealAll(plains);
  thread ??= startThread(import.meta.url, ROLE);
  const parts = rounds(plains);
  const sealed: (readonly SealedBytes[] | Promise<readonly SealedBytes[]>)[] = parts.map((part, place) => (place % 2 === 1 ? aside(part) : []));
  for (const [place, part] of parts.entries()) if (place % 2 === 0) sealed[place] = sealAll(part);
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
  if (!answer) return sealAll(part);
  const { files, secrets, digests } = answer;
  const keys = unparcel(secrets);
  return unparcel(files).map((file, place): SealedBytes => {
    const [digest = '', keyDigest = ''] = digests[place] ?? [];
    return { file, secret: keys[place] ?? Buffer.alloc(0), digest, keyDigest };
  });
}

/** What the keys are made of is drawn at once, and gone with this call. */
function sealAll(plains: readonly Uint8Array[]): readonly SealedBytes[] {
  const random = randomBytes(32 * plains.length);
  return plains.map((plain, place) => {
    const { ciphertext, key } = encrypt(zstdCompressSync(plain), random.subarray(32 * place, 32 * (place + 1)));
    return { file: ciphertext, secret: key, digest: sha256hex(ciphertext), keyDigest: keyDigestOf(key) };
  });
}

serveThread<Parcel, Answer>(ROLE, (asked) => {
  const sealed = sealAll(unparcel(asked));
  const [files, secrets] = [parcel(sealed.map(({ file }) => file)), parcel(sealed.map(({ secret }) => secret))];
  return [{ files, secrets, digests: sealed.map(({ digest, keyDigest }) => [digest, keyDigest]) }, [files.bytes.buffer, secrets.bytes.buffer]];
});
