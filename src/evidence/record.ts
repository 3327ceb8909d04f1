import type { Instant } from '../core/instant.ts';
import type { Head, Payload } from '../log/statement.ts';

/** A payload, and the era whose key opens it. */
export interface Kept extends Payload {
  readonly era: string;
}

/** What the detail of a record says of one artifact. */
export interface Said {
  readonly name: string;
  /** SHA-256 of the bytes as the source said them, hex. Kept in confidence. */
  readonly sha256: string;
  readonly mediaType: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: string | null };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

/** One artifact of a record. `digest` is that of its ciphertext. */
export type Subject = Said & Kept;

/** What a run says in the open. One for every run and every scheduled slot, successful or not. */
export interface RunHead {
  readonly kind: 'run';
  readonly collector: { readonly id: string; readonly version: number; readonly sourceDigest: string };
  /** The name of the source in the configuration. */
  readonly name: string;
  readonly partition: string;
  /** The slot of the schedule it fills, or when it was asked for by hand. */
  readonly slot: Instant;
  /** The next slot of the schedule is this many milliseconds later; `null` where none follows, for the source is retired. */
  readonly every: number | null;
  readonly outcome: 'success' | 'failure' | 'skip';
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

/** What a run of a collector says of itself, the part that is kept in confidence included. */
export interface Run extends RunHead {
  /** Why it is not complete; `null` of a success. */
  readonly reason: string | null;
  /** The address that stood in for the vendor's own, where one did: the evidence is of that address. */
  readonly endpoint: string | null;
  /** The collector's configuration, without credentials. */
  readonly config: string;
  readonly timezone: string;
  /** Start of the observation period then: how far back a first run of a source of events asked. */
  readonly since: Instant;
  /** Of a source of events: where the complete run before it left off, and where this one did. `null` of any other, and of a run that is not complete. */
  readonly after: string | null;
  readonly mark: string | null;
  /** Who asked and who answered by the source's own word, and the rights it grants; `null` where it does not say. */
  readonly askedAs: string | null;
  readonly answeredBy: string | null;
  readonly granted: readonly string[] | null;
  /** How far the source's clock is ahead of ours at most, in milliseconds; `null` where it shows none. */
  readonly clockSkew: number | null;
  readonly questions: readonly {
    readonly name: string;
    readonly request: { readonly method: string; readonly url: string; readonly body: string | null };
    readonly pages: number;
    readonly ended: boolean;
    readonly received: number | null;
    readonly total: number | null;
  }[];
}

/** The configuration and the overlay, sealed whenever they change. Its subjects are the files. */
export interface Configuration {
  readonly kind: 'configuration';
  readonly at: Instant;
}

export type Body = Run | Configuration;

/** A record before it is sealed: what it says, and the bytes it speaks of. Its number is given when it is sealed. */
export interface Draft {
  /** Names the record: handed in again under the same name, it is sealed once. Made up where it is not given. */
  readonly id?: string;
  /** Retention class of its payloads. `evidence` unless said. */
  readonly retention?: string;
  readonly body: Body;
  /** The made-up company's: never evidence of anything. */
  readonly demo: boolean;
  readonly subjects: readonly (Omit<Said, 'sha256'> & { readonly bytes: Uint8Array })[];
}

/** A record as the log holds it. */
export interface SealedRecord {
  readonly index: number;
  /** SHA-256 of the DSSE envelope, hex: the digest a record is known by. */
  readonly digest: string;
  readonly sealedAt: Instant;
  readonly demo: boolean;
  /** Numbers the records of its line (a collector, its name and partition) from 1, without a gap. */
  readonly seq: number;
  readonly body: Body;
  readonly subjects: readonly Subject[];
  /** What `body` and `subjects` were read from. */
  readonly detail: Kept;
  /** Root and size of the log that stood when the statement was made. */
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
}

/** What a record says in the open: of a run, the part without anything personal. */
export function headOf(body: Body): Head {
  if (body.kind !== 'run') return { ...body };
  const { kind, collector, name, partition, slot, every, outcome, startedAt, finishedAt } = body;
  return { kind, collector, name, partition, slot, every, outcome, startedAt, finishedAt };
}

/** What numbers its records together: a collector, a name, a partition; of all else, the kind. */
export const lineOf = (body: Body): string => (body.kind === 'run' ? `${body.collector.id} ${body.name} ${body.partition}` : body.kind);
