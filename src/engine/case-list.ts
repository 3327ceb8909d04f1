import type { Check } from '../checks/check.ts';
import type { Duration, Instant } from '../core/instant.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import type { CaseColumns, CaseEntry, CaseOrder } from './case-columns.ts';
import { numberOfId } from './case-id.ts';
import type { Case } from './case.ts';
import { CASE_STATES, type CaseState } from './findings.ts';
import { inParts, madeIn, type Parts } from './ordered.ts';

/** Which cases are asked for; all, where nothing is said. */
interface CaseFilter {
  readonly state?: CaseState | 'overdue' | undefined;
  /** Of any of these controls. */
  readonly controls?: readonly string[] | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Those that nobody has undone, and that at an instant had begun the last time at least `from` ago, and less than `to`. */
  readonly ages?: { readonly at: Instant; readonly from: Duration; readonly to: Duration } | undefined;
  /** Those alone are named beside a case. */
  readonly named?: readonly string[] | undefined;
}

export type CaseStanding = Pick<Case, 'severity' | 'state' | 'timeToFix' | 'overdue'>;

/** Cases of one check that are to be fixed by the same instant. */
interface CasesDue extends Pick<Case, 'check' | 'title' | 'controls' | 'severity' | 'due'> {
  readonly count: number;
}

/** What cases are paged through by. */
type Keys = readonly [settled: number, severity: number, due: Instant, id: string];

/**
 * Cases, the most urgent first. Of each it holds what it is sorted and counted by, and makes it when it is read; to be
 * read before anything is learned.
 */
export interface CaseList extends Iterable<Case> {
  readonly count: number;
  where(filter: CaseFilter): CaseList;
  byId(id: string): Case | undefined;
  /** Those of which a rank is told, so many of them: of the least rank first, then by id. */
  best(most: number, rankOf: (its: { readonly check: string; readonly place: number; readonly number: number }) => number | null): readonly Case[];
  /** The checks that there are cases of. */
  checks(): readonly Check[];
  /** By which what is said of all of them together is counted, in no order. */
  standings(): Iterable<CaseStanding>;
  /** Those that are neither fixed, closed nor waived, by when they are due after an instant. */
  dueAfter(at: Instant): readonly CasesDue[];
  /** What somebody has to act on first, then by severity, due date and id. */
  paged(): { readonly count: number; keysAt(place: number): Keys; window(from: number, to: number): readonly Case[] };
}

/** What all cases of a check have in common. */
interface Kind {
  readonly check: Check;
  readonly controls: readonly { readonly id: string }[];
  readonly severity: Severity;
}

export function caseList(columns: CaseColumns<Kind>, make: (entry: number) => Case, filter: CaseFilter = {}): CaseList {
  const { state, controls, named, ages } = filter;
  const numbers = filter.ids && new Set(filter.ids.map(numberOfId));
  const isWanted = (entry: number) => {
    const its = columns.at(entry);
    if (numbers && !numbers.has(its.number)) return false;
    if (ages && (isSettled(its) || ages.at - its.began < ages.from || ages.at - its.began >= ages.to)) return false;
    return state === undefined || (state === 'overdue' ? its.overdue : its.state === state);
  };
  const counting = columns.counting(
    (kind) => controls === undefined || kind.controls.some(({ id }) => controls.includes(id)),
    numbers || ages || state !== undefined ? isWanted : null,
  );
  const severityOf = (entry: number) => SEVERITIES.indexOf(columns.kindOf(entry).severity);
  const made = (entry: number): Case => {
    const one = make(entry);
    return named ? { ...one, controls: one.controls.filter((id) => named.includes(id)) } : one;
  };
  let order: Parts | null = null;
  return {
    count: counting.length,
    [Symbol.iterator]: () => madeIn(inParts(counting, byUrgency(columns, severityOf)), made)[Symbol.iterator](),
    where: (more) => caseList(columns, make, { ...filter, ...more }),

    byId(id) {
      const number = numberOfId(id);
      const entry = counting.find((its) => columns.numberOf(its) === number);
      return entry === undefined ? undefined : made(entry);
    },

    best(most, rankOf) {
      const ranked: { readonly entry: number; readonly rank: number; readonly number: number }[] = [];
      for (const entry of counting) {
        const number = columns.numberOf(entry);
        const rank = rankOf({ check: columns.kindOf(entry).check.id, place: columns.placeOf(entry), number });
        if (rank !== null) ranked.push({ entry, rank, number });
      }
      ranked.sort((a, b) => a.rank - b.rank || a.number - b.number);
      return ranked.slice(0, most).map(({ entry }) => made(entry));
    },

    checks() {
      const its = new Set<Check>();
      for (const entry of counting) its.add(columns.kindOf(entry).check);
      return [...its];
    },

    *standings() {
      for (const entry of counting) {
        const { state: its, overdue, timeToFix } = columns.at(entry);
        yield { severity: columns.kindOf(entry).severity, state: its, overdue, timeToFix };
      }
    },

    dueAfter(at) {
      const found = new Map<string, CasesDue & { count: number }>();
      for (const entry of counting) {
        const its = columns.at(entry);
        if (!isOpen(its) || its.due <= at) continue;
        const { check, controls: of, severity } = columns.kindOf(entry);
        const name = `${check.id} ${its.due}`;
        const known = found.get(name);
        if (known) known.count++;
        else found.set(name, { check: check.id, title: check.title, controls: of.map(({ id }) => id), severity, due: its.due, count: 1 });
      }
      return [...found.values()];
    },

    paged() {
      order ??= inParts(counting, byDue(columns, severityOf));
      const inOrder = order;
      return {
        count: inOrder.length,
        keysAt(place) {
          const entry = inOrder.at(place) ?? -1;
          return [Number(SETTLED[columns.stateOf(entry)]), severityOf(entry), columns.dueOf(entry), columns.idOf(entry)];
        },
        window: (from, to) => [...madeIn(inOrder.slice(from, to), made)],
      };
    },
  };
}

const isOpen = ({ state }: Pick<CaseEntry, 'state'>): boolean => state === 'open' || state === 'in remediation';
/** Nobody has to act on these any more. */
function isSettled({ state }: Pick<CaseEntry, 'state'>): boolean {
  return state === 'fixed' || state === 'closed';
}

const RANK: Readonly<Record<CaseState, number>> = { open: 0, 'in remediation': 0, waived: 1, closed: 2, fixed: 3 };
/** The same by the number of a state. */
const [RANKS, SETTLED] = [CASE_STATES.map((state) => RANK[state]), CASE_STATES.map((state) => isSettled({ state }))];

/** What is overdue first, then by severity and due date; what is over last, the newest first. */
function byUrgency(columns: CaseColumns<Kind>, severityOf: (entry: number) => number): CaseOrder {
  return (a, b) => {
    const rank = RANKS[columns.stateOf(a)] ?? 0;
    const over = rank > 0;
    return (
      rank - (RANKS[columns.stateOf(b)] ?? 0) ||
      Number(columns.isOverdue(b)) - Number(columns.isOverdue(a)) ||
      (over ? 0 : severityOf(a) - severityOf(b)) ||
      (over ? columns.openedOf(b) - columns.openedOf(a) : columns.dueOf(a) - columns.dueOf(b)) ||
      columns.numberOf(a) - columns.numberOf(b)
    );
  };
}

function byDue(columns: CaseColumns<Kind>, severityOf: (entry: number) => number): CaseOrder {
  return (a, b) =>
    Number(SETTLED[columns.stateOf(a)]) - Number(SETTLED[columns.stateOf(b)]) ||
    severityOf(a) - severityOf(b) ||
    columns.dueOf(a) - columns.dueOf(b) ||
    columns.numberOf(a) - columns.numberOf(b);
}
