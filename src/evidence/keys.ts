import { generateKeyPairSync } from 'node:crypto';
import { type NoteSigner, noteSigner, type NoteVerifier, parseVerifierKey, verifierKey } from '../log/note.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type StatementSigner, statementSigner } from '../log/statement.ts';
import { DESCRIPTION, FORMAT, type LogDescription, parseDescription } from '../log/description.ts';
import type { Objects, Secrets } from './objects.ts';

type KeySecrets = Pick<Secrets, 'read' | 'replace'>;

const PRIVATE = 0o600;

/** The private keys of a workspace: in files that only their owner reads, or wrapped in a database. */
export class Keys {
  readonly #objects: Objects;
  readonly #secrets: KeySecrets;
  #description: LogDescription;
  readonly #signers = new Map<string, StatementSigner>();

  private constructor(objects: Objects, secrets: KeySecrets, description: LogDescription) {
    this.#objects = objects;
    this.#secrets = secrets;
    this.#description = description;
  }

  /** A log has its keys before it has its description: see {@link Keys.publish}. */
  static async create(objects: Objects, secrets: KeySecrets, origin: string): Promise<Keys> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await secrets.replace('keys/log.pem', Buffer.from(pem), PRIVATE);
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

  /** Reads the description again: another process may have published further keys. Those that this one has published stay there. */
  async refresh(): Promise<void> {
    const bytes = await this.#objects.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', 'log/log.json is missing: the log has been moved or damaged');
    const now = parseDescription(bytes);
    if (now.verifierKey !== this.#description.verifierKey) throw new IntegrityError('KEY', 'log/log.json names another key of the log than it did');
    const statementKeys = { ...this.#description.statementKeys, ...now.statementKeys };
    this.#description = { ...now, statementKeys };
    // Lost where a process that had not known of them wrote after it had lost its turn.
    if (Object.keys(statementKeys).length > Object.keys(now.statementKeys).length) await this.#objects.replace(DESCRIPTION, json(this.#description));
  }

  get description(): LogDescription {
    return this.#description;
  }

  get verifier(): NoteVerifier {
    return parseVerifierKey(this.#description.verifierKey);
  }

  async logSigner(): Promise<NoteSigner> {
    const pem = await this.#secrets.read('keys/log.pem');
    if (!pem)
      throw new ConfigurationError(
        'keys/log.pem is missing from the state folder: nothing can be sealed without the key of the log. Put it back from a backup; the log still verifies.',
      );
    const signer = noteSigner(this.#description.origin, pem.toString());
    if (verifierKey(signer) !== this.#description.verifierKey) throw new IntegrityError('KEY', 'keys/log.pem is not the key that log/log.json names');
    return signer;
  }

  /** The key of one collector, made when it is first needed and published before it is first used. */
  async statementSigner(who: string): Promise<StatementSigner> {
    const known = this.#signers.get(who);
    if (known) return known;
    const path = `keys/${encodeURIComponent(who)}.pem`;
    const there = await this.#secrets.read(path);
    const pem = there?.toString() ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
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

const json = (description: LogDescription): Buffer => Buffer.from(`${JSON.stringify(description, null, 2)}\n`);
