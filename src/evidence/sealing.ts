import { randomBytes } from 'node:crypto';
import { aside, aTurn, type How, serveAside, URGENT } from '../log/aside.ts';
import { encrypt, keyDigestOf } from '../log/cipher.ts';
import { type Hash, leafHash, sha256hex } from '../log/merkle.ts';
import { type Sealed, signSpelled, type Spelled, spell, type Statement, type StatementSigner } from '../log/statement.ts';
import { type Parcel, parcel, unparcel } from '../log/threads.ts';
import { compressed } from '../log/zstd.ts';

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
  /** Of the leaf. */
  readonly hash: Hash;
  /** SHA-256 of the envelope, hex. */
  readonly digest: string;
}

/** The same, spelled: what a thread is given is text, for that costs less than what it means. */
interface SpelledChain {
  readonly signer: StatementSigner;
  /** SHA-256 of the envelope before the first, hex. */
  readonly prev: string | null;
  readonly statements: readonly Spelled[];
}

type Asked = { readonly plains: Parcel } | { readonly chains: readonly SpelledChain[] };
/** File and secret of each payload in turn, or envelope, leaf and its hash of each statement, and their digests. */
interface Answer {
  readonly parts: Parcel;
  readonly digests: readonly string[];
}

const ROLE = 'tickmark: sealing';
/** Fewer do not pay for a thread that has to start. */
const FEW = 64;
/** What is sealed in one go: enough that handing it over costs little beside it. */
const ROUND = { items: 64, bytes: 1024 * 1024, statements: 32 };

/** More do not make a batch faster: what one thread does for all of them then takes longer. */
const THREADS = 3;
const others = aside<Asked, Answer>(import.meta.url, ROLE, THREADS);

/** Seals payloads as they come. */
export interface Sealer {
  /** Answers with its place; and, now and then, when others have to come round. */
  add(plain: Uint8Array): { readonly place: number; readonly turn: Promise<void> | undefined };
  /** What has come is handed to threads, if there is much of it. */
  close(): void;
  /** In their order. Nothing is added any more. */
  all(): Promise<readonly SealedBytes[]>;
}

/** A payload that is sealed, or being sealed, where somebody else asked for it. */
export interface Ahead {
  readonly sealing: Sealer;
  readonly place: number;
}

/** A few are sealed here; of many, those that have come are sealed in threads beside this one while it makes the others. */
export function sealer(): Sealer {
  const shared = others.share({ here: sealAll, ask: askToSeal, done: sealedAside });
  const waiting: (readonly Uint8Array[])[] = [];
  let [round, bytes, count] = [[] as Uint8Array[], 0, 0];
  const close = () => {
    if (round.length > 0) waiting.push(round);
    [round, bytes] = [[], 0];
    if (isMuch(count)) for (const its of waiting.splice(0)) shared.add(its);
  };
  let made: Promise<readonly SealedBytes[]> | null = null;
  const make = async () => {
    close();
    return waiting.length > 0 ? waiting.flatMap(sealAll) : (await shared.all()).flat();
  };
  return {
    add(plain) {
      round.push(plain);
      const place = count++;
      bytes += plain.length;
      if (round.length < ROUND.items && bytes < ROUND.bytes) return { place, turn: undefined };
      close();
      return { place, turn: isMuch(count) ? aTurn() : undefined };
    },
    close,
    all: () => (made ??= make()),
  };
}

/** Signs statements, line by line: where there are many in several lines, in threads beside this one too. */
export async function signChains(chains: readonly Chain[]): Promise<readonly (readonly Signed[])[]> {
  const total = chains.reduce((sum, { statements }) => sum + statements.length, 0);
  if (!isMuch(total) || chains.length < 2) return chains.map((chain) => signChain(spelled(chain)));
  const shared = others.share(CHAINS, URGENT);
  const longest = chains.toSorted((a, b) => b.statements.length - a.statements.length); // the last to be taken are short: all end together
  for (const some of rounds(longest)) shared.add(some);
  const signed = (await shared.all()).flat();
  const byChain = new Map(longest.map((chain, place) => [chain, signed[place] as readonly Signed[]]));
  return chains.map((chain) => byChain.get(chain) as readonly Signed[]);
}

/** Chains that are signed in one go. */
function rounds(chains: readonly Chain[]): readonly (readonly Chain[])[] {
  const all: Chain[][] = [];
  let statements = ROUND.statements;
  for (const chain of chains) {
    if (statements >= ROUND.statements) {
      all.push([]);
      statements = 0;
    }
    all.at(-1)?.push(chain);
    statements += chain.statements.length;
  }
  return all;
}

const CHAINS: How<readonly Chain[], readonly (readonly Signed[])[], Asked, Answer> = {
  here: (chains) => chains.map((chain) => signChain(spelled(chain))),
  ask: (chains) => [{ chains: chains.map(spelled) }, []],
  done(answer, chains) {
    const signed = signedAside(answer).values();
    return chains.map(({ statements }) => [...signed.take(statements.length)]);
  },
};

const isMuch = (count: number): boolean => count >= FEW && others.isThere;

function askToSeal(part: readonly Uint8Array[]): readonly [Asked, readonly ArrayBuffer[]] {
  const plains = parcel(part);
  return [{ plains }, [plains.bytes.buffer]];
}

function sealedAside({ parts, digests }: Answer): readonly SealedBytes[] {
  const its = unparcel(parts);
  return Array.from({ length: its.length / 2 }, (_, place) => ({
    file: its[2 * place] as Buffer,
    secret: its[2 * place + 1] as Buffer,
    digest: digests[2 * place] as string,
    keyDigest: digests[2 * place + 1] as string,
  }));
}

function signedAside({ parts, digests }: Answer): readonly Signed[] {
  const its = unparcel(parts);
  return digests.map((digest, place) => ({
    envelope: its[3 * place] as Buffer,
    leaf: its[3 * place + 1] as Buffer,
    hash: its[3 * place + 2] as Buffer,
    digest,
  }));
}

const spelled = ({ signer, statements }: Chain): SpelledChain => ({ signer, prev: statements[0]?.prev ?? null, statements: statements.map(spell) });

function signChain({ signer, prev: first, statements }: SpelledChain): readonly Signed[] {
  let prev = first;
  return statements.map((statement) => {
    const made = signSpelled(statement, prev, signer);
    prev = sha256hex(made.envelope);
    return { ...made, hash: leafHash(made.leaf), digest: prev };
  });
}

/** What the keys are made of is drawn at once, and gone with this call. */
function sealAll(plains: readonly Uint8Array[]): readonly SealedBytes[] {
  const random = randomBytes(32 * plains.length);
  return plains.map((plain, place) => {
    const { ciphertext, key } = encrypt(compressed(plain), random.subarray(32 * place, 32 * (place + 1)));
    return { file: ciphertext, secret: key, digest: sha256hex(ciphertext), keyDigest: keyDigestOf(key) };
  });
}

serveAside<Asked, Answer>(ROLE, (asked) => {
  if ('plains' in asked) {
    const sealed = sealAll(unparcel(asked.plains));
    const parts = parcel(sealed.flatMap(({ file, secret }) => [file, secret]));
    return [{ parts, digests: sealed.flatMap(({ digest, keyDigest }) => [digest, keyDigest]) }, [parts.bytes.buffer]];
  }
  const signed = asked.chains.flatMap(signChain);
  const parts = parcel(signed.flatMap(({ envelope, leaf, hash }) => [envelope, leaf, hash]));
  return [{ parts, digests: signed.map(({ digest }) => digest) }, [parts.bytes.buffer]];
});
