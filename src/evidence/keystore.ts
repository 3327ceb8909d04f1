import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { keyDigestOf } from '../log/cipher.ts';
import type { Payload, Place } from '../log/statement.ts';
import type { Secrets } from './objects.ts';

/** A payload that is kept: where it lies, and the secret that opens it. */
export interface KeptKey {
  readonly digest: string;
  /** Keyed digest of the plain bytes, hex, by which the same bytes are found again; `null` of what is never said twice. */
  readonly fingerprint: string | null;
  readonly secret: Buffer;
  readonly place: Place;
}

/** The keys of payloads, by era. Destroying one makes its payload unreadable for good; it is not part of the log and proves nothing. */
export interface Keystore {
  /** HMAC-SHA-256 under a key of the era, hex. */
  fingerprint(era: string, bytes: Uint8Array): Promise<string>;
  /** What is kept of the same bytes in that era; `null` too where its key is damaged, for then it cannot be read. */
  known(era: string, fingerprint: string): Promise<Omit<KeptKey, 'fingerprint'> | null>;
  /** Durable once it resolves. */
  add(era: string, keys: readonly KeptKey[]): Promise<void>;
  /** `null` where it is not there, or has been destroyed. */
  secret(era: string, digest: string): Promise<Buffer | null>;
  /** Destroys the keys of these payloads, or of the whole era. Again is fine. Resolves to the receipt of a key service, where one was asked. */
  destroy(era: string, digests: readonly string[] | 'all'): Promise<string | null>;
  /** Drops what it remembers: another process may have added or destroyed since. Never while this one adds. */
  forget?(): void;
}

/** A key that is damaged, or is another than the statement commits to, opens nothing. */
export async function hasKey(keystore: Keystore, era: string, { digest, keyDigest }: Pick<Payload, 'digest' | 'keyDigest'>): Promise<boolean> {
  try {
    const secret = await keystore.secret(era, digest);
    return secret !== null && keyDigestOf(secret) === keyDigest;
  } catch (error) {
    if (error instanceof IntegrityError) return false;
    throw error;
  }
}

/** Wraps the key of an era: a file beside it, or a service that keeps a key which never leaves it. */
export interface KeyEncryption {
  /** What is kept in the keystore in place of the key. */
  wrap(era: string, key: Buffer): Promise<Buffer>;
  unwrap(era: string, wrapped: Buffer): Promise<Buffer>;
  /** Destroys what unwraps it. What it resolves to goes into the record of the disposal. */
  destroy(era: string, wrapped: Buffer): Promise<string | null>;
}

/** No service: the key lies in the file that only its owner reads. */
export const LOCAL: KeyEncryption = {
  wrap: async (_, key) => key,
  async unwrap(era, wrapped) {
    if (wrapped.length === 32) return wrapped;
    throw new ConfigurationError(`the key of ${era} is wrapped by a key service, and tickmark.yaml names none: put back what stood under "keys".`);
  },
  destroy: async () => null,
};

const PRIVATE = 0o600;
/** digest, fingerprint, wrapped secret, pack, offset, length. */
const WIDTH = 32 + 32 + 40 + 32 + 4 + 4;
const NONE = Buffer.alloc(32);
/** RFC 3394 section 2.2.3.1. */
const WRAP_IV = Buffer.alloc(8, 0xa6);

interface Entry {
  readonly offset: number;
  readonly wrapped: Buffer;
  readonly place: Place;
}

interface Era {
  readonly key: Buffer;
  /** Bytes of the file that were read, and whether an interrupted write left a part of an entry after them. */
  size: number;
  torn: boolean;
  readonly entries: Map<string, Entry>;
  readonly fingerprints: Map<string, string>;
}

const folder = (era: string): string => `keys/payloads/${era}`;

/** A keystore in files: for each era a key, and a list of entries of one width, which are overwritten where they lie when they are destroyed. */
export class FileKeystore implements Keystore {
  readonly #secrets: Secrets;
  readonly #encryption: KeyEncryption;
  readonly #eras = new Map<string, Era>();

  constructor(secrets: Secrets, encryption: KeyEncryption = LOCAL) {
    this.#secrets = secrets;
    this.#encryption = encryption;
  }

  async fingerprint(era: string, bytes: Uint8Array): Promise<string> {
    const { key } = await this.#begun(era);
    return createHmac('sha256', key).update(bytes).digest('hex');
  }

  async known(era: string, fingerprint: string): Promise<Omit<KeptKey, 'fingerprint'> | null> {
    const its = await this.#begun(era);
    const digest = its.fingerprints.get(fingerprint);
    const entry = digest === undefined ? undefined : its.entries.get(digest);
    return entry && digest !== undefined ? usable({ digest, place: entry.place }, () => unwrapSecret(its.key, entry.wrapped, digest)) : null;
  }

  async add(era: string, keys: readonly KeptKey[]): Promise<void> {
    if (keys.length === 0) return;
    const its = await this.#begun(era);
    const path = `${folder(era)}/entries`;
    const bytes = Buffer.concat(keys.map((key) => encode(key, its.key)));
    if (its.torn) await this.#secrets.replace(path, ((await this.#secrets.read(path)) ?? NONE).subarray(0, its.size), PRIVATE);
    its.torn = false;
    await this.#secrets.append(path, bytes, PRIVATE);
    decode(its, bytes);
  }

  async secret(era: string, digest: string): Promise<Buffer | null> {
    const its = await this.#opened(era);
    if (!its) return null;
    if (!its.entries.has(digest)) await this.#refresh(era, its); // another process may have kept it since
    const entry = its.entries.get(digest);
    return entry ? unwrapSecret(its.key, entry.wrapped, digest) : null;
  }

  /** All that an era holds, to be kept elsewhere; `null` where it was never begun, or has been destroyed. */
  async all(era: string): Promise<{ readonly key: Buffer; readonly keys: readonly KeptKey[] } | null> {
    const its = await this.#opened(era);
    if (!its) return null;
    const fingerprints = new Map([...its.fingerprints].map(([fingerprint, digest]) => [digest, fingerprint]));
    const keys = [...its.entries].map(([digest, { wrapped, place }]) => ({
      digest,
      fingerprint: fingerprints.get(digest) ?? null,
      secret: unwrapSecret(its.key, wrapped, digest),
      place,
    }));
    return { key: its.key, keys };
  }

  async destroy(era: string, digests: readonly string[] | 'all'): Promise<string | null> {
    const [keyPath, path] = [`${folder(era)}/key`, `${folder(era)}/entries`];
    const wrapped = await this.#secrets.read(keyPath);
    if (!wrapped || isZero(wrapped)) return this.#receipt(era);
    if (digests !== 'all') {
      const its = await this.#opened(era);
      if (its) await this.#refresh(era, its);
      for (const digest of digests) {
        const entry = its?.entries.get(digest);
        if (entry) await this.#secrets.overwrite(path, entry.offset, Buffer.alloc(WIDTH));
      }
      this.#eras.delete(era);
      return null;
    }
    const entries = await this.#secrets.read(path);
    if (entries && entries.length > 0) await this.#secrets.overwrite(path, 0, Buffer.alloc(entries.length));
    const receipt = await this.#encryption.destroy(era, wrapped);
    // Kept before the last trace of the key goes: whoever is interrupted here is told of it again.
    if (receipt !== null) await this.#secrets.replace(`${folder(era)}/receipt`, Buffer.from(receipt), PRIVATE);
    await this.#secrets.overwrite(keyPath, 0, Buffer.alloc(wrapped.length));
    this.#eras.delete(era);
    return receipt;
  }

  forget(): void {
    this.#eras.clear();
  }

  async #receipt(era: string): Promise<string | null> {
    return (await this.#secrets.read(`${folder(era)}/receipt`))?.toString('utf8') ?? null;
  }

  /** The era, begun if it has not been: only a writer asks. */
  async #begun(era: string): Promise<Era> {
    const there = await this.#opened(era);
    if (there) return there;
    if (await this.#secrets.read(`${folder(era)}/key`))
      throw new IntegrityError('ERA', `the keys of ${era} were destroyed, and nothing more is kept under it: the clock of this machine stands before it`);
    const key = randomBytes(32);
    await this.#secrets.replace(`${folder(era)}/key`, await this.#encryption.wrap(era, key), PRIVATE);
    return this.#read(era, key);
  }

  async #opened(era: string): Promise<Era | null> {
    const there = this.#eras.get(era);
    if (there) return there;
    const wrapped = await this.#secrets.read(`${folder(era)}/key`);
    return !wrapped || isZero(wrapped) ? null : this.#read(era, await this.#encryption.unwrap(era, wrapped));
  }

  async #read(era: string, key: Buffer): Promise<Era> {
    const its: Era = { key, size: 0, torn: false, entries: new Map(), fingerprints: new Map() };
    await this.#refresh(era, its);
    this.#eras.set(era, its);
    return its;
  }

  async #refresh(era: string, its: Era): Promise<void> {
    const bytes = (await this.#secrets.read(`${folder(era)}/entries`)) ?? Buffer.alloc(0);
    const whole = bytes.length - (bytes.length % WIDTH);
    decode(its, bytes.subarray(its.size, whole));
    its.torn = whole < bytes.length;
  }
}

function encode({ digest, fingerprint, secret, place }: KeptKey, key: Buffer): Buffer {
  const where = Buffer.alloc(8);
  where.writeUInt32BE(place.offset, 0);
  where.writeUInt32BE(place.length, 4);
  return Buffer.concat([hex(digest), hex(fingerprint), wrapSecret(key, secret), hex(place.pack), where]);
}

export function wrapSecret(key: Buffer, secret: Buffer): Buffer {
  const wrap = createCipheriv('id-aes256-wrap', key, WRAP_IV);
  return Buffer.concat([wrap.update(secret), wrap.final()]);
}

/** Takes further entries in. Those that were destroyed are all zero. */
function decode(its: Era, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; from += WIDTH) {
    const [digest, fingerprint, pack] = [bytes.subarray(from, from + 32), bytes.subarray(from + 32, from + 64), bytes.subarray(from + 104, from + 136)];
    const offset = its.size;
    its.size += WIDTH;
    if (isZero(digest)) continue;
    const place = {
      pack: isZero(pack) ? null : pack.toString('hex'),
      offset: bytes.readUInt32BE(from + 136),
      length: bytes.readUInt32BE(from + 140),
    };
    its.entries.set(digest.toString('hex'), { offset, wrapped: Buffer.from(bytes.subarray(from + 64, from + 104)), place });
    if (!isZero(fingerprint)) its.fingerprints.set(fingerprint.toString('hex'), digest.toString('hex'));
  }
}

export function unwrapSecret(key: Buffer, wrapped: Buffer, digest: string): Buffer {
  try {
    const unwrap = createDecipheriv('id-aes256-wrap', key, WRAP_IV);
    return Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
  } catch (cause) {
    throw new IntegrityError(
      'KEYSTORE',
      `the key of payload ${digest} is damaged in the keystore: the payload cannot be read, and it has not been altered`,
      cause,
    );
  }
}

/** With its secret; `null` where that is damaged: the same bytes are then kept anew. */
export function usable(its: Pick<KeptKey, 'digest' | 'place'>, unwrap: () => Buffer): Omit<KeptKey, 'fingerprint'> | null {
  try {
    return { ...its, secret: unwrap() };
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}

const hex = (digest: string | null): Buffer => (digest === null ? NONE : Buffer.from(digest, 'hex'));
const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);
