import type { Reading } from '../log/reader.ts';
import type { NoteVerifier } from '../log/note.ts';
import type { Verification } from '../verify/log.ts';
import type { Draft, Kept, SealedRecord } from './record.ts';

export interface CheckpointSummary {
  readonly origin: string;
  readonly size: number;
  /** Base64, as in the checkpoint. */
  readonly root: string;
}

export interface InclusionProof {
  readonly index: number;
  readonly leafHash: string;
  readonly hashes: readonly string[];
  readonly checkpoint: CheckpointSummary;
  /** The signed note itself. */
  readonly note: string;
}

/** The append-only archive of a workspace: the log, its statements and its payloads. */
export interface Archive {
  readonly origin: string;
  /** The key of the log as c2sp.org/signed-note writes it: `name+id+key`. */
  readonly verifierKey: string;
  /** The public files, and the key that signs the log. */
  readonly files: Reading;
  readonly verifier: NoteVerifier;
  /**
   * Seals the drafts under one checkpoint: all of them or none. Resolves with their indexes once they are durable and
   * published. A draft whose id is sealed already is not sealed again: the index of the first is told.
   */
  append(drafts: readonly Draft[]): Promise<readonly number[]>;
  checkpoint(): Promise<CheckpointSummary>;
  /** Throws `IntegrityError` where statement and leaf disagree, `ConfigurationError` where there is no such record. */
  record(index: number): Promise<SealedRecord>;
  /** From `from` to the end of the published log, in order. */
  records(from: number): AsyncIterable<SealedRecord>;
  /** The bytes as the source said them, checked. Throws `IntegrityError` where they are missing, altered, or unreadable for want of their key. */
  payload(payload: Kept): Promise<Uint8Array>;
  /** The 32 bytes that open a payload; `null` where they are not there, or were destroyed. */
  secret(payload: Pick<Kept, 'era' | 'digest'>): Promise<Uint8Array | null>;
  /** The envelope as it was signed. */
  envelope(index: number): Promise<string>;
  /** The bytes that the leaf is the hash of. */
  entry(index: number): Promise<Uint8Array>;
  proof(index: number): Promise<InclusionProof>;
  /** Derives the whole log again from entries, statements and payloads, and compares. */
  verify(progress?: (done: number, of: number) => void): Promise<Verification>;
  close(): Promise<void>;
}
