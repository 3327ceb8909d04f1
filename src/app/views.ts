import type { Acting } from './acting.ts';
import type { Alerts } from './alert-views.ts';
import type { Attended } from '../anchors/attended.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Value } from '../datasets/dataset.ts';
import type { Finding, Posture, Upcoming } from '../engine/posture.ts';
import type { Exported } from '../evidence/bundle.ts';
import type { Long } from '../evidence/bundle-files.ts';
import type { CheckpointSummary, InclusionProof } from '../evidence/archive.ts';
import type { Scrubbed } from '../evidence/scrub.ts';
import type { Held, Hold } from '../log/disposal.ts';
import type { Verification } from '../verify/log.ts';
import type { Act, SealedRecord, Subject } from '../evidence/record.ts';
import type { Document } from '../reports/report.ts';
import type { SavedViews } from './saved-views.ts';
import type { Standards } from './standards.ts';
import type { Standing } from './standing.ts';
import type { SignInGround } from './sign-in.ts';
import type { Connecting } from './connecting-views.ts';
import type { Telling, ToldCall } from './told-calls.ts';
import type { BackupDone } from './backup-format.ts';
import type { BundleOptions, BundleQuery } from './bundle.ts';
import type { Replayed } from './cache.ts';
import type { Progress } from './read-again.ts';
import type { Rests, Then } from './grounds.ts';
import type { Health, Jobs } from './job-views.ts';
import type { RunResult } from './run-result.ts';
import type { Watch } from './watch.ts';
import type { Case, CasesQuery, CasesView, FindingList, FindingsQuery, Occurrence, OccurrencesQuery, WaiverLine } from './findings.ts';
import type { Sought } from './mentioned.ts';
import type { Periods } from './period.ts';
import type { Feeding } from './feeding.ts';
import type { Reading } from './reading.ts';

export type { Feeding, Replayed, Scrubbed, Then, Value };
export type { RunResult, ToldCall };

/** One line of the list of records. */
export interface RecordLine {
  readonly index: number;
  readonly title: string;
  readonly outcome: 'success' | 'failure' | 'skip' | 'configuration' | 'disposal' | 'hold' | 'key' | 'draw' | 'attestation' | 'act';
  readonly sealedAt: Instant;
  readonly reason: string | null;
}

export interface RecordWindowQuery {
  readonly outcome?: RecordLine['outcome'];
  /** Sealed in it. */
  readonly period?: Period;
  /** Of the log as it was when it held so many records; `null`: as it is. */
  readonly size: number | null;
  readonly skip: number;
  readonly limit: number;
}

export interface RecordWindow {
  readonly size: number;
  readonly count: number;
  readonly lines: readonly RecordLine[];
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

/** What one source was last asked, and the slot of its schedule that comes next: one that has passed is due. */
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
export interface UpcomingQuery {
  readonly within: Duration;
  /** Now, unless said. */
  readonly asOf?: Instant;
  /** Ids; all, unless said. */
  readonly checks?: readonly string[];
  /** So many at most. */
  readonly most: number;
}

export interface Workspace extends Watch, Periods, Reading, Acting {
  readonly dir: string;
  readonly company: string;
  readonly demo: boolean;
  readonly now: () => Instant;
  /** What sign-in stands on. */
  readonly signIn: SignInGround;
  /** At an instant; of what was known then, at the sealing of that record unless another instant is asked. Throws `ConfigurationError` where there is no such record. */
  posture(asOf?: Instant, then?: Then): Promise<Posture>;
  /** Works out what the first page of a list would wait for: before others are let in, and after each run. */
  ahead(): Promise<void>;
  readonly alerts: Alerts;
  readonly savedViews: SavedViews;
  /** Seals acts of users, tokens and jobs, one record each in one batch; gives their indexes. One of an id that was handed in before is not sealed again. */
  recordActs(acts: readonly (Omit<Act, 'kind' | 'at'> & { readonly at?: Instant; readonly id?: string })[]): Promise<readonly number[]>;
  /** Acts whose name begins so, in order, with the records that hold them. */
  acts(prefix: string): Promise<readonly { readonly record: number; readonly act: Act }[]>;
  findings(query: FindingsQuery): Promise<readonly Finding[]>;
  /** The same one by one, each time they are read: so many of them as are read are made. To be read before anything else is asked. */
  eachFinding(query: FindingsQuery): Promise<Iterable<Finding>>;
  /** The same in the order of checks and items, page by page. */
  findingList(query: FindingsQuery): Promise<FindingList>;
  /** Deviations as cases, each as it stands at the instant, the most urgent first. */
  cases(query: CasesQuery): Promise<CasesView>;
  /** Some of those, by the beginning or a part of what they are called: those that fit best first. Others are answered meanwhile. */
  casesFound(query: CasesQuery, asked: Sought): Promise<readonly Case[]>;
  /** Every waiver that the register held by then, and whether it counts. */
  waivers(asOf?: Instant, then?: Then): Promise<readonly WaiverLine[]>;
  /** What an answer rests on: the log as it is now or was then, and the digests of the catalogue and of the code. */
  rests(then?: Then): Promise<Rests>;
  /** What had to happen in a period: done, missed, not known, or still due. */
  occurrences(query: OccurrencesQuery): Promise<readonly Occurrence[]>;
  records(before: number | null, limit: number, outcomes?: readonly RecordLine['outcome'][]): Promise<readonly RecordLine[]>;
  /** A part of a list of records whose length is known, the newest first. */
  recordWindow(asked: RecordWindowQuery): Promise<RecordWindow>;
  /** Throws `ConfigurationError` where there is no such record. */
  record(index: number): Promise<RecordView>;
  artifact(index: number, name: string): Promise<ArtifactView>;
  /** Keys, room and retention, as they stand. */
  readonly standing: Standing;
  /** Records, proofs and keys as verifiers of other people read them. */
  readonly standards: Standards;
  /** Has the time-stamping authorities confirm the signature of a record, where they have not yet: its Sigstore bundle then holds their tokens. */
  stamp(index: number): Promise<void>;
  sources(): Promise<readonly SourceLine[]>;
  /** Collectors to choose from, and how sources come to be, change and end while everything goes on. */
  readonly connecting: Connecting;
  /** Credentials that this process has had in its hands: what no line of it may say. */
  secretsSeen(): readonly string[];
  /** `2026-10`; without one the month of now, up to now. */
  accessReview(month?: string): Promise<Document>;
  /** Each control over a period: what was examined, what deviates, what is not known, on which records. By what the log holds. */
  evidenceReport(query: BundleQuery): Promise<Document>;
  /** Puts a long text aside at once, encrypted, to be given out at whatever pace it is taken. */
  putAside(texts: Iterable<string>): Long;
  /** Writes the evidence of a period into one file that a stranger can verify. */
  exportBundle(options: BundleOptions, file: string): Promise<Exported>;
  /** `github/organization` or `github/organization/acme`. Seals one record for each partition, whatever happens; waits where another process asks it. */
  collect(only?: string, telling?: Telling & { readonly told?: (call: ToldCall) => void }): Promise<readonly RunResult[]>;
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
  /** What begins to deviate by itself within so long from now, the soonest first. */
  upcoming(query: UpcomingQuery): Promise<readonly Upcoming[]>;
  /** Examines and reads again, and tells what that changed; what had to be made again on opening is told too. The log is not touched. */
  replay(asked: ReplayAsked, progress?: Progress): Promise<readonly Replayed[]>;
  /** Makes the cache again from the log. */
  rebuild(progress?: (done: number, of: number) => void): Promise<{ readonly records: number; readonly checkpoint: CheckpointSummary }>;
  /** What is done by itself: schedules, their slots, and who runs them. */
  jobs(): Jobs;
  /** Writes what cannot be made again into a file that is not there yet. */
  backup(out: string): Promise<BackupDone>;
  /** Whether this process can do its work. Never throws. */
  health(): Promise<Health>;
  close(): Promise<void>;
}
