import type { Reading } from '../log/reader.ts';
import type { NoteVerifier } from '../log/note.ts';
import type { Duration } from '../core/instant.ts';
import type { Unsealed } from '../log/statement.ts';
import type { Verification } from '../verify/log.ts';
import type { Draft, Kept, SealedRecord } from './record.ts';
import type { Scrubbed } from './scrub.ts';

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
  /** What the statements say in the open, from `from` on: read without any key. */
  statements(from: number): AsyncIterable<Unsealed>;
  /** The records that speak of the log itself: disposals, holds, keys. */
  about(): Promise<readonly Unsealed[]>;
  /** The bytes as the source said them, checked. Throws `IntegrityError` where they are missing, altered, or unreadable for want of their key. */
  payload(payload: Kept): Promise<Uint8Array>;
  /** The same of a record that was just told, and said itself what of it was disposed of: that is not asked again of each payload. */
  bytes(payload: Kept): Promise<Uint8Array>;
  /** The 32 bytes that open a payload; `null` where they are not there, or were destroyed. */
  secret(payload: Pick<Kept, 'era' | 'digest'>): Promise<Uint8Array | null>;
  /** The envelope as it was signed. */
  envelope(index: number): Promise<string>;
  /** The bytes that the leaf is the hash of. */
  entry(index: number): Promise<Uint8Array>;
  proof(index: number): Promise<InclusionProof>;
  /**
   * Destroys the keys that a published record of a planned disposal names, and nothing else. Again is fine. Resolves to
   * the receipt of the key service, where one was asked.
   */
  destroy(planned: number): Promise<string | null>;
  /** Overwrites the ciphertexts that it names, as far as the place allows. */
  erase(planned: number): Promise<void>;
  /** Lets a new key sign: for the log beside the old one for so many milliseconds, for a collector or `workspace` at once. Resolves to the record of it. */
  rotateKey(who: 'log' | { readonly statements: string }, overlap: Duration): Promise<number>;
  /** Retires the old key of the log where the overlap has ended. */
  retireKey(): Promise<number | null>;
  /** Reads the next part of the archive again and compares, for so many milliseconds. */
  scrub(budget: Duration): Promise<Scrubbed>;
  /** How far the reading again has come, and what the last whole one found. */
  scrubbed(): Promise<Scrubbed>;
  /** Derives the whole log again from entries, statements and payloads, and compares. */
  verify(progress?: (done: number, of: number) => void): Promise<Verification>;
  /** The same, and notes what it found where {@link scrubbed} tells it. */
  fsck(progress?: (done: number, of: number) => void): Promise<Verification>;
  close(): Promise<void>;
}
