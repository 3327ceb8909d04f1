import { mkdirSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { Files, FsyncFailed } from '../evidence/files.ts';
import { die } from '../evidence/folder.ts';
import { type AddCheckpoint, parseAddCheckpoint } from '../log/add-checkpoint.ts';
import { type Checkpoint, checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { cosign, cosignatures, mergeLines, witnessKey, witnessSigner } from '../log/cosignature.ts';
import { EMPTY_ROOT, sha256hex, verifyConsistency } from '../log/merkle.ts';
import { type NoteSigner, type NoteVerifier, parseNote, parseVerifierKey, signaturesOf, verifierKey } from '../log/note.ts';
import { takeFolder } from '../evidence/exclusive.ts';

/** What a witness says over HTTP. */
export interface Said {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 503;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** A witness of C2SP tlog-witness: it remembers the last checkpoint of each log, and signs only what continues it. */
export interface Cosigner {
  readonly vkey: string;
  /** Keys of the logs that it knows. */
  readonly logs: readonly string[];
  /** `add-checkpoint`. What it signs is on the disk before this resolves. */
  add(body: Buffer): Promise<Said>;
  /** The last cosigned note of the log whose origin has this SHA-256 in hexadecimal; `null` where there is none. */
  latest(origin: string): Promise<string | null>;
  close(): void;
}

export interface CosignerOptions {
  /** Its own folder: key, known logs, and the last checkpoint of each. */
  readonly dir: string;
  /** Its name, where it has no key yet: `auditor.example/witness`. */
  readonly name: string | undefined;
  /** Keys of logs that it shall know from now on. */
  readonly logs: readonly string[];
  readonly clock: () => Instant;
  /** Ends the process where the disk did not confirm what is to be signed: it could be asked again, and say that it had. */
  readonly abort?: (error: unknown) => never;
}

interface Running {
  readonly clock: () => Instant;
  release(): void;
  abort(error: unknown): never;
}

const KEY = 'witness.pem';
const NAME = 'name';
const LOGS = 'logs';
/** Checkpoints that were refused: so many of each log are kept that may prove that it lied, and as many that do. */
const REFUSED = 200;

/** Opens the witness in a folder; makes its key first where there is none. */
export async function openCosigner({ dir, name, logs, clock, abort = die }: CosignerOptions): Promise<Cosigner> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const release = takeFolder(dir, 'process.lock');
  if (!release) throw new ConfigurationError(`another process is the witness in ${dir}: two would sign past each other.`);
  try {
    const files = new Files(dir);
    await files.anchor();
    await files.confirm(['', 'checkpoints']); // of a witness that was killed, what it last signed may be in memory alone
    const witness = await openKey(files, dir, name);
    const known = await openLogs(files, logs);
    return serve(files, witness, known, { clock, release, abort });
  } catch (error) {
    release();
    throw error;
  }
}

async function openKey(files: Files, dir: string, name: string | undefined): Promise<NoteSigner> {
  const [pem, named] = [await files.read(KEY), (await files.read(NAME))?.toString('utf8').trim()];
  if (pem && named !== undefined) {
    if (name !== undefined && name !== named) throw new ConfigurationError(`the witness in ${dir} is called ${named}, not ${name}: a witness keeps its name.`);
    return witnessSigner(named, pem.toString('utf8'));
  }
  if (name === undefined || !/^[^+\s]+$/.test(name))
    throw new ConfigurationError('a new witness needs a name without spaces or "+", as a rule an address without its scheme: --name auditor.example/witness');
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await files.replace(NAME, Buffer.from(`${name}\n`)); // first: a key without its name would be another witness
  await files.replace(KEY, Buffer.from(made), 0o600);
  return witnessSigner(name, made);
}

async function openLogs(files: Files, more: readonly string[]): Promise<readonly NoteVerifier[]> {
  const before = ((await files.read(LOGS))?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');
  const all = [...new Set([...before, ...more])];
  const read = all.map((vkey) => {
    try {
      return parseVerifierKey(vkey);
    } catch (cause) {
      throw new ConfigurationError(`${vkey}: not the key of a log. It stands in its log.json, under "verifierKey".`, cause);
    }
  });
  if (read.length === 0) throw new ConfigurationError('a witness needs to know a log: --log KEY, or --log FILE with a log.json.');
  if (all.length > before.length) await files.replace(LOGS, Buffer.from(`${all.join('\n')}\n`));
  return read;
}

/** What the witness signed last of a log, and when. */
interface Remembered extends Checkpoint {
  readonly at: Instant;
  readonly note: Buffer;
}

function serve(files: Files, witness: NoteSigner, logs: readonly NoteVerifier[], { clock, release, abort }: Running): Cosigner {
  const queues = new Map<string, Promise<unknown>>();
  return {
    vkey: witnessKey(witness),
    logs: logs.map((log) => verifierKey(log)),

    async add(body) {
      let request: AddCheckpoint;
      let origin: string;
      try {
        request = parseAddCheckpoint(body);
        origin = parseNote(Buffer.from(request.note)).text.split('\n')[0] ?? '';
      } catch (error) {
        return refusal(400, error);
      }
      const its = logs.filter(({ name }) => name === origin);
      if (its.length === 0) return plain(404, 'the log is not known here');
      const checkpoint = verified(request.note, its);
      if (!checkpoint) return plain(403, 'the checkpoint is not signed by a key that is known of this log');
      if (request.old > checkpoint.size) return plain(400, 'the old size is larger than the checkpoint');
      // Comparing and remembering is one step for each log: else a smaller checkpoint, compared before a larger one was
      // remembered and remembered after it, would roll the log back.
      const turn = (queues.get(origin) ?? Promise.resolve()).then(() => decide(request, checkpoint, its));
      queues.set(
        origin,
        turn.catch(() => undefined),
      );
      return turn;
    },

    async latest(origin) {
      for (const [name, turn] of queues) if (sha256hex(Buffer.from(name)) === origin) await turn; // nothing is shown that the disk has not confirmed
      return /^[0-9a-f]{64}$/.test(origin) ? ((await files.read(`checkpoints/${origin}`))?.toString('utf8') ?? null) : null;
    },

    close: release,
  };

  async function decide({ old, proof, note }: AddCheckpoint, checkpoint: Checkpoint, its: readonly NoteVerifier[]): Promise<Said> {
    const path = `checkpoints/${sha256hex(Buffer.from(checkpoint.origin))}`;
    const last = await remembered(path, its);
    if (old !== (last?.size ?? 0)) return { status: 409, contentType: 'text/x.tlog.size', body: `${last?.size ?? 0}\n` };
    if (!continues(last, checkpoint, proof)) {
      await keepRefused(note, checkpoint, last);
      return plain(422, `the checkpoint does not continue the one of size ${old} that was signed here`);
    }
    const now = clock();
    if (last !== null && now < last.at) return plain(503, `the clock of the witness stands at ${iso(now)}, before its last signature of ${iso(last.at)}`);
    const { text } = parseNote(Buffer.from(note));
    const line = cosign(text, witness, now);
    // Of what was sent only the signatures of the log are kept: others are not ours to vouch for.
    const own = onlyOf(note, its);
    await files.replace(path, Buffer.from(mergeLines(own, `${text}\n${line}\n`))).catch((error: unknown) => {
      throw error instanceof FsyncFailed ? abort(error) : error;
    });
    return plain(200, line);
  }

  async function remembered(path: string, its: readonly NoteVerifier[]): Promise<Remembered | null> {
    const bytes = await files.read(path);
    if (!bytes) return null;
    const [cosignature] = cosignatures(bytes, [witness]);
    const checkpoint = verified(bytes.toString('utf8'), its);
    if (!cosignature || !checkpoint) throw new IntegrityError('WITNESS', `${path} is not what this witness has signed: its folder was changed`);
    return { ...checkpoint, at: cosignature.at, note: bytes };
  }

  /**
   * Two roots of one size prove by themselves that a log lied: both notes are kept. Any other may have come with a wrong
   * proof, by whoever can read it, and tells more only where the log is seen.
   */
  async function keepRefused(note: string, checkpoint: Checkpoint, last: Remembered | null): Promise<void> {
    const isSame = last?.size === checkpoint.size;
    if (isSame && last.root.equals(checkpoint.root)) return; // what was signed already, with a proof where none belongs
    const folder = `${isSame ? 'forks' : 'refused'}/${sha256hex(Buffer.from(checkpoint.origin))}`;
    const name = `${folder}/${checkpointName(checkpoint)}`;
    if ((await files.list(folder)).length >= REFUSED || (await files.read(name))) return;
    if (isSame) await files.replace(`${folder}/${checkpointName(last)}`, last.note);
    await files.replace(name, Buffer.from(note));
  }
}

/** By any of the keys that are known of a log; a bad signature of one of them refuses the note whole. */
function verified(note: string, keys: readonly NoteVerifier[]): Checkpoint | null {
  const parsed = parseNote(Buffer.from(note));
  const signed = keys.filter((key) => signaturesOf(parsed, key).length > 0);
  try {
    return signed.map((key) => readCheckpoint(Buffer.from(note), key))[0] ?? null;
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return null;
  }
}

function continues(last: Checkpoint | null, { size, root }: Checkpoint, proof: AddCheckpoint['proof']): boolean {
  if (size === 0 && !root.equals(EMPTY_ROOT)) return false;
  if (last === null || last.size === 0) return proof.length === 0;
  return verifyConsistency(last.size, size, proof, last.root, root);
}

function onlyOf(note: string, keys: readonly NoteVerifier[]): string {
  const { text, signatures } = parseNote(Buffer.from(note));
  const lines = note.slice(text.length + 1, -1).split('\n');
  const ours = lines.filter((_, place) => keys.some(({ name, keyId }) => signatures[place]?.name === name && signatures[place]?.keyId.equals(keyId)));
  return `${text}\n${ours.map((line) => `${line}\n`).join('')}`;
}

const plain = (status: Said['status'], says: string): Said => ({ status, contentType: 'text/plain; charset=utf-8', body: `${says}\n` });
const refusal = (status: 400, error: unknown): Said => {
  if (!(error instanceof IntegrityError)) throw error;
  return plain(status, error.message);
};
