import type { Json } from '../core/canonical.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Vouched } from '../core/vouched.ts';
import type { Disposed, DisposalHead, HoldHead, KeyHead } from '../log/disposal.ts';
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

/** A disposal, one step of it. Why, by whom and what the key service answered is kept in confidence. */
export interface Disposal extends DisposalHead {
  readonly reason: string | null;
  readonly approver: string | null;
  /** The retention that stood then: `evidence: 7 years`. */
  readonly policy: string | null;
  /** What the key service said when it was asked to destroy its key; `null` where no service was asked. */
  readonly receipt: string | null;
}

/** A legal hold, or its end. Why and by whom is kept in confidence. */
export interface Hold extends HoldHead {
  readonly reason: string | null;
  readonly by: string | null;
}

/** A key that begins to sign, or signs no more. */
export type Key = KeyHead;

/** What a draw of a sample says in the open. */
export interface DrawHead {
  readonly kind: 'draw';
  readonly control: string;
  readonly check: string;
  readonly period: Period;
  readonly asOf: Instant;
  /** Items of the population, and the SHA-256 of their keys, hex. */
  readonly count: number;
  readonly digest: string;
  /** How many were asked for. */
  readonly size: number;
}

/** A sample that was drawn: each draw is in the log, so that nobody tries seeds until one pleases. */
export interface Draw extends DrawHead {
  readonly seed: string | null;
}

/** What a statement of a person says in the open. */
export interface AttestationHead {
  readonly kind: 'attestation';
  /** The kind of thing that is stated: `access-requests`. */
  readonly register: string;
  readonly act: 'state' | 'approve' | 'withdraw';
  readonly at: Instant;
  /** Whether it is signed by a key that was bound to its author then, or they were signed in. Where neither is so, it approves nothing. */
  readonly authenticated: boolean;
  /** The statement before it about the same entry; `null` of the first. */
  readonly previous: number | null;
}

/** A passkey that signed a statement: the second subject of its record is the assertion. */
export interface PasskeyShown {
  readonly credential: string;
  /** JSON Web Key, as it was sealed when the passkey was registered, and the record that says so. */
  readonly publicKey: Json;
  readonly record: number;
  /** The host name that the passkey is of. */
  readonly rp: string;
}

/** A statement of a person. Its first subject is what was stated, byte for byte; the second, where there is one, what a passkey signed of it. */
export interface Attestation extends AttestationHead {
  readonly entryId: string | null;
  /** Address of who makes the statement, lower case. */
  readonly by: string | null;
  /** Fingerprint of the key that signed it; `null` of one that nobody signed. */
  readonly keyId: string | null;
  /** The record that showed the key bound to that address, by the approval of another; `null` where none did. */
  readonly binding: number | null;
  /** What the server says of who was signed in; `null`, or not there in records of before, where nobody was. */
  readonly vouched?: (Vouched & { readonly passkey: PasskeyShown | null }) | null;
  /**
   * Who stated what is approved or withdrawn, and when: of a first statement and of a correction, whoever makes it. `keyId`
   * is what shows it: the fingerprint of their key, `session ID` or `token ID`; `null` where nothing does.
   */
  readonly author: { readonly email: string; readonly keyId: string | null; readonly at: Instant } | null;
  /** Zone of the dates in it. */
  readonly timezone: string;
}

/** What the act of a user or of Tickmark says in the open. */
export interface ActHead {
  readonly kind: 'act';
  /** What was done, in the words of the audit trail: `sign-in`, `role-change`, `alert-acknowledge`. */
  readonly act: string;
  readonly at: Instant;
}

/** Something a user, a token or a job did in Tickmark. Who, to what and how is kept in confidence. */
export interface Act extends ActHead {
  /** Address of the user, `token NAME`, or `tickmark` of what it does by itself. */
  readonly by: string | null;
  /** What it was done to: `users/u1`, `alerts/a7`; `null` of acts upon nothing in particular. */
  readonly target: string | null;
  /** What else there is to say: before and after, an address it came from. Never a secret. */
  readonly says: Readonly<Record<string, Json>> | null;
}

export type Body = Run | Configuration | Disposal | Hold | Key | Draw | Attestation | Act;

/** Retention class of what must outlive all evidence: configurations, disposals, holds, keys, draws, acts. */
export const LONGEST = 'configuration';

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
  /** The disposal that took its payloads, or some of them; of a detail that was disposed of, `body` says what its head says (and of a statement of a person its entry, where one before it that is kept names it), and `subjects` is empty. */
  readonly disposed: Disposed | null;
  /** Root and size of the log that stood when the statement was made. */
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
}

/** What a record says in the open: the part without anything personal. */
export function headOf(body: Body): Head {
  if (body.kind === 'configuration' || body.kind === 'key') return { ...body };
  if (body.kind === 'draw') {
    const { seed: _, ...head } = body;
    return { ...head, period: { ...head.period } };
  }
  if (body.kind === 'disposal') {
    const { reason: _, approver: __, policy: ___, receipt: ____, ...head } = body;
    return head;
  }
  if (body.kind === 'hold') {
    const { reason: _, by: __, ...head } = body;
    return { ...head, what: { ...head.what } };
  }
  if (body.kind === 'attestation') {
    const { entryId: _, by: __, keyId: ___, binding: ____, author: _____, timezone: ______, vouched: _______, ...head } = body;
    return head;
  }
  if (body.kind === 'act') return { kind: body.kind, act: body.act, at: body.at };
  const { kind, collector, name, partition, slot, every, outcome, startedAt, finishedAt } = body;
  return { kind, collector, name, partition, slot, every, outcome, startedAt, finishedAt };
}

/** What is left of a body when its detail was disposed of: its head. What only the detail said is `null` or empty. */
export function bodyOf(head: Head): Body {
  const said = head as unknown as Body;
  if (said.kind === 'run') return { ...NOTHING, ...(head as unknown as RunHead) };
  if (said.kind === 'disposal') return { ...said, reason: null, approver: null, policy: null, receipt: null };
  if (said.kind === 'hold') return { ...said, reason: null, by: null };
  if (said.kind === 'draw') return { ...said, seed: null };
  if (said.kind === 'act') return { ...said, by: null, target: null, says: null };
  if (said.kind === 'attestation') return { ...said, entryId: null, by: null, keyId: null, binding: null, author: null, timezone: 'UTC' };
  return said;
}

const NOTHING: Omit<Run, keyof RunHead> = {
  reason: null,
  endpoint: null,
  config: 'null',
  timezone: 'UTC',
  since: 0,
  after: null,
  mark: null,
  askedAs: null,
  answeredBy: null,
  granted: null,
  clockSkew: null,
  questions: [],
};
