import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { several } from '../core/spoken.ts';
import { type Grounds, uncoveredBecause } from './assemble.ts';
import { type Claim, UNCOVERED } from './assess.ts';
import type { Claims } from './claims.ts';
import { base } from './derive.ts';
import { nameOf } from './naming.ts';
import type { ItemName } from './posture.ts';
import { finished } from './steps-of-work.ts';
import { CHANGES, type Together, taught, union, whatOf } from './turns.ts';

export interface Changed {
  readonly at: Instant;
  readonly what: (typeof CHANGES)[number];
  /** Those that say so of it in the same words. */
  readonly checks: readonly string[];
  readonly controls: readonly string[];
  /** The first of them by place; several become unknown at once when a source is silent. */
  readonly item: ItemName;
  readonly count: number;
  /** One sentence, whole. */
  readonly says: string;
  readonly records: readonly number[];
}

/** What became otherwise after one instant and up to another, the newest first. It takes as long as there was of it. */
export const changedBetween = (grounds: Grounds, since: Instant, now: Instant): readonly Changed[] => finished(changing(grounds, since, now));

/** The same step by step. */
export function* changing(grounds: Grounds, since: Instant, now: Instant): Generator<void, readonly Changed[]> {
  const { checks, catalog } = grounds;
  const merged = new Map<string, Changed>();
  for (const check of checks) {
    const controls = catalog.controls.filter((control) => control.checks.includes(check.id)).map(({ id }) => id);
    if (controls.length === 0) continue;
    for (const change of yield* changesOf(grounds, check, since, now)) {
      const { at, what, item, says } = change;
      const name = JSON.stringify([at, what, item.source, item.partition, item.key, says]);
      const known = merged.get(name);
      merged.set(name, known ? together(known, { ...change, controls }) : { ...change, controls });
    }
  }
  return [...merged.values()].sort(
    (a, b) => b.at - a.at || CHANGES.indexOf(a.what) - CHANGES.indexOf(b.what) || (a.says < b.says ? -1 : Number(a.says > b.says)),
  );
}

const together = (a: Changed, b: Changed): Changed => ({
  ...a,
  checks: [...a.checks, ...b.checks],
  controls: [...new Set([...a.controls, ...b.controls])].sort(),
  records: union(a.records, b.records),
});

type Bare = Omit<Changed, 'controls'>;

function* changesOf(grounds: Grounds, check: Check, since: Instant, now: Instant): Generator<void, readonly Bare[]> {
  const turns = yield* grounds.assessor.columns(check).turning();
  // What goes missing goes missing together: by the words of it, and by the first of its items.
  const groups = new Map<string, Told>();
  for (const its of turns.together(since, now)) {
    const told = toldOf(grounds, check, its);
    const name = `${told.what} ${told.at} ${told.says}`;
    const known = groups.get(name);
    groups.set(name, known ? both(known, told) : told);
    yield;
  }
  const changes: Bare[] = [];
  for (const { place, ...its } of groups.values()) {
    const item = itemAt(grounds, check, place, its.at);
    changes.push({ ...its, item, says: saying(item, its) });
    yield;
  }
  const places = turns.alone(since, now);
  for (const place of places) {
    for (const change of alone(grounds, check, place, places.length > FEW)) if (since < change.at && change.at <= now) changes.push(change);
    yield;
  }
  return changes;
}

/** What so few rest on stays at hand: pages show it too. Of more it takes no room from others. */
const FEW = 1000;
/** Of so many items of a check it is kept what is said of them, for as long as nothing is learned. */
const MANY = 5000;
const KEPT = new WeakMap<Claims, Map<number, readonly Bare[]>>();

function alone(grounds: Grounds, check: Check, place: number, passing: boolean): readonly Bare[] {
  const claims = grounds.assessor.columns(check);
  const known = KEPT.get(claims) ?? new Map<number, readonly Bare[]>();
  KEPT.set(claims, known);
  const its = known.get(place) ?? [...changesAt(grounds, check, place, passing)];
  if (known.size < MANY) known.set(place, its);
  return its;
}

/** What several items became, before the first of them is named. */
interface Told extends Omit<Bare, 'item'> {
  readonly place: number;
}

function toldOf({ coverage }: Grounds, check: Check, { at, what, because, needs, place, count, records }: Together): Told {
  const own = base(check.population.dataset).id;
  const why = because ?? uncoveredBecause(coverage, [own, ...needs], at);
  return { at, what, checks: [check.id], place, count, says: endOf(what, undefined, why), records };
}

const both = (a: Told, b: Told): Told => ({ ...a, place: Math.min(a.place, b.place), count: a.count + b.count, records: union(a.records, b.records) });

const itemAt = ({ engine }: Grounds, check: Check, place: number, at: Instant): ItemName =>
  nameOf(engine, check, engine.verdicts(check).places.name(place), at);

/** When one item deviates, and no longer does. */
function* changesAt(grounds: Grounds, check: Check, place: number, passing: boolean): Iterable<Bare> {
  const { assessor, coverage } = grounds;
  const claims = assessor.claimsAt(check, place, passing);
  for (let number = 0; number <= claims.length; number++) {
    const [before, after] = [claims[number - 1], claims[number]];
    const isNext = before !== undefined && after !== undefined && before.to === after.from;
    // Between two claims that do not touch, the item was not in the population.
    const turns = isNext ? [{ at: after.from, was: before, is: after }] : apart(before, after);
    for (const { at, was, is } of turns) {
      const what = whatOf(was?.kind, is?.kind);
      if (what !== 'deviates' && what !== 'ends') continue;
      const because = what === 'deviates' ? becauseOf(is, at) : becauseOf(was, at - 1);
      const records = what === 'ends' ? taught(was?.records, is?.records) : (is?.records ?? []);
      const item = itemAt(grounds, check, place, at);
      yield { at, what, checks: [check.id], item, count: 1, says: saying(item, { what, count: 1, says: endOf(what, is, because) }), records };
    }
  }

  function becauseOf(claim: Claim | undefined, at: Instant): string {
    if (!claim) return '';
    return claim.because === UNCOVERED ? uncoveredBecause(coverage, claim.uncovered, at) : (claim.because ?? '');
  }
}

interface Turn {
  readonly at: Instant;
  readonly was: Claim | undefined;
  readonly is: Claim | undefined;
}

function apart(before: Claim | undefined, after: Claim | undefined): readonly Turn[] {
  return [
    ...(before && before.to < NEVER ? [{ at: before.to, was: before, is: undefined }] : []),
    ...(after ? [{ at: after.from, was: undefined, is: after }] : []),
  ];
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The end of a sentence that begins with the item. */
function endOf(what: Changed['what'], is: Claim | undefined, because: string): string {
  if (what === 'deviates') return ` deviates: ${ended(because)}`;
  if (what === 'unknown') return ` unknown: ${ended(because)}`;
  if (what === 'known') return ' known again.';
  return is ? ` no longer deviates. Before: ${ended(because)}` : ` is no longer in the population. Before it deviated: ${ended(because)}`;
}

function saying(item: ItemName, { what, count, says }: Pick<Bare, 'what' | 'count' | 'says'>): string {
  if (what === 'deviates' || what === 'ends') return `${item.label}${says}`;
  return `${item.label}${count > 1 ? ` and ${several(count - 1, 'more item')}` : ''} ${count > 1 ? 'are' : 'is'}${says}`;
}
