import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { intersect, type Period, subtract, union } from '../core/interval.ts';
import type { Engine } from './engine.ts';
import type { Lay, Put } from './laid.ts';

/** What a claim says, in one byte. A waived deviation is a deviation. */
export const KIND = { conforms: 0, deviates: 1, unknown: 2, waived: 3 } as const;

/**
 * Every claim of a check, in columns: an instant or a period is read from them by scanning, and nothing is examined or
 * intersected again. A claim costs 17 bytes, so that a million of them fit where their objects would not. Holds until the
 * engine learns.
 */
export interface Claims {
  /** In no order. Claims of item `i` are those from `starts[i]` up to `starts[i + 1]`, in order of time and apart from each other. */
  readonly items: readonly string[];
  /** Where the engine has them. */
  readonly places: Int32Array;
  readonly starts: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly kind: Uint8Array;
  /** Of events: when each item happened. */
  readonly happened: Float64Array | null;
}

/** @param waivers of the check, by item */
export function claimsOf(engine: Engine, lay: Lay, check: Check, waivers: ReadonlyMap<string, readonly Period[]> | undefined): Claims {
  const verdicts = engine.verdicts(check);
  const { starts: first, counts, from: begins } = verdicts.columns();
  const { items: names } = verdicts.places;
  const size = verdicts.size;
  const [items, places, starts] = [[] as string[], new Int32Array(size), new Int32Array(size + 1)];
  const happened = check.population.dataset.happened ? new Float64Array(size) : null;
  const room = size + (size >> 1) + 16;
  let [from, to, kind, count] = [new Float64Array(room), new Float64Array(room), new Uint8Array(room), 0];
  const put = (begin: Instant, end: Instant, said: number) => {
    if (count === kind.length) [from, to, kind] = [longer(from), longer(to), longer(kind)];
    from[count] = begin;
    to[count] = end;
    kind[count++] = said;
  };
  let waived: readonly Period[] | undefined;
  const lie: Put = (begin, end, said, covered) => {
    if (!covered || said.kind === 'unknown' || said.kind === 'notYet') put(begin, end, KIND.unknown);
    else if (said.kind === 'conforms') put(begin, end, KIND.conforms);
    else if (!waived) put(begin, end, KIND.deviates);
    else for (const [part, how] of parts({ from: begin, to: end }, waived)) put(part.from, part.to, how);
  };
  for (let place = 0; place < counts.length; place++) {
    if (counts[place] === 0) continue;
    const item = names[place] ?? '';
    waived = waivers?.get(item);
    lay(place, lie);
    // The first verdict on an event is of its own time.
    if (happened) happened[items.length] = begins[first[place] ?? -1] ?? Number.NaN;
    places[items.length] = place;
    starts[items.push(item)] = count;
  }
  return { items, places, starts, from: from.subarray(0, count), to: to.subarray(0, count), kind: kind.subarray(0, count), happened };
}

function longer<Column extends Float64Array | Uint8Array>(column: Column): Column {
  const made = new (column.constructor as new (length: number) => Column)(2 * column.length + 16);
  made.set(column);
  return made;
}

/** A deviation where no waiver holds, and where one does. */
function parts(claim: Period, waivers: readonly Period[]): readonly (readonly [Period, number])[] {
  const waived = intersect([claim], union(waivers));
  const bare = subtract([claim], waived);
  return [...bare.map((part) => [part, KIND.deviates] as const), ...waived.map((part) => [part, KIND.waived] as const)].sort(([a], [b]) => a.from - b.from);
}

/** A period, and up to where and when it is told of. */
export interface Asked {
  readonly period: Period;
  /** Where what is told ends: with the period, or just after `now`. */
  readonly until: Instant;
  readonly now: Instant;
}

/** What counts for a period, items by their place among the claims. */
export interface Counted {
  readonly examined: number;
  readonly deviating: readonly number[];
  /** Of these those that deviate at a time at which no waiver holds. */
  readonly unwaived: number;
  /** Items that are unknown at some time, whether or not they deviate at another. */
  readonly unknown: readonly number[];
}

/** States by what is claimed of them at any time in the period, events of the period by what is claimed of them now. */
export function countOver({ items, starts, from, to, kind, happened }: Claims, { period, until, now }: Asked): Counted {
  const [deviating, unknown] = [[] as number[], [] as number[]];
  let [examined, unwaived] = [0, 0];
  if (until === period.from) return { examined, deviating, unknown, unwaived };
  const [begin, end] = happened ? [now, now + 1] : [period.from, until];
  for (let item = 0; item < items.length; item++) {
    if (happened) {
      const at = happened[item] ?? Number.NaN;
      if (!(period.from <= at && at < until)) continue;
    }
    let said = 0;
    for (let claim = starts[item] ?? 0, last = starts[item + 1] ?? 0; claim < last; claim++)
      if ((from[claim] ?? 0) < end && begin < (to[claim] ?? 0)) said |= 1 << (kind[claim] ?? 0);
    if (said === 0) continue;
    examined++;
    if (said & (DEVIATES | WAIVED)) deviating.push(item);
    if (said & DEVIATES) unwaived++;
    if (said & UNKNOWN) unknown.push(item);
  }
  return { examined, deviating, unknown, unwaived };
}

const DEVIATES = 1 << KIND.deviates;
const WAIVED = 1 << KIND.waived;
const UNKNOWN = 1 << KIND.unknown;
