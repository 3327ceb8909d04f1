import { mkdirSync } from 'node:fs';
import { ConfigurationError, IntegrityError, TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { DESCRIPTION, parseDescription } from '../log/description.ts';
import type { Payload } from '../log/statement.ts';
import { verifyLog } from '../verify/log.ts';
import type { Archive } from './archive.ts';
import { ArchiveReader } from './archive-reader.ts';
import { die, takeLock } from './folder.ts';
import { admit, confirm, noteDoubt, settle, sweep } from './disk.ts';
import { type Files, FsyncFailed } from './files.ts';
import { grouped } from './grouped.ts';
import { Keys } from './keys.ts';
import type { MasterKey } from './master-key.ts';
import { hasLock, isMoved, markMoved, moveIn } from './moved.ts';
import type { Objects, PublicPlace } from './objects.ts';
import { follow, type Means, type Order, type Told } from './orders.ts';
import { Payloads } from './payloads.ts';
import { noteWhole, scrub, scrubbed } from './scrub.ts';
import { hasKey, type KeyEncryption, LOCAL } from './keystore.ts';
import { SharedKeystore, type SharedSecrets, sharedSecrets } from './shared-keys.ts';
import type { SharedState } from './shared-state.ts';
import type { Place } from './place.ts';
import { Writer } from './writer.ts';

export interface SharedOptions {
  /** The state folder of this process: `.tickmark` of a workspace. */
  readonly files: Files;
  /** Where the public files lie, where that is not this folder. */
  readonly place?: PublicPlace;
  /** What the processes share, by the origin of the log; of the empty name, the turn to make one. */
  readonly shared: (origin: string) => SharedState;
  readonly masterKey: MasterKey;
  /** What wraps the keys of eras. The master key alone, unless said. */
  readonly encryption?: (origin: string) => KeyEncryption;
  readonly clock: () => Instant;
  /** Name of a log that is to be made where there is none. Without it, none is made. */
  readonly origin?: string;
  /** What to do when the disk did not confirm a write. Ends the process unless said. */
  readonly abort?: (error: unknown) => never;
}

/** So often a batch is tried where another process was faster, or the database is away for a moment. */
const ATTEMPTS = 6;

/**
 * Opens the archive of a log that any number of processes write, by turns that a database gives. Makes the log first if
 * an origin is given, and moves one in that the folder's own lock guarded before.
 */
export async function openSharedArchive({ files, place, shared, masterKey, encryption, clock, origin, abort = die }: SharedOptions): Promise<Archive> {
  mkdirSync(files.root, { recursive: true, mode: 0o700 });
  const objects = place?.objects ?? files;
  const existing = await nameOf(objects);
  if (existing === null) await place?.admit();
  if (existing === null && origin === undefined)
    throw new ConfigurationError(`there is no log in ${files.root}. Run "tickmark init" there, or name another folder with --workspace.`);
  const name = existing ?? (await shared('').turn(() => make(origin ?? '', { files, place, objects, shared, masterKey })));
  const state = shared(name);
  await place?.share?.(state.versions);
  const secrets = sharedSecrets(name, state.secrets, masterKey);
  const wrapping = encryption?.(name) ?? LOCAL;
  const keystore = new SharedKeystore(secrets, state.payloadKeys, wrapping);
  const keys = await Keys.open(objects, secrets);
  if (!keys) throw new ConfigurationError(`the log in ${files.root} has been moved away meanwhile; try again`);
  await admitted({ files, objects, state, secrets, keystore, keys, encryption: wrapping });
  await keys.readable(); // a wrong master key is said at once, not when the first record comes

  const reading = place?.reading ?? files;
  const payloads = new Payloads(reading, keystore);
  const reader = new ArchiveReader(
    reading,
    () => keys.verifier,
    payloads,
    () => keys.learn(),
  );
  await place?.admit();
  const write = writing({ objects, coordination: state.coordination, keys, payloads, clock }, { reader, keystore, objects: reading }, state, files, abort);
  const { append, alone, idle } = grouped((drafts) => write({ order: 'append', drafts }) as Promise<readonly number[]>);
  const about = () => reader.about();
  const verify = async (progress?: (done: number, of: number) => void) => {
    place?.problems(); // those of earlier reading are found again, if they are still there
    const options = { ...(progress ? { progress } : {}), hasKey: (era: string, payload: Payload) => hasKey(keystore, era, payload) };
    const verification = await verifyLog(objects, options);
    return { ...verification, problems: [...verification.problems, ...(place?.problems() ?? [])] };
  };
  return {
    origin: name,
    get verifierKey() {
      return keys.description.verifierKey;
    },
    files: reading,
    get verifier() {
      return keys.verifier;
    },
    secret: (payload) => payloads.secret(payload),
    append,
    checkpoint: () => reader.checkpoint(),
    record: (index) => reader.record(index),
    records: (from) => reader.records(from),
    payload: (payload) => reader.payload(payload),
    bytes: (payload) => reader.bytes(payload),
    envelope: (index) => reader.envelope(index),
    entry: (index) => reader.entry(index),
    proof: (index) => reader.proof(index),
    statements: (from) => reader.statements(from),
    about,
    destroy: (planned) => alone(() => write({ order: 'destroy', planned })) as Promise<string | null>,
    erase: (planned) => alone(async () => void (await write({ order: 'erase', planned }))),
    rotateKey: (who, overlap) =>
      alone(() =>
        write(who === 'log' ? { order: 'rotate', role: 'log', who: '', overlap } : { order: 'rotate', role: 'statement', who: who.statements, overlap }),
      ) as Promise<number>,
    retireKey: () => alone(() => write({ order: 'retire' })) as Promise<number | null>,
    scrub: (budget) => scrub({ objects, keystore, verifier: keys.verifier, clock, about }, budget),
    scrubbed: () => scrubbed(objects),
    verify,
    async fsck(progress) {
      const startedAt = clock();
      const verification = await verify(progress);
      await noteWhole(objects, verification, { startedAt, finishedAt: clock() });
      return verification;
    },
    async close() {
      await idle();
      place?.close();
    },
  };
}

async function nameOf(objects: Objects): Promise<string | null> {
  const bytes = await objects.read(DESCRIPTION);
  return bytes && parseDescription(bytes).origin;
}

type Making = Pick<SharedOptions, 'files' | 'shared' | 'masterKey'> & { readonly place: PublicPlace | undefined; readonly objects: Objects };

/** The caller has the turn to make one: another process may have made it meanwhile. */
async function make(origin: string, { files, place, objects, shared, masterKey }: Making): Promise<string> {
  const existing = await nameOf(objects);
  if (existing !== null) return existing;
  const { coordination, secrets, versions } = shared(origin);
  const committed = await coordination.committed();
  if (committed && !(isEmpty(committed) && (await isMoved(files)) && (await objects.list('log/checkpoints')).every((name) => Number(name.slice(0, 20)) === 0)))
    throw new ConfigurationError(`the database holds a log called ${origin}, and its files are not in ${files.root}. Put them back from a backup.`);
  await markMoved(files, origin);
  await place?.share?.(versions); // before the first locked file is written
  const keys = await Keys.create(objects, sharedSecrets(origin, secrets, masterKey), origin);
  await Writer.initialize(objects, coordination, keys);
  await keys.publish();
  return origin;
}

/** Whether it is the checkpoint of an empty log: making one was cut short here. */
const isEmpty = (note: Buffer): boolean => note.toString('utf8').split('\n')[1] === '0';

interface Found {
  readonly files: Files;
  readonly objects: Objects;
  readonly state: SharedState;
  readonly secrets: SharedSecrets;
  readonly keystore: SharedKeystore;
  readonly keys: Keys;
  readonly encryption: KeyEncryption;
}

/** Nothing is written until database and files are of one log. */
async function admitted({ files, objects, state, secrets, keystore, keys, encryption }: Found): Promise<void> {
  const { origin } = keys.description;
  if ((await state.coordination.committed()) && !(await hasLock(files))) return;
  await state.turn(async () => {
    if (await hasLock(files)) {
      const unlock = takeLock(files.root);
      if (!unlock)
        throw new ConfigurationError(
          `another process writes the log in ${files.root} without the database. Stop it, and try again: the log is then moved into the database.`,
        );
      try {
        if (await state.coordination.committed()) await keys.logSigner(); // the database must hold this log before the folder's keys are destroyed
        return await moveIn(files, { origin, coordination: state.coordination, secrets, keystore, encryption });
      } finally {
        unlock();
      }
    }
    if (await state.coordination.committed()) return undefined;
    const begun = (await objects.read('log/checkpoint')) !== null || !(await secrets.read('keys/log.pem'));
    if (begun) throw unknown(files.root, origin, await isMoved(files));
    await markMoved(files, origin);
    return Writer.initialize(objects, state.coordination, keys); // the process that made the log was cut short
  });
}

const unknown = (root: string, origin: string, moved: boolean): ConfigurationError =>
  new ConfigurationError(
    `the database that DATABASE_URL names does not hold the log ${origin}, whose files are in ${root}${moved ? ', and which is written by way of a database' : ''}. Name the database that holds it, or restore that from a backup.`,
  );

/** Seals a batch in a turn. A writer is kept from one turn to the next, and takes in what others have written. */
function writing(place: Place, rest: Pick<Means, 'reader' | 'keystore' | 'objects'>, state: SharedState, files: Files, abort: (error: unknown) => never) {
  let writer: Writer | null = null;

  return async (order: Order): Promise<Told> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { told, kept } = await state.turn(() => inTurn(order));
        if (!kept) await state.turn(async () => void (await Writer.open(place)));
        return told;
      } catch (error) {
        writer = null; // what is in memory may be ahead of what was committed: read it again
        if (error instanceof FsyncFailed) {
          noteDoubt(files.root);
          abort(error);
        }
        if (!isPassing(error) || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** (attempt - 1)));
      }
    }
  };

  async function inTurn(order: Order): Promise<{ readonly told: Told; readonly kept: boolean }> {
    const its = await opened(writer);
    writer = its;
    const told = await follow(order, { ...place, ...rest, writer: its }).catch((error: unknown) => overtaken(its, error));
    await its.tidied(); // within the turn
    // Where the turn was lost while this was published, others have written, and the older pointer may now stand over theirs.
    return { told, kept: await its.isCurrent() };
  }

  async function opened(there: Writer | null): Promise<Writer> {
    if (there) {
      await there.refresh();
      return there;
    }
    await admit(files);
    await confirm(files);
    await sweep(files);
    await place.keys.refresh();
    const writer = await Writer.open(place);
    await settle(files, place.objects);
    return writer;
  }
}

/** Who has lost its turn, and does not know yet, may find the files of another before its own commit is refused. */
async function overtaken(writer: Writer, error: unknown): Promise<never> {
  const isThere = error instanceof IntegrityError && error.code === 'IMMUTABLE';
  if (isThere && !(await writer.isCurrent())) throw new IntegrityError('RACE', 'another process has written to the log: what it wrote is there already', error);
  throw error;
}

/** Every draft has its id, so to try again seals nothing twice. */
const isPassing = (error: unknown): boolean => error instanceof TickmarkError && (error.code === 'RACE' || error.code === 'UNREACHABLE');
