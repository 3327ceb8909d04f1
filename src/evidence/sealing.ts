import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { zstdCompressSync } from 'node:zlib';
import { encrypt, keyDigestOf } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { type Sealed, sealStatement, type Statement, type StatementSigner } from '../log/statement.ts';
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

/** Statements of one line in their order: each names the one before it, the first what its `prev` says. */
export interface Chain {
  readonly signer: StatementSigner;
  readonly statements: readonly Statement[];
}

export interface Signed extends Sealed {
  /** SHA-256 of the envelope, hex. */
  readonly digest: string;
}

type Asked = { readonly plains: Parcel } | { readonly chains: readonly Chain[] };
interface SealedAside {
  readonly files: Parcel;
  readonly secrets: Parcel;
  readonly digests: readonly (readonly [digest: string, keyDigest: string])[];
}
interface SignedAside {
  readonly envelopes: Parcel;
  readonly leaves: Parcel;
  readonly digests: readonly string[];
}

const ROLE = 'tickmark: sealing';
/** Fewer do not pay for a thread that has to start. */
const FEW = 64;
/** So many payloads go to the thread at once, and as many are sealed here meanwhile. */
const ROUND = 32;

let thread: Thread<Asked, SealedAside | SignedAside> | null = null;

/** Seals payloads, in their order: a few here, of many every other part in a thread beside this one. */
export async function sealBytes(plains: readonly Uint8Array[]): Promise<readonly SealedBytes[]> {
  if (!isMuch(plains.length)) return sealAll(plains);
  const parts = Array.from({ length: Math.ceil(plains.length / ROUND) }, (_, place) => plains.slice(place * ROUND, (place + 1) * ROUND));
  const sealed: (readonly SealedBytes[] | Promise<readonly SealedBytes[]>)[] = parts.map((part, place) => (place % 2 === 1 ? sealAside(part) : []));
  for (const [place, part] of parts.entries()) if (place % 2 === 0) sealed[place] = sealAll(part);
  return (await Promise.all(sealed)).flat();
}

/** Signs statements, line by line: where there are many in several lines, about half of them in a thread beside this one. */
export async function signChains(chains: readonly Chain[]): Promise<readonly (readonly Signed[])[]> {
  const total = chains.reduce((sum, { statements }) => sum + statements.length, 0);
  if (!isMuch(total) || chains.length < 2) return chains.map(signChain);
  let given = 0;
  const aside = chains.map(({ statements }) => {
    const goes = given + statements.length <= total / 2;
    if (goes) given += statements.length;
    return goes;
  });
  const theirs = signAside(chains.filter((_, place) => aside[place]));
  theirs.catch(() => undefined); // told below
  const own: (readonly Signed[] | null)[] = [];
  for (const [place, chain] of chains.entries()) {
    own.push(aside[place] ? null : signChain(chain));
    await aTurn(); // for what is on its way to the disk meanwhile
  }
  const others = (await theirs).values();
  return own.map((its) => its ?? (others.next().value as readonly Signed[]));
}

const isMuch = (count: number): boolean => count >= FEW && availableParallelism() > 1;
const aTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

async function sealAside(part: readonly Uint8Array[]): Promise<readonly SealedBytes[]> {
  const plains = parcel(part);
  const answer = (await ask({ plains }, [plains.bytes.buffer])) as SealedAside | null;
  if (!answer) return sealAll(part);
  const keys = unparcel(answer.secrets);
  return unparcel(answer.files).map((file, place): SealedBytes => {
    const [digest = '', keyDigest = ''] = answer.digests[place] ?? [];
    return { file, secret: keys[place] ?? Buffer.alloc(0), digest, keyDigest };
  });
}

async function signAside(chains: readonly Chain[]): Promise<readonly (readonly Signed[])[]> {
  const answer = (await ask({ chains })) as SignedAside | null;
  if (!answer) return chains.map(signChain);
  const [leaves, digests] = [unparcel(answer.leaves).values(), answer.digests.values()];
  const all = unparcel(answer.envelopes)
    .map((envelope): Signed => ({ envelope, leaf: leaves.next().value as Buffer, digest: digests.next().value as string }))
    .values();
  return chains.map(({ statements }) => statements.map(() => all.next().value as Signed));
}

/** `null` where the thread has ended, by what it was asked or otherwise: whoever asked does it here, and the next batch has another. */
async function ask(asked: Asked, moved: readonly ArrayBuffer[] = []): Promise<SealedAside | SignedAside | null> {
  thread ??= startThread(import.meta.url, ROLE);
  const its = thread;
  return its.ask(asked, moved).catch(() => {
    if (thread === its) thread = null;
    return null;
  });
}

function signChain({ signer, statements }: Chain): readonly Signed[] {
  let prev = statements[0]?.prev ?? null;
  return statements.map((statement) => {
    const made = sealStatement({ ...statement, prev }, signer);
    prev = sha256hex(made.envelope);
    return { ...made, digest: prev };
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

serveThread<Asked, SealedAside | SignedAside>(ROLE, (asked) => {
  if ('plains' in asked) {
    const sealed = sealAll(unparcel(asked.plains));
    const [files, secrets] = [parcel(sealed.map(({ file }) => file)), parcel(sealed.map(({ secret }) => secret))];
    return [{ files, secrets, digests: sealed.map(({ digest, keyDigest }) => [digest, keyDigest] as const) }, [files.bytes.buffer, secrets.bytes.buffer]];
  }
  const signed = asked.chains.flatMap(signChain);
  const [envelopes, leaves] = [parcel(signed.map(({ envelope }) => envelope)), parcel(signed.map(({ leaf }) => leaf))];
  return [{ envelopes, leaves, digests: signed.map(({ digest }) => digest) }, [envelopes.bytes.buffer, leaves.bytes.buffer]];
});
