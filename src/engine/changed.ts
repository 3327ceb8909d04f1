import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { several } from '../core/spoken.ts';
import { type Grounds, uncoveredBecause } from './assemble.ts';
import { type Claim, UNCOVERED } from './assess.ts';
import { nameOf } from './naming.ts';
import type { ItemName } from './posture.ts';

/** What became otherwise: an item deviates or no longer does, or it is not known any more, or known again. */
export const CHANGES = ['deviates', 'unknown', 'ends', 'known'] as const;

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

/** What became otherwise after one instant and up to another, the newest first. */
export function changedBetween(grounds: Grounds, since: Instant, now: Instant): readonly Changed[] {
  const { checks, catalog } = grounds;
  const merged = new Map<string, Changed>();
  for (const check of checks) {
    const controls = catalog.controls.filter((control) => control.checks.includes(check.id)).map(({ id }) => id);
    if (controls.length === 0) continue;
    for (const change of changesOf(grounds, check, since, now)) {
      const { at, what, item, says } = change;
      const name = JSON.stringify([at, what, item.source, item.partition, item.key, says]);
      const known = merged.get(name);
      merged.set(name, known ? together(known, { ...change, controls }) : { ...change, controls });
    }
  }
  return [...merged.values()].sort((a, b) => b.at - a.at || CHANGES.indexOf(a.what) - CHANGES.indexOf(b.what) || (a.says < b.says ? -1 : 1));
}

const together = (a: Changed, b: Changed): Changed => ({
  ...a,
  checks: [...a.checks, ...b.checks],
  controls: [...new Set([...a.controls, ...b.controls])].sort(),
  records: union(a.records, b.records),
});

type Bare = Omit<Changed, 'controls'>;

function changesOf(grounds: Grounds, check: Check, since: Instant, now: Instant): readonly Bare[] {
  const groups = new Map<string, Bare>();
  for (const place of changedPlaces(grounds, check, since, now))
    for (const change of changesAt(grounds, check, place, since, now)) {
      // Of what was known of each the words are of each; what goes missing goes missing together.
      const name = change.what === 'unknown' || change.what === 'known' ? `${change.what} ${change.at} ${change.says}` : `${groups.size}`;
      const known = groups.get(name);
      groups.set(name, known ? { ...known, count: known.count + 1, records: union(known.records, change.records) } : { ...change, item: change.item() });
    }
  return [...groups.values()].map((change) => ({ ...change, says: saying(change) }));
}

/** Places of items of which something else is claimed than before, read off the columns. */
function changedPlaces({ assessor }: Grounds, check: Check, since: Instant, now: Instant): readonly number[] {
  const found: number[] = [];
  for (const { places, starts, from, to } of assessor.columns(check).blocks())
    for (let item = 0; item < places.length; item++)
      for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
        const [begins, ends] = [from[claim] ?? 0, to[claim] ?? 0];
        if (!(since < begins && begins <= now) && !(since < ends && ends <= now)) continue;
        found.push(places[item] ?? -1);
        break;
      }
  return found;
}

function* changesAt(
  { assessor, engine, coverage }: Grounds,
  check: Check,
  place: number,
  since: Instant,
  now: Instant,
): Iterable<Omit<Bare, 'item'> & { readonly item: () => ItemName }> {
  const claims = assessor.claimsAt(check, place);
  const name = engine.verdicts(check).places.name(place);
  for (let number = 0; number <= claims.length; number++) {
    const [before, after] = [claims[number - 1], claims[number]];
    const isNext = before !== undefined && after !== undefined && before.to === after.from;
    // Between two claims that do not touch, the item was not in the population.
    const turns = isNext ? [{ at: after.from, was: before, is: after }] : apart(before, after);
    for (const { at, was, is } of turns) {
      if (!(since < at && at <= now)) continue;
      const what = whatOf(was, is);
      if (what === null) continue;
      const because = what === 'deviates' || what === 'unknown' ? becauseOf(is, at) : becauseOf(was, at - 1);
      const records = what === 'known' || what === 'ends' ? taught(was, is) : (is?.records ?? []);
      const item = () => nameOf(engine, check, name, Math.min(at, now)); // of what is told together the first is named
      yield { at, what, checks: [check.id], item, count: 1, says: endOf(what, is, because), records };
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

/** `null`: nothing that anybody has to hear of. */
function whatOf(was: Claim | undefined, is: Claim | undefined): Changed['what'] | null {
  if (is?.kind === 'deviates') return was?.kind === 'deviates' ? null : 'deviates';
  if (is?.kind === 'unknown') return was?.kind === 'unknown' ? null : 'unknown';
  if (was?.kind === 'deviates') return 'ends';
  return was?.kind === 'unknown' && is !== undefined ? 'known' : null;
}

/** What was learned that was not known before; where nothing was, what it rested on. */
function taught(was: Claim | undefined, is: Claim | undefined): readonly number[] {
  const fresh = (is?.records ?? []).filter((record) => !was?.records.includes(record));
  return fresh.length > 0 ? fresh : (is?.records ?? was?.records ?? []);
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The end of a sentence that begins with the item. */
function endOf(what: Changed['what'], is: Claim | undefined, because: string): string {
  if (what === 'deviates') return ` deviates: ${ended(because)}`;
  if (what === 'unknown') return ` unknown: ${ended(because)}`;
  if (what === 'known') return ' known again.';
  return is ? ` no longer deviates. Before: ${ended(because)}` : ` is no longer in the population. Before it deviated: ${ended(because)}`;
}

function saying({ what, item, count, says }: Bare): string {
  if (what === 'deviates' || what === 'ends') return `${item.label}${says}`;
  return `${item.label}${count > 1 ? ` and ${several(count - 1, 'more item')}` : ''} ${count > 1 ? 'are' : 'is'}${says}`;
}

const union = (a: readonly number[], b: readonly number[]): readonly number[] =>
  b.every((record) => a.includes(record)) ? a : [...new Set([...a, ...b])].sort((x, y) => x - y);
