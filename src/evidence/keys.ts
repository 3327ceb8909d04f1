import { generateKeyPairSync } from 'node:crypto';
import { checkpointName, type LogVerifier, signCheckpoint } from '../log/checkpoint.ts';
import { type KeyHead, periodsOf } from '../log/disposal.ts';
import { EMPTY_ROOT } from '../log/merkle.ts';
import { type NoteSigner, noteSigner, verifierKey } from '../log/note.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type StatementSigner, statementSigner } from '../log/statement.ts';
import { type DescribedKey, DESCRIPTION, FORMAT, type LogDescription, logVerifier, parseDescription } from '../log/description.ts';
import type { Objects, Secrets } from './objects.ts';

type KeySecrets = Pick<Secrets, 'read' | 'replace' | 'overwrite'>;

const PRIVATE = 0o600;
const LOG = 'keys/log.pem';
const LOG_NEXT = 'keys/log.next.pem';
const statementPath = (who: string): string => `keys/${encodeURIComponent(who)}.pem`;
const nextPath = (who: string): string => `keys/${encodeURIComponent(who)}.next.pem`;

/** The private keys of a workspace: in files that only their owner reads, or wrapped in a database. */
export class Keys {
  readonly #objects: Objects;
  readonly #secrets: KeySecrets;
  #description: LogDescription;
  #verifier: { readonly of: LogDescription; readonly verifier: LogVerifier } | null = null;
  readonly #signers = new Map<string, StatementSigner>();
  readonly #parsed = new Map<string, NoteSigner>();

  private constructor(objects: Objects, secrets: KeySecrets, description: LogDescription) {
    this.#objects = objects;
    this.#secrets = secrets;
    this.#description = description;
  }

  /** A log has its keys before it has its description: see {@link Keys.publish}. Where making it was interrupted once it had signed the empty log, its key stays. */
  static async create(objects: Objects, secrets: KeySecrets, origin: string): Promise<Keys> {
    const there = await secrets.read(LOG);
    const begun = there && !isZero(there) && (await hasSigned(objects, noteSigner(origin, there.toString()))) ? there.toString() : null;
    if (there && begun === null) await secrets.overwrite(LOG, 0, there); // of another log, or of none
    const pem = begun ?? newLogKey();
    await secrets.replace(LOG, Buffer.from(pem), PRIVATE);
    const description: LogDescription = { format: FORMAT, origin, verifierKey: verifierKey(noteSigner(origin, pem)), statementKeys: {} };
    return new Keys(objects, secrets, description);
  }

  /** Writes the description, by which a log is known. */
  publish(): Promise<void> {
    return this.#objects.replace(DESCRIPTION, json(this.#description));
  }

  /** `null` where there is no log yet. */
  static async open(objects: Objects, secrets: KeySecrets): Promise<Keys | null> {
    const bytes = await objects.read(DESCRIPTION);
    return bytes ? new Keys(objects, secrets, parseDescription(bytes)) : null;
  }

  /** Reads the description again: another process may have published further keys. Those that this one has published stay there. The caller holds the turn. */
  async refresh(): Promise<void> {
    const published = await this.#learn();
    // Lost where a process that had not known of them wrote after it had lost its turn.
    if (Object.keys(this.#description.statementKeys).length > Object.keys(published).length) await this.publish();
  }

  /** Takes in what other processes have published, and writes nothing. Throws `IntegrityError` where that is the key of another log. */
  async learn(): Promise<void> {
    await this.#learn();
  }

  /** Answers the statement keys that are published. */
  async #learn(): Promise<LogDescription['statementKeys']> {
    const bytes = await this.#objects.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', 'log/log.json is missing: the log has been moved or damaged');
    const now = parseDescription(bytes);
    const known = this.#description.verifierKey;
    if (now.verifierKey !== known && !now.periods?.some(({ key }) => key === known))
      throw new IntegrityError('KEY', 'log/log.json names another key of the log than it did');
    this.#description = { ...now, statementKeys: { ...this.#description.statementKeys, ...now.statementKeys } };
    return now.statementKeys;
  }

  get description(): LogDescription {
    return this.#description;
  }

  /** The same for the same description. */
  get verifier(): LogVerifier {
    if (this.#verifier?.of !== this.#description) this.#verifier = { of: this.#description, verifier: logVerifier(this.#description) };
    return this.#verifier.verifier;
  }

  /** The key that verifies the newest checkpoint. */
  async logSigner(): Promise<NoteSigner> {
    const [signer] = await this.#logKeys();
    if (!signer)
      throw new ConfigurationError(
        'keys/log.pem is missing from the state folder: nothing can be sealed without the key of the log. Put it back from a backup; the log still verifies.',
      );
    if (verifierKey(signer) !== this.#description.verifierKey) throw new IntegrityError('KEY', 'keys/log.pem is not the key that log/log.json names');
    return signer;
  }

  /** Throws where no key of the log is there, or none can be read. Which of them signs is settled by whoever writes: a replacement may have been interrupted. */
  async readable(): Promise<void> {
    if ((await this.#logKeys()).length === 0) await this.logSigner();
  }

  /** All that sign a checkpoint of this size: two while one key replaces another. */
  async logSigners(size: number): Promise<readonly NoteSigner[]> {
    const first = await this.logSigner();
    const others = this.verifier.keys.filter((key) => !key.keyId.equals(first.keyId) && key.from <= size && (key.to === null || size < key.to));
    if (others.length === 0) return [first];
    const there = await this.#logKeys();
    return [first, ...others.map((key) => there.find(({ publicKey }) => publicKey.equals(key.publicKey)) ?? missing(LOG_NEXT))];
  }

  async #logKeys(): Promise<readonly NoteSigner[]> {
    const pems = [await this.#secrets.read(LOG), await this.#secrets.read(LOG_NEXT)];
    return pems.flatMap((pem) => (pem && !isZero(pem) ? [this.#logKey(pem.toString())] : []));
  }

  /** Read each time, for it may be gone; taken apart once. */
  #logKey(pem: string): NoteSigner {
    const known = this.#parsed.get(pem);
    if (known) return known;
    if (this.#parsed.size >= 2) this.#parsed.clear(); // one that was replaced is not kept
    const signer = noteSigner(this.#description.origin, pem);
    this.#parsed.set(pem, signer);
    return signer;
  }

  /** Makes the key that is to replace another, unless one was made and not yet used. Answers it as `log.json` writes it. */
  async makeNext(role: KeyHead['role'], who: string): Promise<{ readonly key: string; readonly replaces: string }> {
    const path = role === 'log' ? LOG_NEXT : nextPath(who);
    const there = await this.#secrets.read(path);
    const made = there && !isZero(there) ? there.toString() : null;
    if (there && made === null) await this.#secrets.overwrite(path, 0, there); // in a database its row stands in the way of another
    const pem = made ?? (role === 'log' ? newLogKey() : newStatementKey());
    if (made === null) await this.#secrets.replace(path, Buffer.from(pem), PRIVATE);
    if (role === 'log') return { key: verifierKey(noteSigner(this.#description.origin, pem)), replaces: this.#description.verifierKey };
    const replaces = this.#description.statementKeys[who];
    if (replaces === undefined)
      throw new ConfigurationError(`no key signs for ${who}. There are keys of: ${Object.keys(this.#description.statementKeys).join(', ') || 'nobody yet'}.`);
    return { key: statementSigner(pem).publicKey.toString('base64'), replaces };
  }

  /** Follows what the records of keys say, however far an interrupted replacement had come. */
  async settle(about: Parameters<typeof periodsOf>[0]): Promise<void> {
    const { origin, statementKeys, ...rest } = this.#description;
    const periods = periodsOf(about);
    const standing = (role: DescribedKey['role']) => periods.filter((it) => it.role === role && it.to === null);
    const [log] = standing('log').filter(({ who }) => who === origin);
    const described = {
      ...rest,
      origin,
      verifierKey: log?.key ?? rest.verifierKey,
      statementKeys: { ...statementKeys, ...Object.fromEntries(standing('statement').map(({ who, key }) => [who, key])) },
      ...(periods.length > 0 ? { periods } : {}),
    };
    if (!json(described).equals(json(this.#description))) {
      await this.#objects.replace(DESCRIPTION, json(described));
      this.#description = described;
    }
    await this.#advance(LOG, LOG_NEXT, (pem) => verifierKey(noteSigner(origin, pem)), described.verifierKey);
    for (const { who, key } of standing('statement'))
      await this.#advance(statementPath(who), nextPath(who), (pem) => statementSigner(pem).publicKey.toString('base64'), key);
    this.#signers.clear();
  }

  /** Puts the next key in the place of the one it replaced, once it has. */
  async #advance(path: string, next: string, keyOf: (pem: string) => string, expected: string): Promise<void> {
    const [there, coming] = [await this.#secrets.read(path), await this.#secrets.read(next)];
    if (!coming || isZero(coming) || keyOf(coming.toString()) !== expected) return;
    if (there?.equals(coming) !== true) {
      if (there) await this.#secrets.overwrite(path, 0, Buffer.alloc(there.length)); // nobody signs with it any more
      await this.#secrets.replace(path, coming, PRIVATE);
    }
    await this.#secrets.overwrite(next, 0, Buffer.alloc(coming.length));
  }

  /** Whether {@link Keys.statementSigner} answers without reading or writing. */
  isAtHand(who: string): boolean {
    return this.#signers.has(who);
  }

  /** The key of one collector, made when it is first needed and published before it is first used. */
  async statementSigner(who: string): Promise<StatementSigner> {
    const known = this.#signers.get(who);
    if (known) return known;
    const path = statementPath(who);
    const there = await this.#secrets.read(path);
    const pem = there?.toString() ?? newStatementKey();
    if (!there) await this.#secrets.replace(path, Buffer.from(pem), PRIVATE);
    const signer = statementSigner(pem);
    const published = this.#description.statementKeys[who];
    const key = signer.publicKey.toString('base64');
    if (published !== undefined && published !== key) throw new IntegrityError('KEY', `${path} is not the key that log/log.json names`);
    if (published === undefined) {
      this.#description = { ...this.#description, statementKeys: { ...this.#description.statementKeys, [who]: key } };
      await this.publish();
    }
    this.#signers.set(who, signer);
    return signer;
  }
}

/** The empty log, signed; by one key it is always the same bytes. */
export function emptyLog(signer: NoteSigner): readonly [path: string, note: Buffer] {
  const checkpoint = { origin: signer.name, size: 0, root: EMPTY_ROOT };
  return [`log/checkpoints/${checkpointName(checkpoint)}`, Buffer.from(signCheckpoint(checkpoint, signer))];
}

async function hasSigned(objects: Objects, signer: NoteSigner): Promise<boolean> {
  const [path, note] = emptyLog(signer);
  return (await objects.read(path))?.equals(note) === true;
}

const newLogKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const newStatementKey = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);
const missing = (path: string): never => {
  throw new ConfigurationError(
    `${path} is missing from the state folder: while one key of the log replaces another both must sign. Put it back from a backup; the log still verifies.`,
  );
};
const json = (description: LogDescription): Buffer => Buffer.from(`${JSON.stringify(description, null, 2)}\n`);
