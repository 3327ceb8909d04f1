import type { Instant } from '../core/instant.ts';
import type { Keys } from './keys.ts';
import type { Held, Objects } from './objects.ts';
import type { Payloads } from './payloads.ts';

/** Whose turn it is to write, and where the newest signed checkpoint is committed: one place, compared before it is replaced. */
export interface Coordination {
  committed(): Promise<Buffer | null>;
  /** Writes what can be written before it is compared: meanwhile other things are. */
  ready?(after: Buffer): Promise<Held>;
  /** Resolves once `after` is durable. Throws `IntegrityError` where it does not stand at `before`. */
  commit(before: Buffer | null, after: Buffer, ready?: Held): Promise<void>;
}

/** All that a writer writes to, and with what. */
export interface Place {
  readonly objects: Objects;
  readonly coordination: Coordination;
  readonly keys: Keys;
  readonly payloads: Payloads;
  readonly clock: () => Instant;
}
