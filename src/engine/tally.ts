import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { type ClaimBlock, KIND, longer } from './claim-block.ts';

/** How many items of a check stand how: those that anything is claimed of, those that deviate, those that do so without a waiver, what is not known. */
export const TALLIED = { items: 0, deviating: 1, unwaived: 2, unknown: 3 } as const;
export type Tallied = Readonly<Record<keyof typeof TALLIED, number>>;
/** Before anything is claimed. */
export const NOTHING: Tallied = { items: 0, deviating: 0, unwaived: 0, unknown: 0 };
const WIDTH = 4;

/**
 * The same at every instant: where a count becomes another, and what all are from then on. 24 bytes for each such instant,
 * and most claims begin and end at those of few runs. Whoever counts items reads this, and no item.
 */
export interface Tally {
  /** Ascending. */
  readonly instants: Float64Array;
  at(instant: Instant): Tallied;
  /** The most of each at any time in a period. */
  most(period: Period): Tallied;
  /** By how much each count becomes another at the `place`th instant. */
  step(place: number): Tallied;
}

/** Block by block; then it is read. */
export interface Tallying {
  add(block: ClaimBlock): void;
  tally(): Tally;
}

/** @param since events that happened before it do not count */
export function tallying(since: Instant): Tallying {
  const places = new Map<Instant, number>();
  let deltas = new Int32Array(64);
  /** Neighbours begin and end together. */
  const finding = () => {
    let [last, place] = [Number.NaN, -1];
    return (at: Instant): number => {
      if (at === last) return place;
      last = at;
      place = places.get(at) ?? -1;
      if (place >= 0) return place;
      place = places.size * WIDTH;
      places.set(at, place);
      if (place + WIDTH > deltas.length) deltas = longer(deltas);
      return place;
    };
  };
  const [beginOf, endOf] = [finding(), finding()];
  const count = (begins: number, ends: number, line: number) => {
    deltas[begins + line] = (deltas[begins + line] ?? 0) + 1;
    deltas[ends + line] = (deltas[ends + line] ?? 0) - 1;
  };

  return {
    add({ places: items, starts, from, to, kind, happened }) {
      for (let item = 0; item < items.length; item++) {
        if (happened && !((happened[item] ?? -NEVER) >= since)) continue;
        for (let claim = starts[item] ?? 0, last = starts[item + 1] ?? 0; claim < last; claim++) {
          const [begins, ends, said] = [beginOf(from[claim] ?? 0), endOf(to[claim] ?? 0), kind[claim]];
          count(begins, ends, TALLIED.items);
          if (said === KIND.unknown) count(begins, ends, TALLIED.unknown);
          else if (said !== KIND.conforms) count(begins, ends, TALLIED.deviating);
          if (said === KIND.deviates) count(begins, ends, TALLIED.unwaived);
        }
      }
    },

    tally() {
      const instants = Float64Array.from(places.keys()).sort();
      const counts = new Int32Array(instants.length * WIDTH);
      for (const [place, at] of instants.entries())
        for (let line = 0; line < WIDTH; line++)
          counts[place * WIDTH + line] = (counts[(place - 1) * WIDTH + line] ?? 0) + (deltas[(places.get(at) ?? 0) + line] ?? 0);
      const lineAt = (place: number, line: number) => counts[place * WIDTH + line] ?? 0;
      const read = (of: (line: number) => number): Tallied => ({
        items: of(TALLIED.items),
        deviating: of(TALLIED.deviating),
        unwaived: of(TALLIED.unwaived),
        unknown: of(TALLIED.unknown),
      });
      return {
        instants,
        at: (instant) => {
          const place = lastUpTo(instants, instant);
          return read((line) => lineAt(place, line));
        },
        most({ from, to }) {
          const first = lastUpTo(instants, from);
          const most = [0, 0, 0, 0];
          for (let place = first; place <= first || (instants[place] ?? to) < to; place++)
            for (let line = 0; line < WIDTH; line++) most[line] = Math.max(most[line] ?? 0, lineAt(place, line));
          return read((line) => most[line] ?? 0);
        },
        step: (place) => read((line) => lineAt(place, line) - lineAt(place - 1, line)),
      };
    },
  };
}

/** Place of the last that is not later; -1 where all are. */
function lastUpTo(instants: Float64Array, at: Instant): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
