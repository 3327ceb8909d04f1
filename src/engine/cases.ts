import type { Check } from '../checks/check.ts';
import { type Duration, days, type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { SEVERITIES, type Severity, worstSeverity } from '../core/severity.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { approvalOf, namesOf, peopleOf } from './approval.ts';
import type { Grounds } from './assemble.ts';
import type { Waiver } from './assess.ts';
import { base, bases } from './derive.ts';
import type { Fact } from './facts.ts';
import { type CaseState, type Course, type Note, type Spell, type Standing, spellsOf, standingAt } from './findings.ts';
import { nameInWords, nameOf, named } from './naming.ts';
import type { ItemName, WaiverMark } from './posture.ts';
import { nameOfItem, standsFor, text, versionsOf, wordsOf } from './waivers.ts';

/** The register whose entries say what is done about deviations. */
export const FINDINGS = 'findings';

/** Days in which a deviation is to be fixed, from when on that is so. */
export type Deadlines = readonly { readonly at: Instant; readonly days: Readonly<Record<Severity, number>> }[];

/** One entry of the register about a case, as it stood for some time. */
export interface CaseNote extends Note {
  readonly id: string;
  readonly title: string;
  readonly owner: string | null;
  /** Who wrote it, as the commit says. */
  readonly by: string;
  readonly reason: string;
  /** Why it does not count; `null` where it does. */
  readonly problem: string | null;
  readonly place: string;
  readonly records: readonly number[];
}

export interface CaseSpell extends Spell {
  readonly due: Instant;
}

/** Deviations of one check on one item, as a case. */
export interface Case extends Omit<Standing, 'spells'> {
  /** Follows from the check and the item: the same for ever, on every machine. */
  readonly id: string;
  readonly check: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly item: ItemName;
  readonly severity: Severity;
  /** As the control names it, unless a register assigns the case to somebody. */
  readonly owner: string;
  readonly assigned: boolean;
  readonly spells: readonly CaseSpell[];
  /** The waiver that stands then. */
  readonly waiver: WaiverMark | null;
  /** It deviated, and now the evidence that would tell is missing. */
  readonly unknown: boolean;
  readonly notes: readonly CaseNote[];
}

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
export function casesAt(grounds: CaseGrounds, now: Instant, within: Period | null): { readonly cases: readonly Case[]; readonly problems: readonly string[] } {
  const courses = grounds.checks.flatMap((check) => coursesOf(grounds, check));
  const { notes, problems } = notesOf(grounds, new Map(courses.map((course) => [course.id, course])), now);
  const cases = courses.flatMap((course): Case[] => {
    const its = notes.get(course.id) ?? [];
    const counting = its.filter(({ problem }) => problem === null);
    const standing = standingAt({ ...course, notes: counting }, now);
    if (!standing || (within && !standing.spells.some(({ from, to }) => from < within.to && within.from < to))) return [];
    return [caseOf(grounds, course, standing, its, now)];
  });
  return { cases: cases.sort(byUrgency), problems };
}

/** By severity, what is fixed and what is not. */
export function timesToFix(cases: readonly Pick<Case, 'severity' | 'state' | 'timeToFix' | 'overdue'>[]): readonly TimeToFix[] {
  return SEVERITIES.map((severity) => {
    const its = cases.filter((one) => one.severity === severity);
    const times = its.flatMap(({ timeToFix }) => timeToFix ?? []);
    return {
      severity,
      fixed: times.length,
      mean: times.length === 0 ? null : Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
      longest: times.length === 0 ? null : Math.max(...times),
      unfixed: its.filter(({ state }) => state !== 'fixed' && state !== 'closed').length,
      overdue: its.filter(({ overdue }) => overdue).length,
    };
  });
}

interface CaseCourse extends Omit<Course, 'notes'> {
  readonly id: string;
  readonly check: Check;
  readonly item: string;
  readonly controls: CaseGrounds['catalog']['controls'];
  readonly severity: Severity;
  /** When the evidence that would tell is missing. */
  readonly unknowns: readonly Period[];
  readonly waivers: readonly Waiver[];
}

function coursesOf({ engine, assessor, catalog, waivers, deadlines }: CaseGrounds, check: Check): CaseCourse[] {
  const controls = catalog.controls.filter((control) => control.checks.includes(check.id));
  const severity = worstSeverity(controls.map((control) => control.severity));
  const event = check.population.dataset.happened !== undefined;
  return [...engine.verdicts(check).saying('deviates')].flatMap((item) => {
    const claims = assessor.claims(check, item);
    const spells = spellsOf(claims);
    if (spells.length === 0) return [];
    return [
      {
        id: caseId(check.id, item),
        check,
        item,
        controls,
        severity,
        event,
        spells,
        unknowns: claims.filter(({ kind }) => kind === 'unknown'),
        waivers: waivers.filter((waiver) => waiver.check === check.id && waiver.item === item),
        due: ({ from }: Period) => from + days(daysFor(deadlines, from, severity)),
      },
    ];
  });
}

/** The days that were in force when it began: a later change of them does not put off what is due. */
function daysFor(deadlines: Deadlines, at: Instant, severity: Severity): number {
  const inForce = deadlines.findLast((deadline) => deadline.at <= at) ?? deadlines[0];
  if (!inForce) throw new RangeError('no configuration says by when a deviation is to be fixed');
  return inForce.days[severity];
}

function caseOf({ engine }: CaseGrounds, course: CaseCourse, standing: Standing, notes: readonly CaseNote[], now: Instant): Case {
  const { id, check, item, controls, severity, due, unknowns } = course;
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
    owner: owner === null ? (controls[0]?.owner ?? 'nobody') : namesOf(engine.facts, [owner]),
    assigned: owner !== null,
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

const STATUSES: Readonly<Record<string, Note['kind']>> = { '': 'assigned', assigned: 'assigned', 'in remediation': 'in remediation', closed: 'closed' };

/** What the register says of cases, by their ids, and what of it cannot be used. */
function notesOf(
  grounds: CaseGrounds,
  courses: ReadonlyMap<string, CaseCourse>,
  now: Instant,
): { readonly notes: ReadonlyMap<string, readonly CaseNote[]>; readonly problems: readonly string[] } {
  const notes = new Map<string, CaseNote[]>();
  const problems: string[] = [];
  for (const { fact, entry } of versionsOf(grounds.engine, FINDINGS)) {
    const course = meant(grounds, courses, entry);
    const bad = typeof course === 'string' ? course : problemOf(grounds, course, fact, entry);
    if (bad !== null && holds(fact, now)) problems.push(`${entry.file}:${entry.line}: ${bad}`);
    if (typeof course === 'string') continue;
    const words = wordsOf(entry);
    const common = {
      kind: STATUSES[text(words.status).toLowerCase()] ?? 'assigned',
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
    const its = notes.get(course.id) ?? [];
    for (const { from, to } of standsFor(grounds.coverage, fact)) {
      const last = its.at(-1);
      // Lines above it moved, and nothing of what it says.
      if (last && last.to === from && sameNote(last, common)) its[its.length - 1] = { ...last, to };
      else its.push({ ...common, from, to });
    }
    notes.set(course.id, its);
  }
  return { notes, problems };
}

const sameNote = (a: Omit<CaseNote, keyof Period>, b: Omit<CaseNote, keyof Period>): boolean =>
  a.id === b.id && a.kind === b.kind && a.owner === b.owner && a.reason === b.reason && a.written === b.written && a.problem === b.problem;

/** The case that an entry is about, or why it is about none. */
function meant({ engine, checks }: CaseGrounds, courses: ReadonlyMap<string, CaseCourse>, entry: RegisterEntry): CaseCourse | string {
  const words = wordsOf(entry);
  const id = text(words.finding);
  const name = nameOfItem(words.item);
  if (id !== '') return courses.get(id) ?? `there is no finding ${id}`;
  if (name === null) return 'it says of no finding what is done about it. Write "finding:" and its id, or "check:" and "item:"';
  const check = checks.find((known) => known.id === text(words.check));
  if (!check) return `no check is called ${text(words.check) || '(none)'}`;
  const found = named(engine, check, name, { from: -NEVER, to: NEVER }).filter((item) => courses.has(caseId(check.id, item)));
  const [item] = found;
  if (item === undefined) return `no deviation of ${check.id} is known of ${nameInWords(name)}`;
  if (found.length > 1) return `${found.length} items of ${check.id} are called ${nameInWords(name)}: name the finding by its id`;
  return courses.get(caseId(check.id, item)) ?? 'there is no such finding';
}

function problemOf({ engine }: CaseGrounds, { check, item, event }: CaseCourse, fact: Fact, entry: RegisterEntry): string | null {
  const words = wordsOf(entry);
  const status = text(words.status).toLowerCase();
  if (!(status in STATUSES)) return `"${status}" is no status of a finding. Write "in remediation", "closed", or none at all`;
  if (status !== 'closed') return null;
  if (!event) return 'a state is not closed by word: it is fixed once the evidence shows that it deviates no more. Write "in remediation", or waive it';
  if (text(words.reason) === '') return 'it is closed without a reason. Write "reason:" and what was done about what happened';
  return approvalOf(engine.facts, entry, fact.from, peopleOf(engine.facts, check, item)).why;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `F-` and ten signs: the lower 50 bits of the 64-bit FNV-1a hash of check and item. It names, and proves nothing. */
export function caseId(check: string, item: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${check}\n${item}`)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `F-${Array.from({ length: 10 }, (_, place) => ALPHABET[Number((hash >> BigInt(45 - 5 * place)) & 31n)]).join('')}`;
}

const RANK: Readonly<Record<CaseState, number>> = { open: 0, 'in remediation': 0, waived: 1, closed: 2, fixed: 3 };

/** What is overdue first, then by severity and due date; what is over last, the newest first. */
function byUrgency(a: Case, b: Case): number {
  const severity = (of: Case) => SEVERITIES.indexOf(of.severity);
  const over = RANK[a.state] > 0;
  return (
    RANK[a.state] - RANK[b.state] ||
    Number(b.overdue) - Number(a.overdue) ||
    (over ? 0 : severity(a) - severity(b)) ||
    (over ? b.opened - a.opened : a.due - b.due) ||
    (a.id < b.id ? -1 : 1)
  );
}
