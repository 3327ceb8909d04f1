import { randomBytes } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import { fingerprintOf, type KeptKey, type KeyEncryption, type Keystore, LOCAL } from './keystore.ts';
import type { MasterKey } from './master-key.ts';
import type { Secrets } from './objects.ts';
import type { PayloadKeyRow, PayloadKeyRows, SecretRows } from './shared-state.ts';
import { unwrapSecret, usable, wrapSecrets } from './wrap.ts';

/** Secrets of a log in a database, under the master key. Another one than is there is never put over it: whoever comes late takes the one that stands. */
export type SharedSecrets = Pick<Secrets, 'read' | 'replace' | 'overwrite'> & { remove(path: string): Promise<void> };

export function sharedSecrets(origin: string, rows: SecretRows, master: MasterKey): SharedSecrets {
  const what = (path: string) => secretName(origin, path);
  return {
    async read(path) {
      const wrapped = await rows.read(path);
      return wrapped ? master.unwrap(what(path), wrapped) : null;
    },
    async replace(path, bytes) {
      if (await rows.make(path, master.wrap(what(path), bytes))) return;
      const there = await rows.read(path);
      if (!there || !master.unwrap(what(path), there).equals(bytes)) throw new IntegrityError('RACE', `another process has made ${path} meanwhile`);
    },
    overwrite: (path) => rows.remove(path), // what is overwritten in a file is deleted here
    remove: (path) => rows.remove(path),
  };
}

/** What a secret is wrapped as: it opens under this name alone. */
export const secretName = (origin: string, path: string): string => `the secret ${path} of ${origin}`;

/** The same secret, wrapped by another master key. Throws as {@link MasterKey.unwrap} does. */
export function rewrapped(origin: string, path: string, bytes: Buffer, from: MasterKey, to: MasterKey): Buffer {
  const name = secretName(origin, path);
  return to.wrap(name, from.unwrap(name, bytes));
}

const eraPath = (era: string): string => `keys/payloads/${era}/key`;
const receiptPath = (era: string): string => `keys/payloads/${era}/receipt`;

/** A keystore in a database: a row for each payload, wrapped by the key of its era, which is a secret of the log. */
export class SharedKeystore implements Keystore {
  readonly #secrets: SharedSecrets;
  readonly #rows: PayloadKeyRows;
  readonly #encryption: KeyEncryption;
  readonly #eras = new Map<string, Buffer>();

  constructor(secrets: SharedSecrets, rows: PayloadKeyRows, encryption: KeyEncryption = LOCAL) {
    this.#secrets = secrets;
    this.#rows = rows;
    this.#encryption = encryption;
  }

  async fingerprint(era: string, sha256: string): Promise<string> {
    return fingerprintOf(await this.#begun(era), sha256);
  }

  async known(era: string, fingerprint: string): Promise<Omit<KeptKey, 'fingerprint'> | null> {
    const row = await this.#rows.byFingerprint(era, fingerprint);
    const key = row && (await this.#opened(era));
    return key && usable({ digest: row.digest, place: row.place }, () => unwrapSecret(key, row.wrapped, row.digest));
  }

  async add(era: string, keys: readonly KeptKey[]): Promise<void> {
    if (keys.length === 0) return;
    const key = await this.#begun(era);
    const secrets = keys.map(({ secret }) => secret);
    const wrapped = wrapSecrets(key, secrets).values();
    const rows = keys.map(({ digest, fingerprint, place }): PayloadKeyRow => ({ digest, fingerprint, place, wrapped: wrapped.next().value as Buffer }));
    await this.#rows.add(era, rows);
  }

  async secret(era: string, digest: string): Promise<Buffer | null> {
    const row = await this.#rows.byDigest(era, digest);
    const key = row && (await this.#opened(era));
    return key && unwrapSecret(key, row.wrapped, digest);
  }

  digests(era: string): Promise<readonly string[]> {
    return this.#rows.digests(era);
  }

  async destroy(era: string, digests: readonly string[] | 'all', at: Buffer | null = null): Promise<string | null> {
    await this.#rows.remove(era, digests, at);
    if (digests !== 'all') return null;
    const wrapped = await this.#secrets.read(eraPath(era));
    if (wrapped) {
      const receipt = await this.#encryption.destroy(era, wrapped);
      // Kept before the last trace of the key goes: whoever is interrupted here is told of it again.
      if (receipt !== null) await this.keepReceipt(era, receipt);
    }
    await this.#secrets.remove(eraPath(era));
    this.#eras.delete(era);
    return this.#receipt(era);
  }

  /** What a key service said of the key of an era when it was destroyed. The first word stands. */
  async keepReceipt(era: string, receipt: string): Promise<void> {
    if ((await this.#receipt(era)) === null) await this.#secrets.replace(receiptPath(era), Buffer.from(receipt), 0);
  }

  async #receipt(era: string): Promise<string | null> {
    return (await this.#secrets.read(receiptPath(era)))?.toString('utf8') ?? null;
  }

  /** Takes over an era that was begun elsewhere, with its own key: by that its payloads are found again. */
  async adopt(era: string, key: Buffer, keys: readonly KeptKey[]): Promise<void> {
    const there = await this.#opened(era);
    if (there && !there.equals(key)) throw new IntegrityError('KEYSTORE', `the database holds another key of ${era} than the folder`);
    if (!there) await this.#secrets.replace(eraPath(era), await this.#encryption.wrap(era, key), 0);
    await this.add(era, keys);
  }

  /** The key of the era, made if there is none: only a writer asks. */
  async #begun(era: string): Promise<Buffer> {
    const there = await this.#opened(era);
    if (there) return there;
    await this.#secrets.replace(eraPath(era), await this.#encryption.wrap(era, randomBytes(32)), 0);
    return this.#begun(era);
  }

  async #opened(era: string): Promise<Buffer | null> {
    const known = this.#eras.get(era);
    if (known) return known;
    const wrapped = await this.#secrets.read(eraPath(era));
    if (!wrapped) return null;
    const key = await this.#encryption.unwrap(era, wrapped);
    this.#eras.set(era, key);
    return key;
  }
}
