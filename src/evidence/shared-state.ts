import type { Place } from '../log/statement.ts';
import type { Files } from './files.ts';
import type { SharedVersions } from './objects.ts';
import type { Coordination } from './place.ts';

/** What the processes that write one log share beside its public files: a database. Secrets are wrapped before they come here. */
export interface SharedState {
  /**
   * Runs `act` while no other process has the turn. It ends with the session of this process, however that ends, and is
   * taken away where the process does not move for half a minute: so it keeps others waiting, and what keeps the log
   * whole is that `coordination` compares before it replaces. Throws `TickmarkError` with code `BUSY` or `UNREACHABLE`.
   */
  turn<Result>(act: () => Promise<Result>): Promise<Result>;
  readonly coordination: Coordination;
  readonly secrets: SecretRows;
  readonly payloadKeys: PayloadKeyRows;
  /** Of what lies in a bucket: which version of each locked file was written. */
  readonly versions: SharedVersions;
  /** What others said of the log: it is public, and lies at the paths that it has in a folder. */
  readonly said: SaidFiles;
}

/** Each as of `Files`. Durable once it resolves. */
export type SaidFiles = Pick<Files, 'read' | 'list' | 'replace' | 'create'>;

export interface SecretRows {
  read(path: string): Promise<Buffer | null>;
  /** Durable once it resolves. `false` where there is one already: that one stands. */
  make(path: string, bytes: Buffer): Promise<boolean>;
  remove(path: string): Promise<void>;
}

/** The key of one payload, wrapped by that of its era. */
export interface PayloadKeyRow {
  readonly digest: string;
  readonly fingerprint: string | null;
  readonly wrapped: Buffer;
  readonly place: Place;
}

export interface PayloadKeyRows {
  byDigest(era: string, digest: string): Promise<PayloadKeyRow | null>;
  byFingerprint(era: string, fingerprint: string): Promise<PayloadKeyRow | null>;
  /** Of all rows of an era, in no order. */
  digests(era: string): Promise<readonly string[]>;
  /** Durable once it resolves. Again is fine. */
  add(era: string, rows: readonly PayloadKeyRow[]): Promise<void>;
  /**
   * All at once or none, and only where the log stands at the note `at`: compared in the same transaction, for who looked
   * for holds there may have lost its turn since. Throws `IntegrityError` with code `RACE`. `null` where it does not matter.
   */
  remove(era: string, digests: readonly string[] | 'all', at: Buffer | null): Promise<void>;
}
