import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';

/** How many of each kind there were from one instant up to another. */
export interface CountStep<Kind extends string> extends Period {
  /** Of a step that stands for several: as it was at the worst instant of them. */
  readonly counts: Readonly<Record<Kind, number>>;
  /** The most of each at any time in it. What was so for a moment is in here, however many steps are taken together. */
  readonly most: Readonly<Record<Kind, number>>;
  /** How many changes within it are not drawn: 0 of a step that is one. */
  readonly hides: number;
}

/** Something that was of one kind for some time. */
export interface Spell<Kind extends string> extends Period {
  readonly kind: Kind;
}

/** There are so many more of a kind from an instant on, or fewer. */
export interface CountChange<Kind extends string> {
  readonly at: Instant;
  readonly kind: Kind;
  readonly by: number;
}

/** Where spells begin and end. */
export function* changesOf<Kind extends string>(spells: Iterable<Spell<Kind>>): Iterable<CountChange<Kind>> {
  for (const { from, to, kind } of spells) {
    yield { at: from, kind, by: 1 };
    yield { at: to, kind, by: -1 };
  }
}

/**
 * Counts at every instant of a period: steps that begin where a count changes and nowhere else, without a gap. Where there
 * are more than `atMost`, neighbours that lie closest together are taken together.
 *
 * @param counted in any order; what begins and ends outside of the period comes to nothing
 * @param kinds worst first
 */
export function countedOver<Kind extends string>(
  counted: Iterable<CountChange<Kind>>,
  kinds: readonly Kind[],
  { from, to }: Period,
  atMost: number,
): readonly CountStep<Kind>[] {
  if (from >= to) return [];
  const changes = new Map<Instant, number[]>([[from, kinds.map(() => 0)]]);
  for (const { at, kind, by } of counted) {
    if (at >= to) continue;
    const begins = Math.max(at, from);
    const its = changes.get(begins) ?? kinds.map(() => 0);
    const place = kinds.indexOf(kind);
    its[place] = (its[place] ?? 0) + by;
    changes.set(begins, its);
  }
  return fewer(stepsOf(changes, to), kinds, atMost).map(({ counts, most, ...step }) => ({ ...step, counts: named(kinds, counts), most: named(kinds, most) }));
}

/** The counts of a kind at an instant; `undefined` outside of the steps. */
export const countsAt = <Kind extends string>(steps: readonly CountStep<Kind>[], at: Instant): CountStep<Kind> | undefined =>
  steps.find((step) => step.from <= at && at < step.to);

interface Bare extends Period {
  readonly counts: readonly number[];
  readonly most: readonly number[];
  readonly hides: number;
}

function stepsOf(changes: ReadonlyMap<Instant, readonly number[]>, to: Instant): readonly Bare[] {
  const steps: { from: Instant; to: Instant; counts: readonly number[]; most: readonly number[]; hides: number }[] = [];
  let counts: readonly number[] = [];
  for (const [at, by] of [...changes].sort(([a], [b]) => a - b)) {
    const last = steps.at(-1);
    if (last && by.every((each) => each === 0)) continue;
    counts = by.map((each, kind) => (counts[kind] ?? 0) + each);
    if (last) last.to = at;
    steps.push({ from: at, to, counts, most: counts, hides: 0 });
  }
  return steps;
}

/** So many halvings tell two widths of a millisecond apart in any period there is. */
const HALVINGS = 50;

/** Takes together what lies closest: the narrowest width by which there are no more than `atMost` is found by halving. */
function fewer(steps: readonly Bare[], kinds: readonly string[], atMost: number): readonly Bare[] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last || steps.length <= atMost) return steps;
  let [narrow, wide] = [0, last.to - first.from];
  for (let halving = 0; halving < HALVINGS && wide - narrow > 1; halving++) {
    const width = Math.floor((narrow + wide) / 2);
    if (groupsOf(steps, width).length <= atMost) wide = width;
    else narrow = width;
  }
  return groupsOf(steps, wide).map((group) => together(group, kinds));
}

/** Steps that follow each other and last no longer than `width` together; a longer one stands alone. */
function groupsOf(steps: readonly Bare[], width: number): readonly (readonly Bare[])[] {
  const groups: Bare[][] = [];
  let since = -NEVER;
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && step.to - since <= width) last.push(step);
    else {
      groups.push([step]);
      since = step.from;
    }
  }
  return groups;
}

function together(group: readonly Bare[], kinds: readonly string[]): Bare {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last || group.length === 1) return first as Bare;
  const worst = group.reduce((bad, step) => (isWorse(step.counts, bad.counts) ? step : bad));
  return {
    from: first.from,
    to: last.to,
    counts: worst.counts,
    most: kinds.map((_, kind) => Math.max(...group.map(({ most }) => most[kind] ?? 0))),
    hides: group.length - 1 + group.reduce((sum, { hides }) => sum + hides, 0),
  };
}

/** By the worst kind of which there are not as many. */
function isWorse(a: readonly number[], b: readonly number[]): boolean {
  const kind = a.findIndex((count, place) => count !== b[place]);
  return kind >= 0 && (a[kind] ?? 0) > (b[kind] ?? 0);
}

const named = <Kind extends string>(kinds: readonly Kind[], counts: readonly number[]): Readonly<Record<Kind, number>> =>
  Object.fromEntries(kinds.map((kind, place) => [kind, counts[place] ?? 0])) as Record<Kind, number>;
