import type { Reading } from '../log/reader.ts';
import type { Problem } from '../verify/problems.ts';

/** Where the files of an archive lie: a folder, or a bucket. What a call resolves is there after a power cut. */
export interface Objects extends Reading {
  /** Writes files that never change. One that is there with the same bytes is fine, with others it is an `IntegrityError`. */
  create(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Promise<void>;
  /**
   * Writes files that never change and a pointer to them, durably, but for their names: whoever waits for the disk to
   * confirm several things waits once. Where it is not there, they are written when it is their turn.
   */
  hold?(files: Iterable<readonly [path: string, bytes: Uint8Array]>, pointer: readonly [path: string, bytes: Uint8Array]): Promise<Held>;
  /** Replaces a pointer, or makes it. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Of what may be gone: staging, partial tiles that wider ones replace, and what was disposed of, as far as the place allows. Again is fine. */
  remove(path: string): Promise<void>;
  /** Overwrites bytes that were disposed of, as far as the place allows. */
  overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void>;
}

/** Files that are written and have no names yet. */
export interface Held {
  /** Gives them their names, durably: the pointer its own when all others have theirs. */
  place(): Promise<void>;
  /** They are not wanted after all. */
  drop(): Promise<void>;
}

/** Where what is secret lies: never in the bucket of the evidence. */
export interface Secrets {
  read(path: string): Promise<Buffer | null>;
  /** Replaces a secret, or makes it, for its owner's eyes only. */
  replace(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  append(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Has the disk confirm what lies there: whoever wrote it may have been killed before that. */
  confirm(paths: readonly string[]): Promise<void>;
}

/** Which version of a file was written, and what it holds. A name in a bucket can be written over and hidden; a version cannot. */
export interface Pin {
  /** `null` where the bucket keeps no versions. */
  readonly versionId: string | null;
  /** SHA-256 of the whole, hex. */
  readonly digest: string;
}

export type PinOf = readonly [path: string, pin: Pin];

/** The versions of what is locked, kept where the bucket's keeper cannot reach. The newest pin of a path counts. */
export interface Versions {
  /** Durable once it resolves. */
  put(pins: Iterable<PinOf>): Promise<void>;
  get(path: string): Promise<Pin | null>;
}

/** The same, known to every process that writes the log. */
export interface SharedVersions extends Versions {
  /** Those of paths that have none yet. Durable once it resolves. */
  add(pins: Iterable<PinOf>): Promise<void>;
}

/** Where what is public of an archive lies, where that is not its folder. */
export interface PublicPlace {
  /** As they lie there: every read asks. */
  readonly objects: Objects;
  /** The same, fetched once. */
  readonly reading: Objects;
  /** From here on versions are noted where all that share the log find them; those that this folder holds are moved there. Again is fine. */
  share?(versions: SharedVersions): Promise<void>;
  /** Before the first write. Throws where the place does not keep what it must promise. */
  admit(): Promise<void>;
  /** What was found not to lie there as it was written, since this was asked last. */
  problems(): readonly Problem[];
  close(): void;
}
