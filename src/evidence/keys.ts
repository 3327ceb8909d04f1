import { generateKeyPairSync } from 'node:crypto';
import { type NoteSigner, noteSigner, type NoteVerifier, parseVerifierKey, verifierKey } from '../log/note.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Files } from './files.ts';
import { type StatementSigner, statementSigner } from './statement.ts';

/** What a verifier needs of a log: its name, its key, and the keys that may sign statements. Public. */
export interface LogDescription {
  readonly format: 1;
  readonly origin: string;
  readonly verifierKey: string;
  /** SPKI, base64, by who signs with it: a collector's id, or `workspace`. */
  readonly statementKeys: Readonly<Record<string, string>>;
}

const DESCRIPTION = 'log/log.json';
const PRIVATE = 0o600;

/** The private keys of a workspace, in files that only their owner reads. */
export class Keys {
  readonly #files: Files;
  #description: LogDescription;
  readonly #signers = new Map<string, StatementSigner>();

  private constructor(files: Files, description: LogDescription) {
    this.#files = files;
    this.#description = description;
  }

  /** A log has its keys before it has its description: see {@link Keys.publish}. */
  static async create(files: Files, origin: string): Promise<Keys> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await files.replace('keys/log.pem', Buffer.from(pem), PRIVATE);
    const description: LogDescription = { format: 1, origin, verifierKey: verifierKey(noteSigner(origin, pem)), statementKeys: {} };
    return new Keys(files, description);
  }

  /** Writes the description, by which a log is known. */
  publish(): Promise<void> {
    return this.#files.replace(DESCRIPTION, json(this.#description));
  }

  /** `null` where there is no log yet. */
  static async open(files: Files): Promise<Keys | null> {
    const bytes = await files.read(DESCRIPTION);
    if (!bytes) return null;
    return new Keys(files, parseDescription(bytes));
  }

  get description(): LogDescription {
    return this.#description;
  }

  get verifier(): NoteVerifier {
    return parseVerifierKey(this.#description.verifierKey);
  }

  async logSigner(): Promise<NoteSigner> {
    const pem = await this.#files.read('keys/log.pem');
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
    const there = await this.#files.read(path);
    const pem = there?.toString() ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    if (!there) await this.#files.replace(path, Buffer.from(pem), PRIVATE);
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

export function parseDescription(bytes: Buffer): LogDescription {
  try {
    const description = JSON.parse(bytes.toString('utf8')) as LogDescription;
    if (description.format !== 1) throw new RangeError(`format ${String(description.format)}`);
    const { name } = parseVerifierKey(String(description.verifierKey));
    if (description.origin !== name) throw new RangeError(`origin ${String(description.origin)}, and the key is of ${name}`);
    const named: unknown = description.statementKeys;
    if (typeof named !== 'object' || named === null || Array.isArray(named) || !Object.values(named).every((key) => typeof key === 'string'))
      throw new RangeError('statementKeys does not name keys');
    return description;
  } catch (cause) {
    throw new IntegrityError('DESCRIPTION', 'log/log.json cannot be read: it names the key of the log, so nothing can be verified without it', cause);
  }
}

const json = (description: LogDescription): Buffer => Buffer.from(`${JSON.stringify(description, null, 2)}\n`);
