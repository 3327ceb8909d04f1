import { canonical, type Json } from '../core/canonical.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { iso } from '../core/instant.ts';
import { type Disposals, disposedBy } from '../log/disposal.ts';
import type { NoteVerifier } from '../log/note.ts';
import { verifyInclusion } from '../log/merkle.ts';
import { LogReader } from '../log/reader.ts';
import { type Head, readVouched, type Unsealed, unsealStatement, vouchAside } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import { AboutLog } from './about-log.ts';
import type { CheckpointSummary, InclusionProof } from './archive.ts';
import type { Objects } from './objects.ts';
import type { Payloads } from './payloads.ts';
import { type Body, bodyOf, headOf, type Kept, type Said, type SealedRecord } from './record.ts';

/** The reading half of an archive: needs no turn, for what is published never changes. */
export class ArchiveReader {
  readonly #objects: Objects;
  readonly #verifier: () => NoteVerifier;
  readonly #learnKeys: () => Promise<void>;
  readonly #payloads: Payloads;
  readonly #about: AboutLog;
  #last: LogReader | null = null;

  /** @param learnKeys reads the keys of the log again, after which `verifier` may be another */
  constructor(objects: Objects, verifier: () => NoteVerifier, payloads: Payloads, learnKeys: () => Promise<void>) {
    this.#objects = objects;
    this.#verifier = verifier;
    this.#learnKeys = learnKeys;
    this.#payloads = payloads;
    this.#about = new AboutLog(objects);
  }

  async checkpoint(): Promise<CheckpointSummary> {
    const { checkpoint } = await this.#newest();
    return { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') };
  }

  async record(index: number): Promise<SealedRecord> {
    const { statement } = await this.#sealed(index);
    return this.#read(statement, disposedBy(await this.about()));
  }

  async *records(from: number): AsyncIterable<SealedRecord> {
    const disposals = disposedBy(await this.about());
    for await (const statement of this.statements(from)) yield await this.#read(statement, disposals);
  }

  /** What the statements say in the open. No key is needed. */
  async *statements(from: number): AsyncIterable<Unsealed> {
    const { size } = await this.checkpoint();
    for (let index = from; index < size; ) {
      const bundle = Math.floor(index / TILE_WIDTH);
      const [entries, statements] = [await this.#log.entries(bundle, size), await this.#log.statements(bundle, size)];
      const end = Math.min(size, (bundle + 1) * TILE_WIDTH);
      const vouched = Array.from({ length: end - index }, (_, place) => {
        const at = index + place;
        const its = vouchAside(at, entries[at % TILE_WIDTH] ?? Buffer.alloc(0), statements[at % TILE_WIDTH] ?? Buffer.alloc(0));
        its.catch(() => undefined); // whoever comes to this record is told
        return its;
      });
      for (const its of vouched) yield readVouched(index++, await its);
    }
  }

  /** The records that speak of the log itself. */
  async about(): Promise<readonly Unsealed[]> {
    return this.#about.upTo(this.#log, (await this.checkpoint()).size);
  }

  /** What was disposed of is not told, even while its key is still there. */
  async payload(payload: Kept): Promise<Uint8Array> {
    const disposed = disposedBy(await this.about()).of(payload.era, payload.digest, 0);
    if (disposed)
      throw new IntegrityError('PAYLOAD_DISPOSED', `payload ${payload.digest} was disposed of in record ${disposed.by} on ${iso(disposed.at).slice(0, 10)}`);
    return this.bytes(payload);
  }

  bytes(payload: Kept): Promise<Uint8Array> {
    return this.#payloads.read(payload);
  }

  async envelope(index: number): Promise<string> {
    return (await this.#sealed(index)).envelope.toString('utf8');
  }

  async entry(index: number): Promise<Uint8Array> {
    return (await this.#sealed(index)).entry;
  }

  async proof(index: number): Promise<InclusionProof> {
    await this.#sealed(index);
    const { checkpoint, note } = await this.#newest();
    const { leaf, hashes } = await this.#log.inclusion(index, checkpoint.size);
    if (!verifyInclusion(leaf, index, checkpoint.size, hashes, checkpoint.root))
      throw new IntegrityError('INCLUSION', `record ${index} does not lead to the signed root`);
    return {
      index,
      leafHash: leaf.toString('base64'),
      hashes: hashes.map((hash) => hash.toString('base64')),
      checkpoint: { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
      note,
    };
  }

  /** Where no key that is known signs it, whoever writes may have replaced the key since. */
  async #newest(): ReturnType<LogReader['checkpoint']> {
    try {
      return await this.#log.checkpoint();
    } catch (error) {
      if (!(error instanceof IntegrityError) || (error.code !== 'SIGNATURE' && error.code !== 'KEY_PERIOD')) throw error;
      await this.#learnKeys();
      return this.#log.checkpoint();
    }
  }

  get #log(): LogReader {
    const verifier = this.#verifier();
    if (this.#last?.verifier !== verifier) this.#last = new LogReader(this.#objects, verifier);
    return this.#last;
  }

  async #sealed(index: number): Promise<{ readonly statement: Unsealed; readonly envelope: Buffer; readonly entry: Buffer }> {
    const { size } = await this.checkpoint();
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new ConfigurationError(`there is no record ${index}: the log holds ${size}, numbered from 0.`);
    const bundle = Math.floor(index / TILE_WIDTH);
    const [entries, statements] = [await this.#log.entries(bundle, size), await this.#log.statements(bundle, size)];
    const [entry, envelope] = [entries[index % TILE_WIDTH] ?? Buffer.alloc(0), statements[index % TILE_WIDTH] ?? Buffer.alloc(0)];
    return { entry, envelope, statement: unsealStatement(index, entry, envelope) };
  }

  /** What the statement says in the open, and what its detail says in confidence. */
  async #read({ index, digest, sealedAt, demo, seq, head, era, payloads, afterCheckpoint }: Unsealed, disposals: Disposals): Promise<SealedRecord> {
    const [first, ...others] = payloads;
    if (!first) throw new IntegrityError('DETAIL', `record ${index} names no detail`);
    const detail: Kept = { ...first, era };
    const [isGone, ...gone] = payloads.map((payload) => disposals.of(era, payload.digest, index));
    const disposed = isGone ?? gone.find((it) => it !== null) ?? null;
    if (isGone) return { index, digest, sealedAt, demo, seq, body: await this.#left(head, disposals), subjects: [], detail, disposed, afterCheckpoint };
    const { body, subjects } = parseDetail(index, await this.#payloads.read(detail));
    if (subjects.length !== others.length || canonical(headOf(body) as Json) !== canonical(head))
      throw new IntegrityError('DETAIL', `the detail of record ${index} does not say what its statement says`);
    const its = others.map((payload, place) => ({ ...(subjects[place] as Said), ...payload, era }));
    return { index, digest, sealedAt, demo, seq, body, subjects: its, detail, disposed, afterCheckpoint };
  }

  /** What is left of a body. Which entry a statement of a person is about is said by those before it that are kept. */
  async #left(head: Head, disposals: Disposals): Promise<Body> {
    const body = bodyOf(head);
    for (let previous = body.kind === 'attestation' ? body.previous : null; previous !== null; ) {
      const { statement } = await this.#sealed(previous);
      const [detail] = statement.payloads;
      const before = bodyOf(statement.head);
      if (!detail || before.kind !== 'attestation') break;
      if (!disposals.of(statement.era, detail.digest, previous)) {
        const its = parseDetail(previous, await this.#payloads.read({ ...detail, era: statement.era })).body;
        return its.kind === 'attestation' ? ({ ...body, entryId: its.entryId } as Body) : body;
      }
      previous = before.previous;
    }
    return body;
  }
}

function parseDetail(index: number, bytes: Buffer): { readonly body: Body; readonly subjects: readonly Said[] } {
  try {
    return JSON.parse(bytes.toString('utf8')) as { readonly body: Body; readonly subjects: readonly Said[] };
  } catch (cause) {
    throw new IntegrityError('DETAIL', `the detail of record ${index} cannot be read`, cause);
  }
}
