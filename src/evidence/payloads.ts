import { IntegrityError } from '../core/error.ts';
import { decrypt, keyDigestOf } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import type { Payload } from '../log/statement.ts';
import { decompressed } from '../log/zstd.ts';
import type { KeptKey, Keystore } from './keystore.ts';
import type { Objects } from './objects.ts';
import type { Kept } from './record.ts';
import { type Ahead, type SealedBytes, sealer } from './sealing.ts';

/** A payload of this many bytes of ciphertext has a file of its own; smaller ones share a pack. */
const OWN_FILE = 64 * 1024;
const PACK = 8 * 1024 * 1024;
/** Bytes of packs that are kept at hand. */
const AT_HAND = 64 * 1024 * 1024;

export interface Plain {
  readonly era: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex, where the same may have been said before: what a source says daily is often what it said yesterday. `null` of what is never said twice. */
  readonly again: string | null;
  /** By which the same bytes are found again in this era, where it was made ahead. */
  readonly fingerprint?: string | null;
  /** Where it was sealed ahead of its turn. Nothing of it is kept yet. */
  readonly ahead?: Ahead;
}

/** Payloads that are sealed and have their places; nothing of them is written. */
export interface Begun {
  readonly payloads: readonly Payload[];
  /** Writes them, once, and resolves when they are there durably. */
  store(): Promise<void>;
}

/** The payloads of an archive: compressed, encrypted each under a key of its own, found by the digest of the ciphertext. */
export class Payloads {
  readonly #objects: Objects;
  readonly #keystore: Keystore;
  /** By path, the one read last at the end. */
  readonly #packs = new Map<string, Buffer>();

  constructor(objects: Objects, keystore: Keystore) {
    this.#objects = objects;
    this.#keystore = keystore;
  }

  /** Keeps them, durably, and says where. */
  async keep(plains: readonly Plain[], isDisposed?: IsDisposed): Promise<readonly Payload[]> {
    const { payloads, store } = await this.begin(plains, isDisposed);
    await store();
    return payloads;
  }

  /** Says where they will lie. What is disposed of is not kept by again. */
  async begin(plains: Iterable<Plain>, isDisposed: IsDisposed = () => false): Promise<Begun> {
    const fresh = new Map<string, Fresh & Ahead>();
    const found: (Payload | string)[] = [];
    const sealing = sealer();
    for (const { era, bytes, again, ahead, fingerprint: made } of plains) {
      const fingerprint = again === null ? null : (made ?? (await this.#keystore.fingerprint(era, again)));
      const name = `${era} ${fingerprint ?? found.length}`;
      const known = fingerprint === null || fresh.has(name) ? null : await this.#keystore.known(era, fingerprint);
      if (known && !isDisposed(era, known.digest))
        found.push({ digest: known.digest, keyDigest: keyDigestOf(known.secret), size: bytes.length, place: known.place });
      else {
        found.push(name);
        if (fresh.has(name)) continue;
        const its = ahead ? { sealing: ahead.sealing, place: ahead.place, turn: undefined } : { sealing, ...sealing.add(bytes) };
        fresh.set(name, { era, fingerprint, size: bytes.length, sealing: its.sealing, place: its.place });
        await its.turn;
      }
    }
    const sealed: Sealed[] = [];
    for (const { sealing: by, place, ...its } of fresh.values()) sealed.push({ ...its, ...((await by.all())[place] as SealedBytes) });
    const { places, files } = laidOut(sealed);
    const payloads = sealed.map(({ digest, keyDigest, size }): Payload => ({ digest, keyDigest, size, place: places.get(digest) ?? nowhere(digest) }));
    const named = new Map([...fresh.keys()].map((name, number) => [name, payloads[number] as Payload]));
    let stored: Promise<void> | null = null;
    return {
      payloads: found.map((it) => (typeof it === 'string' ? (named.get(it) as Payload) : it)),
      store: () => (stored ??= this.#store(sealed, places, files)),
    };
  }

  /** What can be said of it before its turn, without waiting. Unless the same bytes may be kept already, to seal them ahead is not in vain. */
  ahead({ era, again }: Plain): { readonly fingerprint: string | null; readonly mayBeKept: boolean } {
    if (again === null) return { fingerprint: null, mayBeKept: false };
    const its = this.#keystore.atHand?.(era, again);
    return its ? { fingerprint: its.fingerprint, mayBeKept: its.known } : { fingerprint: null, mayBeKept: true };
  }

  /** The plain bytes. Throws `IntegrityError`: missing, altered, or unreadable for want of its key. */
  async read({ era, ...payload }: Kept): Promise<Buffer> {
    const { digest, keyDigest, size } = payload;
    const file = await this.ciphertext(payload);
    const secret = await this.#keystore.secret(era, digest);
    if (!secret)
      throw new IntegrityError('PAYLOAD_UNREADABLE', `the keystore has no key for payload ${digest} (${era}): it has not been altered, and nobody can read it`);
    return decompress(decrypt(file, secret, keyDigest), size);
  }

  secret({ era, digest }: Pick<Kept, 'era' | 'digest'>): Promise<Buffer | null> {
    return this.#keystore.secret(era, digest);
  }

  /** The bytes as they lie there, checked. */
  async ciphertext({ digest, place }: Pick<Payload, 'digest' | 'place'>): Promise<Buffer> {
    const path = payloadPath({ digest, place });
    const bytes = await this.#part(path, place.pack === null ? null : place);
    if (!bytes) throw new IntegrityError('PAYLOAD_MISSING', `${path} is missing`);
    if (sha256hex(bytes) !== digest) throw new IntegrityError('PAYLOAD_ALTERED', `${path} is not what was sealed`);
    return bytes;
  }

  async #part(path: string, place: Payload['place'] | null): Promise<Buffer | null> {
    if (!place) return this.#objects.read(path);
    const pack = this.#packs.get(path) ?? (await this.#objects.read(path));
    if (!pack) return null;
    this.#remember(path, pack);
    return pack.subarray(place.offset, place.offset + place.length);
  }

  /** A record names payloads of its own pack and, where its source said again what it had said, of older ones: the packs read last are at hand. */
  #remember(path: string, pack: Buffer): void {
    this.#packs.delete(path);
    this.#packs.set(path, pack);
    let bytes = this.#packs.values().reduce((sum, { length }) => sum + length, 0);
    for (const [oldest, { length }] of this.#packs) {
      if (bytes <= AT_HAND || oldest === path) return;
      this.#packs.delete(oldest);
      bytes -= length;
    }
  }

  /** Bytes first: a key promises that its payload is there. */
  async #store(sealed: readonly Sealed[], places: ReadonlyMap<string, Payload['place']>, files: readonly File[]): Promise<void> {
    await this.#objects.create(files);
    for (const [era, its] of Map.groupBy(sealed, ({ era }) => era)) {
      const keys = its.map(({ digest, fingerprint, secret }): KeptKey => ({ digest, fingerprint, secret, place: places.get(digest) ?? nowhere(digest) }));
      await this.#keystore.add(era, keys);
    }
  }
}

type File = readonly [path: string, bytes: Buffer];
export type IsDisposed = (era: string, digest: string) => boolean;

/** Small ones side by side in packs, large ones in files of their own. */
function laidOut(sealed: readonly Sealed[]): { readonly places: ReadonlyMap<string, Payload['place']>; readonly files: readonly File[] } {
  const places = new Map<string, Payload['place']>();
  const files: File[] = [];
  for (const pack of packed(sealed.filter(({ file }) => file.length < OWN_FILE))) {
    const bytes = Buffer.concat(pack.map(({ file }) => file));
    const name = sha256hex(bytes);
    let offset = 0;
    for (const { digest, file } of pack) {
      places.set(digest, { pack: name, offset, length: file.length });
      offset += file.length;
    }
    files.push([payloadPath({ digest: name, place: { pack: name, offset: 0, length: 0 } }), bytes]);
  }
  for (const { digest, file } of sealed.filter(({ file }) => file.length >= OWN_FILE)) {
    places.set(digest, { pack: null, offset: 0, length: file.length });
    files.push([payloadPath({ digest, place: { pack: null, offset: 0, length: file.length } }), file]);
  }
  return { places, files };
}

/** What is to be kept anew. */
interface Fresh extends Pick<Plain, 'era'> {
  readonly fingerprint: string | null;
  /** Bytes. */
  readonly size: number;
}

interface Sealed extends SealedBytes, Fresh {}

function packed(files: readonly Sealed[]): Sealed[][] {
  const packs: Sealed[][] = [];
  let room = 0;
  for (const sealed of files) {
    if (packs.length === 0 || sealed.file.length > room) {
      packs.push([]);
      room = PACK;
    }
    packs.at(-1)?.push(sealed);
    room -= sealed.file.length;
  }
  return packs;
}

/** The statement says how many bytes to expect: more are never made. */
export function decompress(bytes: Buffer, size: number): Buffer {
  try {
    const plain = decompressed(bytes, Math.max(1, size));
    if (plain.length === size) return plain;
  } catch (cause) {
    throw new IntegrityError('PAYLOAD', 'the payload cannot be decompressed to the size that was sealed', cause);
  }
  throw new IntegrityError('PAYLOAD', 'the payload is not of the size that was sealed');
}

const nowhere = (digest: string): never => {
  throw new IntegrityError('PAYLOAD', `payload ${digest} was not written`);
};
