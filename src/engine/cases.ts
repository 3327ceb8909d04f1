import type { Check } from '../checks/check.ts';
import { type Duration, days, type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { SEVERITIES, type Severity, worstSeverity } from '../core/severity.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { approvalOf, namesOf, peopleOf } from './approval.ts';
import type { Grounds } from './assemble.ts';
import type { Waiver } from './assess.ts';
import type { Case, CaseNote } from './case.ts';
import { type CaseColumns, caseColumns } from './case-columns.ts';
import { numberOfId } from './case-id.ts';
import { caseNumbers } from './case-numbers.ts';
import { type CaseList, caseList, type CaseStanding } from './case-list.ts';
import { base, bases } from './derive.ts';
import type { Fact } from './facts.ts';
import { type Course, type Note, type Spell, type Standing, spellsOf, standingAt } from './findings.ts';
import { nameInWords, nameOf, named } from './naming.ts';
import type { Places } from './places.ts';
import { standsIn } from './case-stands.ts';
import { nameOfItem, standsFor, text, versionsOf, wordsOf } from './waivers.ts';

export type { Case } from './case.ts';

/** The register whose entries say what is done about deviations. */
export const FINDINGS = 'findings';

/** Days in which a deviation is to be fixed, from when on that is so. */
export type Deadlines = readonly { readonly at: Instant; readonly days: Readonly<Record<Severity, number>> }[];

export interface CaseGrounds extends Grounds {
  readonly waivers: readonly Waiver[];
  readonly deadlines: Deadlines;
}

/** How long it took to fix, by severity. */
export interface TimeToFix {
  readonly severity: Severity;
  readonly fixed: number;
  /** From first opening to last end; `null` where none is fixed. */
  readonly mean: Duration | null;
  readonly longest: Duration | null;
  /** Neither fixed nor closed: no time to fix is known of them. */
  readonly unfixed: number;
  readonly overdue: number;
}

/** Every case that was opened up to an instant, as it stands then; where a period is given, those that deviated at any time in it. */
export function casesAt(grounds: CaseGrounds, now: Instant, within: Period | null): { readonly cases: CaseList; readonly problems: readonly string[] } {
  const kinds = grounds.checks.map((check) => kindOfCases(grounds, check));
  const columns = caseColumns(kinds);
  for (const [number, kind] of kinds.entries()) {
    columns.begin(number);
    const { check, severity } = kind;
    const { places } = grounds.engine.verdicts(check);
    const on = { now, within, waived: waivedAt(kind, places), due: (from: Instant) => from + days(daysFor(grounds.deadlines, from, severity)) };
    const numbers = caseNumbers(places, check.id);
    for (const block of grounds.assessor.columns(check).blocks())
      for (let item = 0; item < block.places.length; item++) {
        const stands = standsIn(block, item, on);
        if (stands === undefined) continue;
        const place = block.places[item] ?? -1;
        columns.stand(columns.add(place, numbers(place)), stands);
      }
  }
  const courseAt = (entry: number) => courseOf(grounds, columns.kindOf(entry), columns.placeOf(entry));
  const { notes, problems } = notesOf(grounds, coursesIn(grounds, columns, courseAt), now);
  for (const [entry, its] of notes) {
    const standing = standingAt({ ...courseAt(entry), notes: its.filter(({ problem }) => problem === null) }, now);
    const counts = standing && (within === null || standing.spells.some(({ from, to }) => from < within.to && within.from < to));
    columns.stand(entry, counts ? { ...standing, began: standing.spells.at(-1)?.from ?? 0 } : null);
  }
  const make = (entry: number): Case => {
    const [course, its] = [courseAt(entry), notes.get(entry) ?? []];
    const standing = standingAt({ ...course, notes: its.filter(({ problem }) => problem === null) }, now);
    if (!standing) throw new RangeError(`the case ${columns.idOf(entry)} is not there any more: something was learned since it was found`);
    return caseOf(grounds, course, standing, its, { id: columns.idOf(entry), now });
  };
  return { cases: caseList(columns, make), problems };
}

/** By severity, what is fixed and what is not. */
export function timesToFix(standings: Iterable<CaseStanding>): readonly TimeToFix[] {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, { fixed: 0, time: 0, longest: 0, unfixed: 0, overdue: 0 }]));
  for (const { severity, state, timeToFix, overdue } of standings) {
    const its = counts[severity];
    if (!its) continue;
    if (timeToFix !== null) {
      its.fixed++;
      its.time += timeToFix;
      its.longest = Math.max(its.longest, timeToFix);
    }
    its.unfixed += Number(state !== 'fixed' && state !== 'closed');
    its.overdue += Number(overdue);
  }
  return SEVERITIES.map((severity) => {
    const { fixed = 0, time = 0, longest = 0, unfixed = 0, overdue = 0 } = counts[severity] ?? {};
    return { severity, fixed, mean: fixed === 0 ? null : Math.round(time / fixed), longest: fixed === 0 ? null : longest, unfixed, overdue };
  });
}

interface CaseCourse extends Omit<Course, 'notes'>, CaseKind {
  readonly item: string;
  /** When the evidence that would tell is missing. */
  readonly unknowns: readonly Period[];
  readonly waivers: readonly Waiver[];
}

/** What the cases of one check share. */
interface CaseKind {
  readonly check: Check;
  readonly controls: CaseGrounds['catalog']['controls'];
  readonly severity: Severity;
  readonly event: boolean;
  /** Of the check, by item. */
  readonly waived: ReadonlyMap<string, readonly Waiver[]>;
}

function kindOfCases({ catalog, waivers }: CaseGrounds, check: Check): CaseKind {
  const controls = catalog.controls.filter((control) => control.checks.includes(check.id));
  return {
    check,
    controls,
    severity: worstSeverity(controls.map((control) => control.severity)),
    event: check.population.dataset.happened !== undefined,
    waived: Map.groupBy(
      waivers.filter((waiver) => waiver.check === check.id),
      ({ item }) => item,
    ),
  };
}

/** Places of the items of a check that a waiver holds for at some time. */
function waivedAt({ waived }: CaseKind, places: Places): ReadonlyMap<number, readonly Waiver[]> {
  return new Map([...waived].flatMap(([item, waivers]) => (places.find(item) === undefined ? [] : [[places.find(item) ?? -1, waivers] as const])));
}

function courseOf({ engine, assessor, deadlines }: CaseGrounds, kind: CaseKind, place: number): CaseCourse {
  const item = engine.verdicts(kind.check).places.name(place);
  const claims = assessor.claimsAt(kind.check, place);
  return {
    ...kind,
    item,
    spells: spellsOf(claims),
    unknowns: claims.filter(({ kind: its }) => its === 'unknown'),
    waivers: kind.waived.get(item) ?? [],
    due: ({ from }: Period) => from + days(daysFor(deadlines, from, kind.severity)),
  };
}

/** Where the register's entries find the cases that they are about. */
interface Courses {
  byId(id: string): number | undefined;
  byItem(check: Check, item: string): number | undefined;
  at(entry: number): CaseCourse;
}

function coursesIn({ engine }: CaseGrounds, columns: CaseColumns<CaseKind>, at: Courses['at']): Courses {
  const said = versionsOf(engine, FINDINGS).map(({ entry }) => numberOfId(text(wordsOf(entry).finding)));
  const byNumber = columns.entriesOf(new Set(said));
  return {
    at,
    byId: (id) => byNumber.get(numberOfId(id) ?? -1),
    byItem(check, item) {
      const place = engine.verdicts(check).places.find(item);
      return place === undefined ? undefined : columns.entryAt((kind) => kind.check === check, place);
    },
  };
}

/** The days that were in force when it began: a later change of them does not put off what is due. */
function daysFor(deadlines: Deadlines, at: Instant, severity: Severity): number {
  const inForce = deadlines.findLast((deadline) => deadline.at <= at) ?? deadlines[0];
  if (!inForce) throw new RangeError('no configuration says by when a deviation is to be fixed');
  return inForce.days[severity];
}

function caseOf(
  { engine }: CaseGrounds,
  course: CaseCourse,
  standing: Standing,
  notes: readonly CaseNote[],
  { id, now }: { readonly id: string; readonly now: Instant },
): Case {
  const { check, item, controls, severity, event, due, unknowns } = course;
  const owner = notes.findLast((note) => note.problem === null && note.owner !== null && holds(note, now))?.owner ?? null;
  const waiver = course.waivers.find((it) => holds(it, now));
  const { spells, ...stands } = standing;
  return {
    id,
    check: check.id,
    title: check.title,
    controls: controls.map((control) => control.id),
    item: nameOf(engine, check, item, Math.min(now, (spells.at(-1)?.to ?? NEVER) - 1)),
    severity,
    event,
    owner: owner === null ? (controls[0]?.owner ?? 'nobody') : namesOf(engine.facts, [owner]),
    assigned: owner !== null,
    ownerId: owner,
    ...stands,
    spells: spells.map((spell) => ({ ...spell, due: due(spell), end: spell.end && endOf(course, engine, spell) })),
    waiver: waiver ? { id: waiver.id, because: waiver.because, by: waiver.by, until: waiver.until, records: waiver.records } : null,
    unknown: standing.fixedAt === null && unknowns.some((gap) => holds(gap, now)),
    notes: notes.filter((note) => note.from <= now),
  };
}

/** By which record it ended: the runs that began just then and that the check reads; where time alone ended it, the rows it rests on. */
function endOf({ check, item }: CaseCourse, { facts }: Grounds['engine'], { to, end }: Spell): Spell['end'] {
  if (!end) return null;
  const read = [check.population, ...Object.values(check.with).map(({ rows }) => rows)].flatMap(({ dataset }) => bases(dataset));
  const told = [...new Set(read)].flatMap((id) =>
    facts.streams({ id }).flatMap((stream) =>
      facts
        .runs({ id }, stream)
        .filter(({ at }) => at === to)
        .map(({ record }) => record),
    ),
  );
  if (told.length > 0 || end.records.length > 0) return { ...end, records: told.length > 0 ? [...new Set(told)].sort((a, b) => a - b) : end.records };
  const dataset = base(check.population.dataset);
  const history = facts.of({ dataset }, item);
  const otherwise = history.findLast((fact) => fact.from <= to);
  return { ...end, records: otherwise?.records ?? [] };
}

/** What an entry does to a case. One that names neither an owner nor a status is a note. */
const kindOf = (entry: RegisterEntry, status: string): Note['kind'] => (status === '' && entry.ownerId === null ? 'noted' : (STATUSES[status] ?? 'assigned'));

const STATUSES: Readonly<Record<string, Note['kind']>> = {
  '': 'assigned',
  assigned: 'assigned',
  'in remediation': 'in remediation',
  done: 'done',
  closed: 'closed',
};

/** What the register says of cases, by their entries, and what of it cannot be used. */
function notesOf(
  grounds: CaseGrounds,
  courses: Courses,
  now: Instant,
): { readonly notes: ReadonlyMap<number, readonly CaseNote[]>; readonly problems: readonly string[] } {
  const notes = new Map<number, CaseNote[]>();
  const problems: string[] = [];
  for (const { fact, entry } of versionsOf(grounds.engine, FINDINGS)) {
    const about = meant(grounds, courses, entry);
    const bad = typeof about === 'string' ? about : problemOf(grounds, courses.at(about), fact, entry);
    if (bad !== null && holds(fact, now)) problems.push(`${entry.file}:${entry.line}: ${bad}`);
    if (typeof about === 'string') continue;
    const words = wordsOf(entry);
    const common = {
      kind: kindOf(entry, text(words.status).toLowerCase()),
      written: entry.committedAt ?? fact.from,
      id: entry.entryId,
      title: entry.title,
      owner: entry.ownerId,
      by: entry.author ?? 'nobody known',
      reason: text(words.reason),
      problem: bad,
      place: `${entry.file}:${entry.line}`,
      records: fact.records,
    };
    const its = notes.get(about) ?? [];
    for (const { from, to } of standsFor(grounds.coverage, fact)) {
      const last = its.at(-1);
      // Lines above it moved, and nothing of what it says.
      if (last && last.to === from && sameNote(last, common)) its[its.length - 1] = { ...last, to };
      else its.push({ ...common, from, to });
    }
    notes.set(about, its);
  }
  return { notes, problems };
}

const sameNote = (a: Omit<CaseNote, keyof Period>, b: Omit<CaseNote, keyof Period>): boolean =>
  a.id === b.id && a.kind === b.kind && a.owner === b.owner && a.reason === b.reason && a.written === b.written && a.problem === b.problem;

/** The case that an entry is about, or why it is about none. */
function meant({ engine, checks }: CaseGrounds, courses: Courses, entry: RegisterEntry): number | string {
  const words = wordsOf(entry);
  const id = text(words.finding);
  const name = nameOfItem(words.item);
  if (id !== '') return courses.byId(id) ?? `there is no finding ${id}`;
  if (name === null) return 'it says of no finding what is done about it. Write "finding:" and its id, or "check:" and "item:"';
  const check = checks.find((known) => known.id === text(words.check));
  if (!check) return `no check is called ${text(words.check) || '(none)'}`;
  const found = named(engine, check, name, { from: -NEVER, to: NEVER }).filter((item) => courses.byItem(check, item) !== undefined);
  const [item] = found;
  if (item === undefined) return `no deviation of ${check.id} is known of ${nameInWords(name)}`;
  if (found.length > 1) return `${found.length} items of ${check.id} are called ${nameInWords(name)}: name the finding by its id`;
  return courses.byItem(check, item) ?? 'there is no such finding';
}

function problemOf({ engine }: CaseGrounds, { check, item, event }: CaseCourse, fact: Fact, entry: RegisterEntry): string | null {
  const words = wordsOf(entry);
  const status = text(words.status).toLowerCase();
  if (!(status in STATUSES)) return `"${status}" is no status of a finding. Write "in remediation", "done", "closed", or none at all`;
  if (status !== 'closed') return null;
  if (!event)
    return 'a state is not closed by word: it is fixed once the evidence shows that it deviates no more. Write "in remediation" or "done", or waive it';
  if (text(words.reason) === '') return 'it is closed without a reason. Write "reason:" and what was done about what happened';
  return approvalOf(engine.facts, entry, fact.from, peopleOf(engine.facts, check, item)).why;
}
