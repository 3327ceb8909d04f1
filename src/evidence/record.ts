import type { Instant } from '../core/instant.ts';

/** One artifact as its record names it. The bytes are a payload, found by their digest. */
export interface Subject {
  readonly name: string;
  /** SHA-256 of the payload as stored, hex. */
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: string | null };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

/** What a run of a collector says of itself. One for every run and every scheduled slot, successful or not. */
export interface Run {
  readonly kind: 'run';
  readonly collector: { readonly id: string; readonly version: number; readonly sourceDigest: string };
  /** The name of the source in the configuration. */
  readonly name: string;
  readonly partition: string;
  /** The slot of the schedule it fills, or when it was asked for by hand. */
  readonly slot: Instant;
  /** Numbers the runs of this collector, name and partition from 1, without a gap. */
  readonly seq: number;
  readonly outcome: 'success' | 'failure' | 'skip';
  /** Why it is not complete; `null` of a success. */
  readonly reason: string | null;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
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
  readonly body: Omit<Run, 'seq'> | Configuration;
  /** The made-up company's: never evidence of anything. */
  readonly demo: boolean;
  readonly subjects: readonly (Omit<Subject, 'digest' | 'size'> & { readonly bytes: Uint8Array })[];
}

/** A record as the log holds it. */
export interface SealedRecord {
  readonly index: number;
  /** SHA-256 of the DSSE envelope, hex: the digest a record is known by. */
  readonly digest: string;
  readonly sealedAt: Instant;
  readonly demo: boolean;
  readonly body: Body;
  readonly subjects: readonly Subject[];
  /** Root and size of the log that stood when the statement was made. */
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
}
