import type { Draft, SealedRecord } from './record.ts';

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

/** One thing that is not as it was sealed. */
export interface Problem {
  readonly code: string;
  /** File within the state folder, where one is to blame. */
  readonly file: string | null;
  readonly index: number | null;
  readonly says: string;
}

export interface Verification {
  readonly checkpoint: CheckpointSummary;
  readonly records: number;
  readonly payloads: number;
  readonly problems: readonly Problem[];
}

/** The append-only archive of a workspace: the log, its statements and its payloads. */
export interface Archive {
  readonly origin: string;
  /** The key of the log as c2sp.org/signed-note writes it: `name+id+key`. */
  readonly verifierKey: string;
  /**
   * Seals the drafts under one checkpoint: all of them or none. Resolves with their indexes once they are durable and
   * published.
   */
  append(drafts: readonly Draft[]): Promise<readonly number[]>;
  checkpoint(): Promise<CheckpointSummary>;
  /** Throws `IntegrityError` where statement and leaf disagree, `ConfigurationError` where there is no such record. */
  record(index: number): Promise<SealedRecord>;
  /** From `from` to the end of the published log, in order. */
  records(from: number): AsyncIterable<SealedRecord>;
  /** The bytes with this SHA-256, checked. Throws `IntegrityError` where they are missing or altered. */
  payload(digest: string): Promise<Uint8Array>;
  /** The envelope as it was signed. */
  envelope(index: number): Promise<string>;
  /** The bytes that the leaf is the hash of. */
  entry(index: number): Promise<Uint8Array>;
  proof(index: number): Promise<InclusionProof>;
  /** Derives the whole log again from entries, statements and payloads, and compares. */
  verify(progress?: (done: number, of: number) => void): Promise<Verification>;
  close(): Promise<void>;
}
