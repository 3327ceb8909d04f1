import { canonical, type Json } from '../core/canonical.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { NoteVerifier } from '../log/note.ts';
import { verifyInclusion } from '../log/merkle.ts';
import { LogReader } from '../log/reader.ts';
import { type Unsealed, unsealStatement } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import type { CheckpointSummary, InclusionProof } from './archive.ts';
import type { Objects } from './objects.ts';
import type { Payloads } from './payloads.ts';
import { type Body, headOf, type Kept, type Said, type SealedRecord } from './record.ts';

/** The reading half of an archive: needs no turn, for what is published never changes. */
export class ArchiveReader {
  readonly #log: LogReader;
  readonly #payloads: Payloads;

  constructor(objects: Objects, verifier: NoteVerifier, payloads: Payloads) {
    this.#log = new LogReader(objects, verifier);
    this.#payloads = payloads;
  }

  async checkpoint(): Promise<CheckpointSummary> {
    const { checkpoint } = await this.#log.checkpoint();
    return { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') };
  }

  async record(index: number): Promise<SealedRecord> {
    return this.#read((await this.#sealed(index)).statement);
  }

  async *records(from: number): AsyncIterable<SealedRecord> {
    const { size } = await this.checkpoint();
    for (let index = from; index < size; ) {
      const bundle = Math.floor(index / TILE_WIDTH);
      const [entries, statements] = [await this.#log.entries(bundle, size), await this.#log.statements(bundle, size)];
      for (; index < size && Math.floor(index / TILE_WIDTH) === bundle; index++) {
        yield await this.#read(unsealStatement(index, entries[index % TILE_WIDTH] ?? Buffer.alloc(0), statements[index % TILE_WIDTH] ?? Buffer.alloc(0)));
      }
    }
  }

  payload(payload: Kept): Promise<Uint8Array> {
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
    const { checkpoint, note } = await this.#log.checkpoint();
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
  async #read({ index, digest, sealedAt, demo, seq, head, era, payloads, afterCheckpoint }: Unsealed): Promise<SealedRecord> {
    const [first, ...others] = payloads;
    if (!first) throw new IntegrityError('DETAIL', `record ${index} names no detail`);
    const detail: Kept = { ...first, era };
    const { body, subjects } = parseDetail(index, await this.#payloads.read(detail));
    if (subjects.length !== others.length || canonical(headOf(body) as Json) !== canonical(head))
      throw new IntegrityError('DETAIL', `the detail of record ${index} does not say what its statement says`);
    const its = others.map((payload, place) => ({ ...(subjects[place] as Said), ...payload, era }));
    return { index, digest, sealedAt, demo, seq, body, subjects: its, detail, afterCheckpoint };
  }
}

function parseDetail(index: number, bytes: Buffer): { readonly body: Body; readonly subjects: readonly Said[] } {
  try {
    return JSON.parse(bytes.toString('utf8')) as { readonly body: Body; readonly subjects: readonly Said[] };
  } catch (cause) {
    throw new IntegrityError('DETAIL', `the detail of record ${index} cannot be read`, cause);
  }
}
