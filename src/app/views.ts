import type { StandingStatement, Stated, Statement } from './attest.ts';
import type { Attended } from '../anchors/attended.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Finding, Posture } from '../engine/posture.ts';
import type { Exported } from '../evidence/bundle.ts';
import type { CheckpointSummary, InclusionProof } from '../evidence/archive.ts';
import type { Scrubbed } from '../evidence/scrub.ts';
import type { Held, Hold } from '../log/disposal.ts';
import type { Verification } from '../verify/log.ts';
import type { SealedRecord, Subject } from '../evidence/record.ts';
import type { Document } from '../reports/report.ts';
import type { Standards } from './standards.ts';
import type { BundleOptions, BundleQuery } from './bundle.ts';
import type { Replayed } from './cache.ts';
import type { Then } from './grounds.ts';
import type { Watch } from './watch.ts';
import type { CasesQuery, CasesView, Occurrence, OccurrencesQuery, WaiverLine } from './findings.ts';
import type { Periods } from './period.ts';

export type { Replayed, Scrubbed, Then };

/** What one run of one partition of a source gave. */
export interface RunResult {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
  readonly complete: boolean;
  /** How many rows it gave, by dataset. Empty of an incomplete run. */
  readonly rows: Readonly<Record<string, number>>;
  /** Index in the log. */
  readonly record: number;
  readonly reason: string | null;
}

export interface FindingsQuery {
  readonly then?: Then;
  readonly check?: string;
  readonly verdict?: 'deviates' | 'unknown';
  readonly asOf?: Instant;
  readonly period?: Period;
}

/** One line of the list of records. */
export interface RecordLine {
  readonly index: number;
  readonly title: string;
  readonly outcome: 'success' | 'failure' | 'skip' | 'configuration' | 'disposal' | 'hold' | 'key' | 'draw' | 'attestation';
  readonly sealedAt: Instant;
  readonly reason: string | null;
}

export interface RecordView {
  readonly record: SealedRecord;
  readonly proof: InclusionProof;
  /** The proof leads from the envelope's leaf to the signed root. */
  readonly included: boolean;
  /** The rows it gave, by dataset; `null` where it could not be read, with the reason. */
  readonly rows: Readonly<Record<string, number>> | null;
  readonly unreadable: string | null;
}

export interface ArtifactView {
  readonly subject: Subject;
  readonly bytes: Uint8Array;
}

/** What one source was last asked, and when it will be asked again. */
export interface SourceLine {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
  readonly every: string;
  readonly last: { readonly at: Instant; readonly complete: boolean; readonly reason: string | null; readonly record: number } | null;
  readonly nextAt: Instant | null;
}

/** Where the log stands, and who outside has confirmed it. */
export interface LogStatus {
  /** What witnesses and auditors need: name+id+base64. */
  readonly verifierKey: string;
  readonly checkpoint: CheckpointSummary;
  /** Of the newest record; `null` where there is none. */
  readonly sealedAt: Instant | null;
  readonly attended: Attended;
}

/** What one era keeps: a retention class and a quarter. */
export interface EraLine {
  readonly era: string;
  readonly records: number;
  readonly payloads: number;
  /** How many of them were disposed of. */
  readonly disposed: number;
  /** Bytes of ciphertext that are left. */
  readonly bytes: number;
  /** When it may be disposed of; `null` where the configuration does not know its class. */
  readonly due: Instant | null;
  /** Records of the holds that keep some of it. */
  readonly holds: readonly number[];
}

/** What is to be disposed of: an era whole, or the payloads of some records. */
export interface DisposalAsked {
  readonly era?: string;
  readonly records?: readonly number[];
  /** Before the retention ends. */
  readonly early?: boolean;
}

export interface DisposalPlan {
  readonly parts: readonly {
    readonly era: string;
    readonly payloads: 'all' | readonly string[];
    readonly count: number;
    readonly bytes: number;
    readonly due: Instant | null;
    readonly early: boolean;
  }[];
  /** Other records that hold some of the same bytes, and lose them. */
  readonly also: readonly number[];
  /** Why it may not be done; empty where it may. */
  readonly refusals: readonly string[];
}

export type DisposalStep = 'planned' | 'confirmed' | 'destroyed' | 'completed' | 'erased' | 'forgotten';

export interface DisposalDone {
  /** The records that planned it. */
  readonly records: readonly number[];
  /** What is left to do by hand, or waits. */
  readonly left: readonly string[];
}

/** What the scheduled care of a workspace did. */
export interface Upkeep {
  readonly retired: number | null;
  readonly left: readonly string[];
  readonly scrubbed: Scrubbed;
}

/** What is to be made again by the code of today. Nothing named: every check and every collector. */
export interface ReplayAsked {
  readonly checks: readonly string[];
  readonly collectors: readonly string[];
}

/** One company's evidence, and what follows from it: the use cases that the doors call. */
export interface Workspace extends Watch, Periods {
  readonly dir: string;
  readonly company: string;
  readonly demo: boolean;
  readonly now: () => Instant;
  /** At an instant; of what was known then, at the sealing of that record unless another instant is asked. Throws `ConfigurationError` where there is no such record. */
  posture(asOf?: Instant, then?: Then): Promise<Posture>;
  /** Seals what people state, one record each. Throws `ConfigurationError` that says what is wrong, before any is sealed. */
  attest(statements: readonly Statement[]): Promise<readonly Stated[]>;
  /** What people have stated and not taken back; of one kind, where asked. */
  statements(kind?: string): Promise<readonly StandingStatement[]>;
  findings(query: FindingsQuery): Promise<readonly Finding[]>;
  /** The same one by one: so many of them as are read are made. To be read before anything else is asked. */
  eachFinding(query: FindingsQuery): Promise<Iterable<Finding>>;
  /** Deviations as cases, each as it stands at the instant, the most urgent first. */
  cases(query: CasesQuery): Promise<CasesView>;
  /** Every waiver that the register held by then, and whether it counts. */
  waivers(asOf?: Instant): Promise<readonly WaiverLine[]>;
  /** What had to happen in a period: done, missed, not known, or still due. */
  occurrences(query: OccurrencesQuery): Promise<readonly Occurrence[]>;
  records(before: number | null, limit: number): Promise<readonly RecordLine[]>;
  /** Throws `ConfigurationError` where there is no such record. */
  record(index: number): Promise<RecordView>;
  artifact(index: number, name: string): Promise<ArtifactView>;
  /** Records, proofs and keys as verifiers of other people read them. */
  readonly standards: Standards;
  sources(): Promise<readonly SourceLine[]>;
  /** `2026-10`; without one the month of now, up to now. */
  accessReview(month?: string): Promise<Document>;
  /** Each control over a period: what was examined, what deviates, what is not known, on which records. By what the log holds. */
  evidenceReport(query: BundleQuery): Promise<Document>;
  /** Writes the evidence of a period into one file that a stranger can verify. */
  exportBundle(options: BundleOptions, file: string): Promise<Exported>;
  /** `github/organization` or `github/organization/acme`. Seals one record for each partition, whatever happens. */
  collect(only?: string, progress?: (result: RunResult) => void): Promise<readonly RunResult[]>;
  /** The sources whose `every` has passed since they were last asked. */
  collectDue(progress?: (result: RunResult) => void): Promise<readonly RunResult[]>;
  /** Brings the newest checkpoint to witnesses and authorities; where patient, not to those that failed or confirmed it a moment ago. */
  attend(how: { readonly patient: boolean }): Promise<void>;
  logStatus(): Promise<LogStatus>;
  verify(progress?: (done: number, of: number) => void): Promise<Verification>;
  /** Every era: how much it keeps, when it is due, what holds it. */
  eras(): Promise<readonly EraLine[]>;
  holds(): Promise<readonly Hold[]>;
  placeHold(what: Held, said: { readonly reason: string; readonly by: string }): Promise<number>;
  releaseHold(record: number, said: { readonly reason: string; readonly by: string }): Promise<number>;
  planDisposal(asked: DisposalAsked): Promise<DisposalPlan>;
  dispose(
    asked: DisposalAsked & { readonly reason: string; readonly approver: string },
    step?: (step: DisposalStep, record: number) => void,
  ): Promise<DisposalDone>;
  /** Goes on with what was interrupted, and destroys again what a backup may have put back. */
  resumeDisposals(step?: (step: DisposalStep, record: number) => void): Promise<DisposalDone>;
  rotateKey(who: 'log' | { readonly statements: string }, overlap: Duration): Promise<number>;
  /** Retires the old key of the log where the overlap has ended. */
  retireKey(): Promise<number | null>;
  scrub(budget: Duration): Promise<Scrubbed>;
  scrubbed(): Promise<Scrubbed>;
  /** Verifies everything at once, and notes what it found. */
  fsck(progress?: (done: number, of: number) => void): Promise<Verification>;
  /** Disposals that could not be finished, and why. */
  waiting(): readonly string[];
  /** What is due of itself: disposals that wait, keys whose overlap ended, the next part of the reading again. */
  upkeep(): Promise<Upkeep>;
  /** The next instant at which a claim may change without new evidence; `NEVER` where none lies ahead. */
  nextChange(): Promise<Instant>;
  /** Examines and reads again, and tells what that changed; what had to be made again on opening is told too. The log is not touched. */
  replay(asked: ReplayAsked, progress?: (done: number, of: number) => void): Promise<readonly Replayed[]>;
  /** Makes the cache again from the log. */
  rebuild(progress?: (done: number, of: number) => void): Promise<{ readonly records: number; readonly checkpoint: CheckpointSummary }>;
  close(): Promise<void>;
}
