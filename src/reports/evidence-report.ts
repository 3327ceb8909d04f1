import { canonicalPieces, type Streamed } from '../core/canonical.ts';
import { type Instant, instant, iso, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { several, spokenApplied, spokenChange, spokenExclusion, spokenInstant, spokenRate, spokenUnfed, spokenWaiver } from '../core/spoken.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Change } from '../engine/period-posture.ts';
import type {
  Besides,
  CheckPosture,
  ControlPosture,
  DutySpell,
  ExclusionMark,
  Finding,
  Findings,
  Occurrence,
  OccurrenceSeries,
  Posture,
  Tolerance,
  WaiverMark,
} from '../engine/posture.ts';
import type { Block, Cell, Document } from './report.ts';

/** A posture over a period as JSON: instants in ISO 8601, `null` for what has no beginning or has not ended. */
export interface Results extends Omit<Posture, 'asOf' | 'period' | 'findings' | 'controls' | 'checks' | 'unwaived'> {
  /** What is kept is of whole numbers and texts, so that it has one spelling: a share is written out. */
  readonly checks: readonly (Omit<CheckPosture, 'tolerance'> & { readonly tolerance: (Omit<Tolerance, 'share'> & { readonly share: string }) | null })[];
  readonly asOf: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly controls: readonly (Omit<ControlPosture, keyof Besides> & {
    /** Missing in older results, as the four below are. */
    readonly excluded?: (Omit<ExclusionMark, 'since'> & { readonly since: string | null }) | null;
    readonly notExcluded?: string | null;
    readonly duties?: readonly (Omit<DutySpell, 'from' | 'to'> & { readonly from: string | null; readonly to: string | null })[];
    readonly unfed?: readonly string[];
    readonly unexamined?: readonly string[];
  })[];
  /** Of each check of each control, how many items were in its population and the SHA-256 of their keys, one a line. */
  readonly populations: readonly { readonly control: string; readonly check: string; readonly count: number; readonly digest: string }[];
  /** Read once, where they are made as they are read. */
  readonly findings: Iterable<Said>;
  /** What became another in the period of what these results go by, which is what is so now; and configuration records that do not say. Missing in older results. */
  readonly changes?: readonly (Omit<Change, 'at'> & { readonly at: string })[];
  readonly unrecorded?: readonly number[];
  /** What had to happen in the period, and how often it did; each that was not done one by one. Missing in older results. */
  readonly series?: readonly OccurrenceSeries[];
  readonly occurrences?: readonly (Omit<Occurrence, 'from' | 'to' | 'due' | 'at' | 'late'> & {
    readonly from: string;
    readonly due: string;
    readonly late?: string | null;
  })[];
}

/** A finding in results. */
export interface Said extends Omit<Finding, 'from' | 'to' | 'waiver'> {
  readonly from: string | null;
  readonly to: string | null;
  /** Missing in results that were written before there were waivers. */
  readonly waiver?: (Omit<WaiverMark, 'until'> & { readonly until: string }) | null;
}

/** What is said of items of one control by one verdict; `null` where nothing is. */
export type SaidOf = (control: string, verdict: Finding['verdict']) => Iterable<Said> | null;

export const toResults = (
  { asOf, period, findings, controls, checks, unwaived: _, ...posture }: Posture,
  {
    populations,
    series,
    occurrences,
    changes,
    unrecorded,
  }: {
    readonly populations: Results['populations'];
    readonly series: readonly OccurrenceSeries[];
    readonly occurrences: readonly Occurrence[];
    readonly changes: readonly Change[];
    readonly unrecorded: readonly number[];
  },
): Results => ({
  ...posture,
  checks: checks.map((check) => ({ ...check, tolerance: check.tolerance && { ...check.tolerance, share: String(check.tolerance.share) } })),
  controls: controls.map(({ excluded, duties, ...control }) => ({
    ...control,
    excluded: excluded && { ...excluded, since: bound(excluded.since) },
    duties: duties.map((duty) => ({ ...duty, from: bound(duty.from), to: bound(duty.to) })),
  })),
  populations: populations.map(({ control, check, count, digest }) => ({ control, check, count, digest })),
  asOf: iso(asOf),
  period: { from: iso(period.from), to: iso(period.to) },
  findings: saidOfAll(findings),
  changes: changes.map(({ at, ...change }) => ({ at: iso(at), ...change })),
  unrecorded,
  series,
  occurrences: occurrences
    .filter(({ state }) => state !== 'met')
    .map(({ kind, what, controls, from, due, state, late, because, records }) => ({
      kind,
      what,
      controls,
      from: iso(from),
      due: iso(due),
      state,
      late: late === null ? null : iso(late),
      because,
      records,
    })),
});

/** The text of results, piece by piece: a long list in them is read as it is written. */
export const resultsPieces = (results: Results): Iterable<string> => canonicalPieces(results as unknown as Streamed);

const saidOfAll = (findings: Iterable<Finding>): Iterable<Said> => ({
  [Symbol.iterator]: () =>
    Iterator.from(findings).map(({ from, to, waiver, ...finding }) => {
      return { ...finding, from: bound(from), to: bound(to), waiver: waiver && { ...waiver, until: iso(waiver.until) } };
    }),
});

/** What a posture over a period says, control by control, made when it is read. */
export function saidIn({ findings, controls, checks }: Pick<Posture, 'findings' | 'controls' | 'checks'>): SaidOf {
  return (id, verdict) => {
    const named = controls.find((control) => control.id === id)?.checks ?? [];
    const isSaid = checks.some((check) => named.includes(check.id) && (verdict === 'deviates' ? check.deviations : check.unknowns) > 0);
    return isSaid ? saidOfAll(findings.of([id], verdict)) : null;
  };
}

const bound = (at: Instant): string | null => (Number.isFinite(at) ? iso(at) : null);

/** The part of a posture that is about some controls. Throws `RangeError` on a control that is not there. */
export function aboutControls(posture: Posture, ids: readonly string[]): Posture {
  const unknown = ids.find((id) => !posture.controls.some((control) => control.id === id));
  if (unknown !== undefined) throw new RangeError(unknown);
  const controls = posture.controls.filter(({ id }) => ids.includes(id));
  const checks = new Set(controls.flatMap((control) => control.checks));
  const criteria = new Set(controls.flatMap((control) => control.criteria));
  return {
    ...posture,
    controls,
    checks: posture.checks.filter(({ id }) => checks.has(id)),
    criteria: posture.criteria
      .filter(({ id }) => criteria.has(id))
      .map((criterion) => ({ ...criterion, controls: criterion.controls.filter((id) => ids.includes(id)) })),
    findings: ofControls(posture.findings, ids),
  };
}

const ofControls = (findings: Findings, ids: readonly string[]): Findings => ({
  [Symbol.iterator]: () => findings.of(ids)[Symbol.iterator](),
  of: (controls, verdict) =>
    findings.of(
      controls.filter((id) => ids.includes(id)),
      verdict,
    ),
});

const MEANS: Readonly<Record<ControlStatus, string>> = {
  fail: 'items deviate, more than the check tolerates, or what recurs was not done by its due date',
  unknown: 'the evidence does not tell for the whole period',
  pass: 'the evidence is complete, and no item deviates beyond what the check tolerates',
  empty: 'the evidence is complete, and nothing occurred that the control could have operated on',
  excluded: 'the company has left the control out, with a reason that somebody else approved: nothing is said of its operation',
};
const SHOWN = Object.keys(MEANS) as readonly ControlStatus[];

/** Each control over a period: what it answers, what was examined, what deviates, what is not known, and the records it rests on. */
export function evidenceReport(results: Results, said: SaidOf): Document {
  const { company, demo, timezone, checkpoint, catalog, code, controls, checks, criteria, populations = [], series = [], occurrences = [] } = results;
  const period: Period = { from: instant(results.period.from), to: instant(results.period.to) };
  const stamp = { company, demo, timezone, checkpoint, catalog, code, period, asOf: instant(results.asOf) };
  return { title: 'Evidence of the period', stamp, blocks: [...blocks()] };

  function* blocks(): Iterable<Block> {
    yield { kind: 'text', text: `${several(controls.length, 'control')}, by what was known at ${spokenInstant(stamp.asOf)}.` };
    if (stamp.asOf < period.to - 1) yield { kind: 'notice', text: `The period is not over: nothing is said of the time after ${spokenInstant(stamp.asOf)}.` };
    yield {
      kind: 'table',
      caption: 'Controls by status',
      columns: ['Status', 'Controls', 'It means that'],
      rows: SHOWN.map((status) => [status, String(controls.filter((control) => control.status === status).length), MEANS[status]]),
    };
    yield {
      kind: 'table',
      caption: 'Criteria',
      columns: ['Criterion', 'Title', 'Status', 'Controls'],
      rows: criteria.map(({ id, title, status, controls: its, gap }) => [id, title, status ?? 'not in scope', its.join(', ') || (gap ?? 'none')]),
    };
    for (const control of controls) yield* controlBlocks(control);
    yield* collectionBlocks();
    if (results.changes) yield* appliedBlocks(results.changes, results.unrecorded ?? []);
  }

  function* controlBlocks(control: Results['controls'][number]): Iterable<Block> {
    const { id, title, statement, status, owner, policy = null, criteria: its, checks: named } = control;
    yield { kind: 'heading', text: `${id} ${title}: ${status}` };
    yield { kind: 'text', text: statement };
    yield { kind: 'text', text: `Criteria: ${its.join(', ')}. Owner: ${owner}.${policy === null ? '' : ` Policy: ${policy}.`}` };
    yield* besidesBlocks(control);
    const examined = checks.filter((check) => named.includes(check.id));
    if (examined.length === 0) yield { kind: 'notice', text: 'No check examines this control: whether it operated is not known from here.' };
    else
      yield {
        kind: 'table',
        caption: `Checks of ${id}`,
        columns: ['Check', 'It asserts', 'Status', 'Population', 'Deviate', 'Unknown', 'Evidence missing', 'Records'],
        rows: examined.map((check) => [
          check.id,
          check.asserts,
          check.status,
          `${check.examined} of ${check.dataset}`,
          `${check.deviations}${check.tolerance ? `; ${spokenRate({ ...check.tolerance, share: Number(check.tolerance.share) })}` : ''}`,
          String(check.unknowns),
          check.gap ?? 'none',
          { records: check.records },
        ]),
      };
    yield* dutyBlocks(id);
    const counted = populations.filter((population) => population.control === id);
    if (counted.length > 0)
      yield {
        kind: 'table',
        caption: `Populations of ${id}`,
        columns: ['Check', 'Items', 'SHA-256 of their keys, one a line'],
        rows: counted.map(({ check, count, digest }) => [check, String(count), digest]),
      };
    for (const verdict of ['deviates', 'unknown'] as const) {
      const noted = said(id, verdict);
      if (noted === null) continue;
      yield {
        kind: 'table',
        caption: `${verdict === 'deviates' ? 'Deviations' : 'Unknowns'} of ${id}`,
        columns: [verdict === 'deviates' ? 'Deviation' : 'Unknown', 'Check', 'Why', 'From', 'To', 'Records'],
        // A document may be rendered more than once.
        rows: { [Symbol.iterator]: () => Iterator.from(noted).map(rowOf) },
      };
    }
  }

  function* besidesBlocks({ excluded = null, notExcluded = null, duties = [], unfed = [], unexamined = [] }: Results['controls'][number]): Iterable<Block> {
    if (excluded) yield { kind: 'notice', text: spokenExclusion({ ...excluded, since: excluded.since === null ? -NEVER : instant(excluded.since) }) };
    if (notExcluded !== null) yield { kind: 'notice', text: notExcluded };
    for (const { what, because, to } of duties)
      yield { kind: 'notice', text: `${what}: ${because}${to === null ? '' : `; done on ${spokenInstant(instant(to))}`}.` };
    if (unfed.length > 0) yield { kind: 'notice', text: spokenUnfed(unfed) };
    if (unexamined.length > 0) yield { kind: 'text', text: `No check examines: ${unexamined.join('; ')}.` };
  }

  function* dutyBlocks(id: string): Iterable<Block> {
    const its = series.filter(({ kind, controls: of }) => kind === 'duty' && of.includes(id));
    if (its.length > 0) yield { kind: 'table', caption: `What recurs by ${id}`, columns: COUNTED, rows: its.map(counted) };
    yield* undone(`Not done, not known or still due, of ${id}`, (it) => it.kind === 'duty' && it.controls.includes(id));
  }

  function* collectionBlocks(): Iterable<Block> {
    const its = series.filter(({ kind }) => kind === 'collection');
    if (its.length === 0) return;
    yield { kind: 'heading', text: 'Collections' };
    yield {
      kind: 'text',
      text: 'Every slot of every source in the period, whether it was asked or not. A slot is missed where nothing whole was told in time.',
    };
    yield { kind: 'table', caption: 'Slots by source', columns: COUNTED, rows: its.map(counted) };
    yield* undone('Slots missed', (it) => it.kind === 'collection' && it.state === 'missed');
  }

  function* appliedBlocks(changes: NonNullable<Results['changes']>, unrecorded: readonly number[]): Iterable<Block> {
    yield { kind: 'heading', text: 'Parameters and code' };
    yield { kind: 'text', text: spokenApplied(changes.length, unrecorded) };
    if (changes.length === 0) return;
    yield {
      kind: 'table',
      caption: 'Changes in the period',
      columns: ['At', 'Change', 'Controls', 'Record'],
      rows: changes.map((change) => [
        spokenInstant(instant(change.at)),
        spokenChange(change),
        change.controls.join(', ') || 'all',
        { records: [change.record] },
      ]),
    };
  }

  function* undone(caption: string, of: (it: (typeof occurrences)[number]) => boolean): Iterable<Block> {
    const its = occurrences.filter(of);
    if (its.length === 0) return;
    yield {
      kind: 'table',
      caption,
      columns: ['State', 'What', 'Of', 'Due', 'Why', 'Records'],
      rows: its.map(({ state, what, from, due, because, records }) => [
        state,
        what,
        spokenInstant(instant(from)),
        spokenInstant(instant(due)),
        because ?? 'not due yet',
        { records },
      ]),
    };
  }
}

const rowOf = ({ item, check, because, from, to, records, waiver = null }: Said): readonly Cell[] => [
  item.label,
  check,
  `${because}${waiver === null ? '' : `; ${spokenWaiver({ ...waiver, until: instant(waiver.until) })}: ${waiver.because}`}`,
  from === null ? 'the beginning' : spokenInstant(instant(from)),
  to === null ? spokenInstant(NEVER) : spokenInstant(instant(to)),
  { records },
];

const COUNTED = ['What', 'Expected', 'Done', 'Missed', 'Unknown', 'Due'];
const counted = ({ what, expected, met, missed, unknown, due }: OccurrenceSeries) => [what, ...[expected, met, missed, unknown, due].map(String)];
