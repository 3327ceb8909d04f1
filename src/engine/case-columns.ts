import { longer } from './claim-block.ts';
import { spelledId } from './case-id.ts';
import { CASE_STATES, type CaseState } from './findings.ts';

/** How one case stands, as far as it is sorted and counted by it. */
export interface CaseStands {
  readonly state: CaseState;
  readonly overdue: boolean;
  readonly due: number;
  readonly opened: number;
  /** The last time. */
  readonly began: number;
  readonly timeToFix: number | null;
}

export interface CaseEntry extends CaseStands {
  readonly number: number;
}

/** By what cases are sorted: a number below zero where the first comes before the second. */
export type CaseOrder = (a: number, b: number) => number;

/** Cases in columns, 45 bytes each: check by check, and of one check by place. Of a case that does not count nothing is told but where it is. */
export interface CaseColumns<Kind> {
  /** The cases of another check follow. */
  begin(kind: number): void;
  /** Gives its number among all. */
  add(place: number, number: number): number;
  stand(entry: number, stands: CaseStands | null): void;
  /** Those that count, ascending, of some checks: all, where nothing more is asked of one. */
  counting(wanted: (kind: Kind) => boolean, isWanted: ((entry: number) => boolean) | null): Int32Array;
  at(entry: number): CaseEntry;
  /** In one of {@link CASE_STATES}. */
  stateOf(entry: number): number;
  isOverdue(entry: number): boolean;
  dueOf(entry: number): number;
  openedOf(entry: number): number;
  numberOf(entry: number): number;
  idOf(entry: number): string;
  kindOf(entry: number): Kind;
  placeOf(entry: number): number;
  /** The cases of some ids as numbers, those included that do not count. */
  entriesOf(numbers: ReadonlySet<number | null>): ReadonlyMap<number, number>;
  entryAt(isOf: (kind: Kind) => boolean, place: number): number | undefined;
}

const OVERDUE = 8;
const NOT_COUNTING = 7;

export function caseColumns<Kind>(kinds: readonly Kind[]): CaseColumns<Kind> {
  let [places, states, count] = [new Int32Array(64), new Uint8Array(64), 0];
  let [numbers, due, opened, began, fixed] = [new Float64Array(64), new Float64Array(64), new Float64Array(64), new Float64Array(64), new Float64Array(64)];
  const firsts: number[] = [];
  const isCounting = (entry: number) => ((states[entry] ?? NOT_COUNTING) & NOT_COUNTING) !== NOT_COUNTING;
  const ends = (kind: number) => firsts[kind + 1] ?? count;
  return {
    begin(kind) {
      firsts[kind] = count;
    },

    add(place, number) {
      if (count === places.length) {
        [places, states] = [longer(places), longer(states)];
        [numbers, due, opened, began, fixed] = [longer(numbers), longer(due), longer(opened), longer(began), longer(fixed)];
      }
      places[count] = place;
      numbers[count] = number;
      return count++;
    },

    stand(entry, stands) {
      states[entry] = stands ? CASE_STATES.indexOf(stands.state) + (stands.overdue ? OVERDUE : 0) : NOT_COUNTING;
      due[entry] = stands?.due ?? 0;
      opened[entry] = stands?.opened ?? 0;
      began[entry] = stands?.began ?? 0;
      fixed[entry] = stands?.timeToFix ?? Number.NaN;
    },

    counting(wanted, isWanted) {
      let [found, size] = [new Int32Array(64), 0];
      for (const [number, kind] of kinds.entries()) {
        if (!wanted(kind)) continue;
        for (let entry = firsts[number] ?? 0; entry < ends(number); entry++) {
          if (!isCounting(entry) || (isWanted !== null && !isWanted(entry))) continue;
          if (size === found.length) found = longer(found);
          found[size++] = entry;
        }
      }
      return found.slice(0, size);
    },

    at: (entry) => ({
      number: numbers[entry] ?? 0,
      state: CASE_STATES[(states[entry] ?? 0) & NOT_COUNTING] ?? 'open',
      overdue: ((states[entry] ?? 0) & OVERDUE) !== 0,
      due: due[entry] ?? 0,
      opened: opened[entry] ?? 0,
      began: began[entry] ?? 0,
      timeToFix: Number.isNaN(fixed[entry]) ? null : (fixed[entry] ?? null),
    }),

    stateOf: (entry) => (states[entry] ?? 0) & NOT_COUNTING,
    isOverdue: (entry) => ((states[entry] ?? 0) & OVERDUE) !== 0,
    dueOf: (entry) => due[entry] ?? 0,
    openedOf: (entry) => opened[entry] ?? 0,
    numberOf: (entry) => numbers[entry] ?? 0,

    idOf: (entry) => spelledId(numbers[entry] ?? 0),
    kindOf: (entry) => kinds[lastUpTo(firsts, entry)] as Kind,
    placeOf: (entry) => places[entry] ?? -1,

    entriesOf(wanted) {
      const found = new Map<number, number>();
      if (wanted.size === 0) return found;
      for (let entry = 0; entry < count; entry++) if (wanted.has(numbers[entry] ?? -1)) found.set(numbers[entry] ?? -1, entry);
      return found;
    },

    entryAt(isOf, place) {
      const kind = kinds.findIndex(isOf);
      if (kind < 0) return undefined;
      const its = places.subarray(firsts[kind] ?? 0, ends(kind));
      const at = lastUpTo(its, place);
      return its[at] === place ? (firsts[kind] ?? 0) + at : undefined;
    },
  };
}

/** Place of the last that is not above; of several that are the same the last. */
function lastUpTo(all: Int32Array | readonly number[], value: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
