import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { IntegrityError } from '../core/error.ts';
import { ageSender, decryptAge, encryptAge } from '../log/age.ts';
import { sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import type { Payload } from '../log/statement.ts';
import type { KeptKey, Keystore } from './keystore.ts';
import type { Objects } from './objects.ts';
import type { Kept } from './record.ts';

/** A payload of this many bytes of ciphertext has a file of its own; smaller ones share a pack. */
const OWN_FILE = 64 * 1024;
const PACK = 8 * 1024 * 1024;

export interface Plain {
  readonly era: string;
  readonly bytes: Uint8Array;
  /** Whether the same bytes may have been said before: what a source says daily is often what it said yesterday. */
  readonly again: boolean;
}

/** The payloads of an archive: compressed, encrypted each under a key of its own, found by the digest of the ciphertext. */
export class Payloads {
  readonly #objects: Objects;
  readonly #keystore: Keystore;
  #lastPack: { readonly path: string; readonly bytes: Buffer } | null = null;

  constructor(objects: Objects, keystore: Keystore) {
    this.#objects = objects;
    this.#keystore = keystore;
  }

  /** Keeps them, durably, and says where. Bytes first: a key promises that its payload is there. What is disposed of is not kept by again. */
  async keep(plains: readonly Plain[], isDisposed: (era: string, digest: string) => boolean = () => false): Promise<readonly Payload[]> {
    const sender = ageSender();
    const fresh = new Map<string, Promise<Sealed>>();
    const seal = async (era: string, bytes: Uint8Array, fingerprint: string | null): Promise<Sealed> => {
      const { file, secret } = await encryptAge(zstdCompressSync(bytes), sender);
      return { era, size: bytes.length, file, secret, fingerprint, digest: sha256hex(file) };
    };
    const found: (Payload | Promise<Sealed>)[] = [];
    for (const [number, { era, bytes, again }] of plains.entries()) {
      const fingerprint = again ? await this.#keystore.fingerprint(era, bytes) : null;
      const name = `${era} ${fingerprint ?? number}`;
      const known = fingerprint === null || fresh.has(name) ? null : await this.#keystore.known(era, fingerprint);
      if (known && !isDisposed(era, known.digest)) found.push({ ...known, size: bytes.length });
      else {
        const sealing = fresh.get(name) ?? seal(era, bytes, fingerprint);
        fresh.set(name, sealing);
        found.push(sealing);
      }
    }
    const places = await this.#write(await Promise.all(fresh.values()));
    const kept = await Promise.all(found);
    return kept.map((it) => ('file' in it ? { digest: it.digest, size: it.size, place: places.get(it.digest) ?? nowhere(it.digest) } : it));
  }

  /** The plain bytes. Throws `IntegrityError`: missing, altered, or unreadable for want of its key. */
  async read({ era, digest, size, place }: Kept): Promise<Buffer> {
    const file = await this.ciphertext({ digest, size, place });
    const secret = await this.#keystore.secret(era, digest);
    if (!secret)
      throw new IntegrityError('PAYLOAD_UNREADABLE', `the keystore has no key for payload ${digest} (${era}): it has not been altered, and nobody can read it`);
    return decompress(decryptAge(file, secret), size);
  }

  secret({ era, digest }: Pick<Kept, 'era' | 'digest'>): Promise<Buffer | null> {
    return this.#keystore.secret(era, digest);
  }

  /** The bytes as they lie there, checked. */
  async ciphertext({ digest, place }: Payload): Promise<Buffer> {
    const path = payloadPath({ digest, place });
    const bytes = await this.#part(path, place.pack === null ? null : place);
    if (!bytes) throw new IntegrityError('PAYLOAD_MISSING', `${path} is missing`);
    if (sha256hex(bytes) !== digest) throw new IntegrityError('PAYLOAD_ALTERED', `${path} is not what was sealed`);
    return bytes;
  }

  async #part(path: string, place: Payload['place'] | null): Promise<Buffer | null> {
    if (!place) return this.#objects.read(path);
    if (this.#lastPack?.path !== path) {
      const bytes = await this.#objects.read(path);
      if (!bytes) return null;
      this.#lastPack = { path, bytes }; // the payloads of a record, and of those after it, lie side by side
    }
    return this.#lastPack.bytes.subarray(place.offset, place.offset + place.length);
  }

  async #write(fresh: readonly Sealed[]): Promise<Map<string, Payload['place']>> {
    const places = new Map<string, Payload['place']>();
    const files: (readonly [string, Buffer])[] = [];
    for (const pack of packed(fresh.filter(({ file }) => file.length < OWN_FILE))) {
      const bytes = Buffer.concat(pack.map(({ file }) => file));
      const name = sha256hex(bytes);
      let offset = 0;
      for (const { digest, file } of pack) {
        places.set(digest, { pack: name, offset, length: file.length });
        offset += file.length;
      }
      files.push([payloadPath({ digest: name, place: { pack: name, offset: 0, length: 0 } }), bytes]);
    }
    for (const { digest, file } of fresh.filter(({ file }) => file.length >= OWN_FILE)) {
      places.set(digest, { pack: null, offset: 0, length: file.length });
      files.push([payloadPath({ digest, place: { pack: null, offset: 0, length: file.length } }), file]);
    }
    await this.#objects.create(files);
    for (const [era, its] of Map.groupBy(fresh, ({ era }) => era)) {
      const keys = its.map(({ digest, fingerprint, secret }): KeptKey => ({ digest, fingerprint, secret, place: places.get(digest) ?? nowhere(digest) }));
      await this.#keystore.add(era, keys);
    }
    return places;
  }
}

interface Sealed {
  readonly era: string;
  readonly digest: string;
  readonly size: number;
  readonly file: Buffer;
  readonly secret: Buffer;
  readonly fingerprint: string | null;
}

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
    const plain = zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, size) });
    if (plain.length === size) return plain;
  } catch (cause) {
    throw new IntegrityError('PAYLOAD', 'the payload cannot be decompressed to the size that was sealed', cause);
  }
  throw new IntegrityError('PAYLOAD', 'the payload is not of the size that was sealed');
}

const nowhere = (digest: string): never => {
  throw new IntegrityError('PAYLOAD', `payload ${digest} was not written`);
};
