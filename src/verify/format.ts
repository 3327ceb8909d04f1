import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import { type Instant, instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { printable } from '../core/printable.ts';
import { type Disposals, type Disposed, disposedBy } from '../log/disposal.ts';
import type { Unsealed } from '../log/statement.ts';
import { type Change, schedules, silencesIn } from './slots.ts';

/** What a bundle says of itself, in `bundle.json`. */
export interface Manner {
  /** 2 is of versions that chose by collectors: it is read, and written no more. */
  readonly format: 2 | 3;
  readonly origin: string;
  readonly size: number;
  /** Base64, as in the checkpoint. */
  readonly root: string;
  /** ISO 8601, half-open. */
  readonly period: { readonly from: string; readonly to: string };
  /** Ids of the controls it is about; `null`: all. */
  readonly controls: readonly string[] | null;
  /** Of format 2: ids of the collectors whose runs belong to it; `null`: all. */
  readonly collectors?: readonly string[] | null;
  /**
   * Of format 3: ids of the sources (`github/members/main`) and the kinds of statements (`access-requests`) whose records
   * belong to it, and `alerts` where acts on alerts do; `null`: all.
   */
  readonly sources?: readonly string[] | null;
  /** Whether the keys of the payloads were left out. */
  readonly sealed: boolean;
  /** Size of the checkpoint that the bundle continues; `null` where none was given. */
  readonly earlier: number | null;
}

export const MANNER = 'bundle.json';
export const CHECKPOINT = 'checkpoint';
export const EARLIER = 'earlier-checkpoint';
/** What is said of the checkpoint that its reader brings: no file of the bundle. */
export const YOURS = 'your checkpoint';
export const MANIFEST = 'manifest.sha256';
export const RESULTS = 'results.json';
export const COMPLETENESS = 'completeness.json';
export const DISPOSED = 'disposed.json';
/** What verifiers of other people are given: c2sp.org/tlog-policy, and Sigstore's trusted root. */
export const POLICY = 'policy';
export const TRUSTED_ROOT = 'trusted_root.json';
export const README = 'README-VERIFY.txt';
export const REPORT = 'report.html';
export const VERIFIER = 'tickmark-verify.mjs';
export const consistencyFile = (size: number): string => `consistency-from-${size}.txt`;
/** Eight digits, so that the order of names is the order of records. */
export const evidenceFolder = (index: number): string => `evidence/${String(index).padStart(8, '0')}`;
export const statementFile = (index: number): string => `${evidenceFolder(index)}/statement.dsse.json`;
export const proofFile = (index: number): string => `${evidenceFolder(index)}/proof.tlog-proof`;
/** By the digest of its ciphertext: the same answer, given daily, is there once. */
export const payloadFile = (digest: string): string => `payloads/${digest}.enc`;
export const keyFile = (digest: string): string => `payloads/${digest}.key`;

/** The keys of a population, one a line. Ids of controls are a company's own: a bundle has one alphabet. */
export const populationFile = (control: string, check: string): string => `populations/${spelled(control)}.${spelled(check)}.txt`;
/** A name in the alphabet of a bundle's files. */
export const spelled = (name: string): string => encodeURIComponent(name).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** One spelling of a document of ours: canonical JSON and a newline. */
export const encode = (document: unknown): Buffer => Buffer.from(`${canonical(document as Json)}\n`);

/** A document in that one spelling, so that no key comes twice and no text means two things. Throws `IntegrityError`. */
export function decode(bytes: Buffer, name: string): Json {
  try {
    const document = JSON.parse(bytes.toString('utf8')) as Json;
    if (encode(document).equals(bytes)) return document;
  } catch (cause) {
    throw new IntegrityError('DOCUMENT', `${name} is not JSON that this program writes`, cause);
  }
  throw new IntegrityError('DOCUMENT', `${name} is not spelled canonically`);
}

export function parseManner(bytes: Buffer): Manner & { readonly of: Period } {
  const fails = (cause?: unknown) => new IntegrityError('BUNDLE', `${MANNER} does not say what the bundle holds`, cause);
  const manner = decode(bytes, MANNER) as unknown as Manner;
  const words = (list: unknown) => list === null || (Array.isArray(list) && list.every((word) => typeof word === 'string' && printable(word) === word));
  if (manner?.format !== 2 && manner?.format !== 3)
    throw new IntegrityError('BUNDLE', `${MANNER} is of the format ${String(manner?.format).slice(0, 20)}, and this program reads formats 2 and 3`);
  const chosen = manner.format === 2 ? words(manner.collectors) && manner.sources === undefined : words(manner.sources) && manner.collectors === undefined;
  if (!words(manner.controls) || !chosen || typeof manner.sealed !== 'boolean') throw fails();
  if (manner.earlier !== null && !Number.isSafeInteger(manner.earlier)) throw fails();
  try {
    const of = { from: instant(manner.period.from), to: instant(manner.period.to) };
    if (iso(of.from) !== manner.period.from || iso(of.to) !== manner.period.to) throw fails();
    return { ...manner, of };
  } catch (cause) {
    throw fails(cause);
  }
}

/** What the choice of records looks at. */
type Chosen = Pick<Unsealed, 'head' | 'sealedAt'>;

/** Which records a bundle is about. */
export type Choice = { readonly of: Period } & Partial<Pick<Manner, 'controls' | 'collectors' | 'sources'>>;

/** By which acts on alerts belong to a bundle. */
export const ALERTS = 'alerts';

/** When a run was, or would have been. */
export const runAt = ({ startedAt, slot, outcome }: Chosen['head']): Instant => Number(outcome === 'skip' ? slot : startedAt);

/**
 * Whether a record belongs to a bundle: runs of the period, of the sources that were chosen; statements, samples and acts
 * that bear on what was chosen; every configuration sealed before the period ended; and, whenever that was, what speaks of
 * keys and, where nothing was chosen, of disposals and holds.
 */
export function belongs({ of, controls = null, collectors = null, sources = null }: Choice): (record: Chosen) => boolean {
  const [chosen, telling] = [collectors && new Set(collectors), sources && new Set(sources)];
  return ({ head, sealedAt }) => {
    if (head.kind === 'configuration') return sealedAt < of.to;
    if (head.kind === 'run') {
      const at = runAt(head);
      const { id } = head.collector as { readonly id: string };
      return of.from <= at && at < of.to && (chosen === null || chosen.has(id)) && (telling === null || telling.has(`${id}/${String(head.name)}`));
    }
    if (telling === null) return true;
    if (head.kind === 'attestation') return telling.has(String(head.register));
    if (head.kind === 'act') return telling.has(ALERTS) && String(head.act).startsWith('alert-');
    if (head.kind === 'draw') return controls === null || controls.includes(String(head.control));
    return head.kind === 'key'; // what was disposed of or is held, its head says, and that is in the log; why, is kept in confidence
  };
}

export interface Citing {
  readonly records?: readonly number[];
  /** By which a deviation is accepted. */
  readonly waiver?: { readonly records?: readonly number[] } | null;
  /** That tells of a change. */
  readonly record?: number;
  /** By which a control is left out. */
  readonly excluded?: { readonly records?: readonly number[] } | null;
}

/** Every record that the results cite beside their findings: evidence of the period may be older than it. */
export function citedBy(results: Json): Set<number> {
  const cited = new Set<number>();
  const { checks = [], controls = [], changes = [], occurrences = [] } = (results ?? {}) as { readonly [list: string]: readonly Citing[] };
  for (const { excluded } of controls) for (const record of excluded?.records ?? []) cited.add(record);
  for (const { record } of changes) if (record !== undefined) cited.add(record);
  for (const it of [...checks, ...occurrences]) citedIn(it, cited);
  return cited;
}

/** Adds the records that a check or a finding cites. */
export function citedIn({ records = [], waiver }: Citing, cited: Set<number>): void {
  for (const record of records) cited.add(record);
  for (const record of waiver?.records ?? []) cited.add(record);
}

/** What both the writer and the verifier of a bundle make of the statements: whether each line is whole, and what was disposed of. */
export interface Account {
  /** Takes the statements in, in the order of the log. Tells whether it belongs to the bundle. */
  take(statement: Unsealed): boolean;
  /** Takes a record in whose evidence is there, whether it belongs to the bundle or not. */
  export(record: Pick<Unsealed, 'index' | 'era' | 'payloads'>): void;
  /** @param reasonOf why a run of the period was not complete, where its detail is known */
  completeness(reasonOf: (index: number) => string | null): readonly LineAccount[];
  /** Where a line of what was chosen says another step of its schedule than before, be it in the period or not. */
  changes(): readonly (Change & { readonly line: string })[];
  disposed(): readonly { readonly record: number; readonly payload: number; readonly digest: string; readonly by: number; readonly at: string }[];
  by(digest: string, era: string, record: number): Disposed | null;
}

/** One line of records (a collector, its name, a partition) within the period. */
export interface LineAccount {
  readonly line: string;
  readonly records: number;
  /** Numbers of its first and last record in the period; `null` where there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Numbers that no record bears. */
  readonly gaps: readonly number[];
  /** Times in which slots of the period passed and no record speaks of them, up to the slot that is told of next, be it after the period; `to` is `null` where none has come since. */
  readonly silences: readonly { readonly from: string; readonly to: string | null }[];
  readonly incomplete: readonly {
    readonly index: number;
    readonly seq: number;
    readonly outcome: string;
    readonly at: string;
    readonly reason: string | null;
  }[];
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] extends readonly (infer Entry)[] ? Entry[] : Shape[Key] };

/** Gaps that are listed of one line: more tell nobody more. */
const LISTED = 1000;

/** @param told every disposal in the log; read when it is first asked about */
export function account(told: readonly Unsealed[], { of, ...which }: Choice): Account {
  const inPeriod = belongs({ of, ...which });
  const chosen = belongs({ of: { from: -Infinity, to: Infinity }, ...which });
  const lines = new Map<string, Mutable<LineAccount>>();
  const [numbers, slots] = [new Map<string, number>(), schedules()];
  const exported: Pick<Unsealed, 'index' | 'era' | 'payloads'>[] = [];
  let [newest, disposals] = [0, null as Disposals | null];
  const lineOf = (line: string): Mutable<LineAccount> => {
    const its = lines.get(line) ?? { line, records: 0, first: null, last: null, gaps: [], silences: [], incomplete: [] };
    lines.set(line, its);
    return its;
  };
  const by: Account['by'] = (digest, era, record) => {
    disposals = disposals ?? disposedBy(told);
    return disposals.of(era, digest, record);
  };
  return {
    by,

    export: ({ index, era, payloads }) => void exported.push({ index, era, payloads }),

    take(statement) {
      const { line, seq, head, sealedAt } = statement;
      const its = inPeriod(statement);
      newest = Math.max(newest, sealedAt);
      if (head.kind === 'configuration') slots.take(statement);
      if (head.kind !== 'run' || !chosen(statement)) return its;
      slots.take(statement);
      if (its) enter(lineOf(line), statement, numbers.get(line) ?? 0);
      numbers.set(line, seq);
      return its;
    },

    changes: () => [...slots.lines].flatMap(([line, { changes }]) => changes.map((change) => ({ ...change, line }))),

    completeness(reasonOf) {
      const silent = new Map([...slots.lines].map(([line, told]) => [line, silencesIn(told, newest, of)] as const).filter(([, its]) => its.length > 0));
      for (const line of silent.keys()) lineOf(line);
      return [...lines.values()]
        .sort((a, b) => (a.line < b.line ? -1 : 1))
        .map((its) => ({
          ...its,
          silences: (silent.get(its.line) ?? []).map(({ after, until }) => ({ from: iso(after), to: until === null ? null : iso(until) })),
          incomplete: its.incomplete.map((run) => ({ ...run, reason: reasonOf(run.index) })),
        }));
    },

    disposed: () =>
      exported
        .sort((a, b) => a.index - b.index)
        .flatMap(({ index, era, payloads }) =>
          payloads.flatMap(({ digest }, payload) => {
            const gone = by(digest, era, index);
            return gone ? [{ record: index, payload, digest, by: gone.by, at: iso(gone.at) }] : [];
          }),
        ),
  };
}

function enter(its: Mutable<LineAccount>, { seq, head, index }: Unsealed, before: number): void {
  for (let missing = before + 1; missing < seq && its.gaps.length < LISTED; missing++) its.gaps.push(missing);
  its.first ??= seq;
  its.last = seq;
  its.records++;
  if (head.outcome !== 'success') its.incomplete.push({ index, seq, outcome: String(head.outcome), at: iso(runAt(head)), reason: null });
}
