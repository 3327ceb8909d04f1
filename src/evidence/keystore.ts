import { randomBytes } from 'node:crypto';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { keyDigestOf } from '../log/cipher.ts';
import { hmac } from '../log/hmac.ts';
import type { Payload, Place } from '../log/statement.ts';
import { encodeEntries, type KeyEntry, type KeyTable, keyTable, WIDTH } from './key-table.ts';
import type { Secrets } from './objects.ts';
import { unwrapSecret, usable, wrapSecrets } from './wrap.ts';

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
  /** Of bytes by their SHA-256, hex: see {@link fingerprintOf}. */
  fingerprint(era: string, sha256: string): Promise<string>;
  /** What is kept of the same bytes in that era; `null` too where its key is damaged, for then it cannot be read. */
  known(era: string, fingerprint: string): Promise<Omit<KeptKey, 'fingerprint'> | null>;
  /** The fingerprint, and whether the same bytes are known, as far as can be said without waiting; `null` where it cannot. */
  atHand?(era: string, sha256: string): { readonly fingerprint: string; readonly known: boolean } | null;
  /** Durable once it resolves. */
  add(era: string, keys: readonly KeptKey[]): Promise<void>;
  /** `null` where it is not there, or has been destroyed. */
  secret(era: string, digest: string): Promise<Buffer | null>;
  /** Of every payload whose key it holds, SHA-256 of the ciphertext, hex, in no order. Those that no statement names too: a batch that failed has kept them. */
  digests(era: string): Promise<readonly string[]>;
  /**
   * Destroys the keys of these payloads, or of the whole era. Again is fine. Resolves to the receipt of a key service, where one was asked.
   * @param at the committed note of the log that entitles to it: where processes share the keys, none is destroyed once the log has gone on
   */
  destroy(era: string, digests: readonly string[] | 'all', at?: Buffer): Promise<string | null>;
  /** Drops what it remembers: another process may have added or destroyed since. Never while this one adds. */
  forget?(): void;
}

const SAID = Buffer.from('tickmark payload said again v1\n');

/**
 * By which bytes are found again that are kept already: HMAC-SHA-256, hex, of their SHA-256 under a key of the era. The
 * digest was made for the detail anyway; of the bytes themselves it would be one more walk over all that sources say.
 */
export const fingerprintOf = (key: Uint8Array, sha256: string): string => hmac(key, SAID, Buffer.from(sha256, 'hex')).toString('hex');

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
const NONE = Buffer.alloc(32);

interface Era {
  readonly key: Buffer;
  readonly keys: KeyTable;
  /** Secrets that were asked for, by where their entries lie: what a source says again every night is asked for every night. Dropped with the era. */
  readonly asked: Map<number, Buffer>;
  /** Whether an interrupted write left a part of an entry after them. */
  torn: boolean;
}

/** Secrets of an era that are remembered. */
const REMEMBERED = 8192;

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

  async fingerprint(era: string, sha256: string): Promise<string> {
    return fingerprintOf((await this.#begun(era)).key, sha256);
  }

  async known(era: string, fingerprint: string): Promise<Omit<KeptKey, 'fingerprint'> | null> {
    const its = await this.#begun(era);
    const entry = its.keys.byFingerprint(fingerprint);
    return entry && usable({ digest: entry.digest, place: entry.place }, () => secretOf(its, entry));
  }

  atHand(era: string, sha256: string): { readonly fingerprint: string; readonly known: boolean } | null {
    const its = this.#eras.get(era);
    if (!its) return null;
    const fingerprint = fingerprintOf(its.key, sha256);
    return { fingerprint, known: its.keys.hasFingerprint(fingerprint) };
  }

  async add(era: string, keys: readonly KeptKey[]): Promise<void> {
    if (keys.length === 0) return;
    const its = await this.#begun(era);
    const path = `${folder(era)}/entries`;
    const wrapped = wrapSecrets(
      its.key,
      keys.map(({ secret }) => secret),
    );
    const bytes = encodeEntries(keys, wrapped);
    if (its.torn) await this.#secrets.replace(path, ((await this.#secrets.read(path)) ?? NONE).subarray(0, its.keys.size), PRIVATE);
    const from = its.keys.size;
    await this.#secrets.append(path, bytes, PRIVATE);
    its.keys.add(bytes.subarray(its.keys.size - from)); // whoever asked meanwhile may have read some of them
    its.torn = false;
  }

  async secret(era: string, digest: string): Promise<Buffer | null> {
    const its = await this.#opened(era);
    if (!its) return null;
    if (!its.keys.byDigest(digest)) await this.#refresh(era, its); // another process may have kept it since
    const entry = its.keys.byDigest(digest);
    return entry ? secretOf(its, entry) : null;
  }

  async digests(era: string): Promise<readonly string[]> {
    const its = await this.#opened(era);
    if (!its) return [];
    await this.#refresh(era, its);
    return Array.from(its.keys.entries(), ({ digest }) => digest);
  }

  /** All that an era holds, to be kept elsewhere; `null` where it was never begun, or has been destroyed. */
  async all(era: string): Promise<{ readonly key: Buffer; readonly keys: readonly KeptKey[] } | null> {
    const its = await this.#opened(era);
    if (!its) return null;
    const keys = Array.from(its.keys.entries(), ({ digest, fingerprint, wrapped, place }): KeptKey => {
      return { digest, fingerprint, secret: unwrapSecret(its.key, wrapped, digest), place };
    });
    return { key: its.key, keys };
  }

  async destroy(era: string, digests: readonly string[] | 'all'): Promise<string | null> {
    const [keyPath, path] = [`${folder(era)}/key`, `${folder(era)}/entries`];
    const wrapped = await this.#secrets.read(keyPath);
    if (!wrapped || isZero(wrapped)) return this.receipt(era);
    if (digests !== 'all') {
      const its = await this.#opened(era);
      if (its) await this.#refresh(era, its);
      for (const digest of digests) {
        const entry = its?.keys.byDigest(digest);
        if (entry) await this.#secrets.overwrite(path, entry.offset, Buffer.alloc(WIDTH));
      }
      await this.#secrets.confirm([path]); // what was overwritten before may be so in memory alone
      // What an interrupted write left after them may hold a whole key, which no digest names for certain.
      if (its?.torn) await this.#secrets.overwrite(path, its.keys.size, Buffer.alloc(((await this.#secrets.read(path)) ?? NONE).length - its.keys.size));
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

  /** What a key service said of the key of an era when it was destroyed. */
  async receipt(era: string): Promise<string | null> {
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
    const its: Era = { key, keys: keyTable(), asked: new Map(), torn: false };
    await this.#refresh(era, its);
    const there = this.#eras.get(era); // who asked at the same time was faster, and may have added since
    if (there) return there;
    this.#eras.set(era, its);
    return its;
  }

  async #refresh(era: string, its: Era): Promise<void> {
    const bytes = (await this.#secrets.read(`${folder(era)}/entries`)) ?? Buffer.alloc(0);
    const whole = bytes.length - (bytes.length % WIDTH);
    its.keys.add(bytes.subarray(its.keys.size, whole));
    its.torn = whole < bytes.length;
  }
}

/** Throws where it is damaged. Nobody may alter what it gives. */
function secretOf({ key, asked }: Era, { offset, wrapped, digest }: KeyEntry): Buffer {
  const known = asked.get(offset);
  if (known) return known;
  const secret = unwrapSecret(key, wrapped, digest);
  if (asked.size >= REMEMBERED) asked.clear();
  asked.set(offset, secret);
  return secret;
}

const isZero = (bytes: Buffer): boolean => (bytes.length === NONE.length ? bytes.equals(NONE) : bytes.every((byte) => byte === 0));
