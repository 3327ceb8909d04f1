import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { intersect, type Period, subtract, union } from '../core/interval.ts';
import { type ClaimBlock, KIND, longer } from './claim-block.ts';
import type { Engine } from './engine.ts';
import type { Lay, Put } from './laid.ts';
import { BLOCK, type Places } from './places.ts';
import { type Form, Shelf } from './shelf.ts';
import type { StepBlock } from './step-block.ts';
import { finished } from './steps-of-work.ts';
import { type Tally, tallying } from './tally.ts';
import { type Noting, Turns } from './turns.ts';

/**
 * Every claim of a check, in columns: an instant or a period is read from them by scanning, and nothing is examined or
 * intersected again. A claim costs 17 bytes. Blocks leave memory as others do, and are worked out again. Holds until the
 * engine learns.
 */
export interface Claims {
  /** Whether its items are events. */
  readonly events: boolean;
  readonly places: Places;
  /** Block by block, in the order of places. */
  blocks(): Iterable<ClaimBlock>;
  /**
   * What they come to at every instant; of events of those that happened from one on. Block by block, each of which is laid
   * for it and whose number is told, and kept: whoever asks meanwhile goes on where another is.
   */
  tallying(since: Instant): Generator<number, Tally>;
  /** The same at once. */
  tally(since: Instant): Tally;
  /** When they become otherwise, block by block likewise. */
  turning(): Generator<void, Turns>;
}

/** Of so many beginnings it is kept what events come to. */
const KEPT = 4;

/** @param waivers of the check, by item */
export function claimsOf(engine: Engine, lay: Lay, check: Check, waivers: ReadonlyMap<string, readonly Period[]> | undefined): Claims {
  const verdicts = engine.verdicts(check);
  const { places } = verdicts;
  const events = check.population.dataset.happened !== undefined;
  // Never changed: what leaves memory is worked out again.
  const turns = new Turns();
  const waiversAt = (place: number) => waivers?.get(places.name(place));
  const form: Form<ClaimBlock, null> = {
    unpack: (_, block) => laidOver(verdicts.glance(block), block * BLOCK, { lay, events, waiversAt, turns: turns.has(block) ? null : turns.noting(block) }),
    pack: () => null,
    bytes: ({ from, places: its }) => 17 * from.length + 16 * its.length,
    copy: (block) => block,
    isEmpty: ({ places: its }) => its.length === 0,
  };
  const shelf = new Shelf(engine.memory, form);
  const there = verdicts.blocks();
  for (const block of there) shelf.wait(block, () => null);
  const tallies = remembered((since: Instant) => ({ counting: tallying(since), next: 0, tally: null as Tally | null }));

  function* tallied(since: Instant): Generator<number, Tally> {
    const its = tallies(events ? since : -NEVER);
    while (its.next < there.length) {
      const number = there[its.next] ?? -1;
      const block = shelf.get(number);
      if (block) its.counting.add(block);
      its.next++;
      yield number;
    }
    its.tally ??= its.counting.tally();
    return its.tally;
  }

  return {
    events,
    places,
    *blocks() {
      for (const number of there) {
        const block = shelf.get(number);
        if (block && block.places.length > 0) yield block;
      }
    },
    tallying: tallied,
    tally: (since) => finished(tallied(since)),
    *turning() {
      for (const number of there) {
        if (turns.has(number)) continue;
        shelf.get(number);
        yield;
      }
      return turns;
    },
  };
}

function remembered<Its>(make: (since: Instant) => Its): (since: Instant) => Its {
  const known = new Map<Instant, Its>();
  return (since) => {
    const its = known.get(since) ?? make(since);
    known.delete(since);
    known.set(since, its);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return its;
  };
}

interface Laying {
  readonly lay: Lay;
  readonly events: boolean;
  waiversAt(place: number): readonly Period[] | undefined;
  /** `null` where they were noted before. */
  readonly turns: Noting | null;
}

function laidOver(verdicts: StepBlock | undefined, first: number, { lay, events, waiversAt, turns }: Laying): ClaimBlock {
  const items = verdicts?.items ?? 0;
  const [places, starts] = [new Int32Array(items), new Int32Array(items + 1)];
  const happened = events ? new Float64Array(items) : null;
  let [from, to, kind] = [new Float64Array(2 * items), new Float64Array(2 * items), new Uint8Array(2 * items)];
  let count = 0;
  const put = (begin: Instant, end: Instant, said: number) => {
    if (count === kind.length) [from, to, kind] = [longer(from), longer(to), longer(kind)];
    from[count] = begin;
    to[count] = end;
    kind[count++] = said;
  };
  let waived: readonly Period[] | undefined;
  const lie: Put = (begin, end, said, covered) => {
    turns?.claim(begin, end, said, covered);
    if (!covered || said.kind === 'unknown' || said.kind === 'notYet') put(begin, end, KIND.unknown);
    else if (said.kind === 'conforms') put(begin, end, KIND.conforms);
    else if (!waived) put(begin, end, KIND.deviates);
    else for (const [part, how] of parts({ from: begin, to: end }, waived)) put(part.from, part.to, how);
  };
  for (let offset = 0, item = 0; verdicts && offset < BLOCK; offset++) {
    if (verdicts.counts[offset] === 0) continue;
    waived = waiversAt(first + offset);
    turns?.begin(first + offset);
    lay(first + offset, lie, true);
    // The first verdict on an event is of its own time.
    if (happened) happened[item] = verdicts.from[verdicts.starts[offset] ?? -1] ?? Number.NaN;
    places[item] = first + offset;
    starts[++item] = count;
  }
  turns?.done();
  return { places, starts, from: from.slice(0, count), to: to.slice(0, count), kind: kind.slice(0, count), happened };
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

/** What counts for a period, items by their places. */
export interface Counted {
  readonly examined: number;
  readonly deviating: readonly number[];
  /** Of these those that deviate at a time at which no waiver holds. */
  readonly unwaived: number;
  /** Items that are unknown at some time, whether or not they deviate at another. */
  readonly unknown: readonly number[];
}

/** States by what is claimed of them at any time in the period, events of the period by what is claimed of them now. */
export function countOver(claims: Claims, { period, until, now }: Asked): Counted {
  const [deviating, unknown] = [[] as number[], [] as number[]];
  let [examined, unwaived] = [0, 0];
  if (until === period.from) return { examined, deviating, unknown, unwaived };
  const [begin, end] = claims.events ? [now, now + 1] : [period.from, until];
  for (const { places, starts, from, to, kind, happened } of claims.blocks())
    for (let item = 0; item < places.length; item++) {
      if (happened) {
        const at = happened[item] ?? Number.NaN;
        if (!(period.from <= at && at < until)) continue;
      }
      let said = 0;
      for (let claim = starts[item] ?? 0, last = starts[item + 1] ?? 0; claim < last; claim++)
        if ((from[claim] ?? 0) < end && begin < (to[claim] ?? 0)) said |= 1 << (kind[claim] ?? 0);
      if (said === 0) continue;
      examined++;
      if (said & (DEVIATES | WAIVED)) deviating.push(places[item] ?? -1);
      if (said & DEVIATES) unwaived++;
      if (said & UNKNOWN) unknown.push(places[item] ?? -1);
    }
  return { examined, deviating, unknown, unwaived };
}

const DEVIATES = 1 << KIND.deviates;
const WAIVED = 1 << KIND.waived;
const UNKNOWN = 1 << KIND.unknown;
