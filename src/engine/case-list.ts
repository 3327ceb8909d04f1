import type { Duration, Instant } from '../core/instant.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import type { CaseColumns, CaseEntry } from './case-columns.ts';
import { numberOfId, spelledId } from './case-id.ts';
import type { Case } from './case.ts';
import type { CaseState } from './findings.ts';
import { madeIn } from './ordered.ts';

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
  /** By which what is said of all of them together is counted, in no order. */
  standings(): Iterable<CaseStanding>;
  /** Those that are neither fixed, closed nor waived, by when they are due after an instant. */
  dueAfter(at: Instant): readonly CasesDue[];
  /** What somebody has to act on first, then by severity, due date and id. */
  paged(): { readonly count: number; keysAt(place: number): Keys; window(from: number, to: number): readonly Case[] };
}

/** What all cases of a check have in common. */
interface Kind {
  readonly check: { readonly id: string; readonly title: string };
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
  const counting = columns.counting((kind) => controls === undefined || kind.controls.some(({ id }) => controls.includes(id)), isWanted);
  const severityOf = (entry: number) => SEVERITIES.indexOf(columns.kindOf(entry).severity);
  const sorted = (compare: typeof byUrgency) => counting.toSorted((a, b) => compare(columns.at(a), columns.at(b), () => severityOf(a) - severityOf(b)));
  const made = (entry: number): Case => {
    const one = make(entry);
    return named ? { ...one, controls: one.controls.filter((id) => named.includes(id)) } : one;
  };
  let order: Int32Array | null = null;
  return {
    count: counting.length,
    [Symbol.iterator]: () => madeIn(sorted(byUrgency), made)[Symbol.iterator](),
    where: (more) => caseList(columns, make, { ...filter, ...more }),

    byId(id) {
      const number = numberOfId(id);
      const entry = counting.find((its) => columns.at(its).number === number);
      return entry === undefined ? undefined : made(entry);
    },

    *standings() {
      for (const entry of counting) yield { severity: columns.kindOf(entry).severity, ...columns.at(entry) };
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
      order ??= sorted(byDue);
      const inOrder = order;
      return {
        count: inOrder.length,
        keysAt(place) {
          const entry = inOrder[place] ?? -1;
          const its = columns.at(entry);
          return [Number(isSettled(its)), severityOf(entry), its.due, spelledId(its.number)];
        },
        window: (from, to) => [...madeIn(inOrder.subarray(from, to), made)],
      };
    },
  };
}

const isOpen = ({ state }: Pick<CaseEntry, 'state'>): boolean => state === 'open' || state === 'in remediation';
/** Nobody has to act on these any more. */
const isSettled = ({ state }: Pick<CaseEntry, 'state'>): boolean => state === 'fixed' || state === 'closed';

const RANK: Readonly<Record<CaseState, number>> = { open: 0, 'in remediation': 0, waived: 1, closed: 2, fixed: 3 };

/** What is overdue first, then by severity and due date; what is over last, the newest first. */
function byUrgency(a: CaseEntry, b: CaseEntry, bySeverity: () => number): number {
  const over = RANK[a.state] > 0;
  return (
    RANK[a.state] - RANK[b.state] ||
    Number(b.overdue) - Number(a.overdue) ||
    (over ? 0 : bySeverity()) ||
    (over ? b.opened - a.opened : a.due - b.due) ||
    a.number - b.number
  );
}

const byDue = (a: CaseEntry, b: CaseEntry, bySeverity: () => number): number =>
  Number(isSettled(a)) - Number(isSettled(b)) || bySeverity() || a.due - b.due || a.number - b.number;
