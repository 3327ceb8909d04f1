import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Engine } from './engine.ts';
import { byName, nameKey } from './by-name.ts';
import { ordered } from './ordered.ts';
import type { Step } from './steps.ts';
import type { Verdicts } from './verdicts.ts';

/** What was said of an item, or `null` where nothing was: it was not in the population. */
export type Said = Pick<Step, 'kind' | 'because'> | null;

/** For one time, an item's verdict before and after. */
export interface Difference extends Period {
  readonly check: string;
  readonly item: string;
  readonly before: Said;
  readonly after: Said;
}

/**
 * Every time for which two engines say different things of an item, in the order of checks, items and time, each made as
 * it is read: neither engine may learn meanwhile. Records are no part of what is said.
 */
export function* differences(before: Engine, after: Engine, checks: Iterable<string>): Iterable<Difference> {
  for (const id of [...checks].sort()) {
    const [was, is] = [before.verdicts({ id }), after.verdicts({ id })];
    for (const item of itemsOf(was, is)) for (const part of differing(was.get(item) ?? [], is.get(item) ?? [])) yield { check: id, item, ...part };
  }
}

/** Items of which two may say different things. Of two forks of one engine most are the same, and are seen to be so without a look at what is said. */
function itemsOf(was: Verdicts, is: Verdicts): Iterable<string> {
  const { places } = is;
  if (was.places !== places) return inOrder([...new Set([...was.keys(), ...is.keys()])]);
  const isChanged = new Uint8Array(places.count);
  for (const verdicts of [was, is]) for (const place of verdicts.held()) if (!was.sameAt(place, is)) isChanged[place] = 1;
  const changed: number[] = [];
  for (let place = isChanged.indexOf(1); place >= 0; place = isChanged.indexOf(1, place + 1)) changed.push(place);
  return byName(places, changed)
    .values()
    .map((place) => places.name(place));
}

function inOrder(items: readonly string[]): Iterable<string> {
  const itemAt = (place: number) => items[place] as string;
  return ordered([...items.keys()], { keyOf: (place) => nameKey(itemAt(place)), compare: (a, b) => (a < b ? -1 : Number(a > b)), make: itemAt });
}

function differing(was: readonly Step[], is: readonly Step[]): readonly Omit<Difference, 'check' | 'item'>[] {
  const edges = [...new Set([...was, ...is].flatMap(({ from, to }) => [from, to]))].sort((a, b) => (a < b ? -1 : 1));
  const parts: Omit<Difference, 'check' | 'item'>[] = [];
  edges.forEach((from, place) => {
    const to = edges[place + 1];
    const [before, after] = [saidAt(was, from), saidAt(is, from)];
    if (to === undefined || isSame(before, after)) return;
    const last = parts.at(-1);
    if (last && last.to === from && isSame(last.before, before) && isSame(last.after, after)) parts[parts.length - 1] = { ...last, to };
    else parts.push({ from, to, before, after });
  });
  return parts;
}

function saidAt(steps: readonly Step[], at: Instant): Said {
  const step = steps.find(({ from, to }) => from <= at && at < to);
  return step ? { kind: step.kind, because: step.because } : null;
}

const isSame = (a: Said, b: Said): boolean => a?.kind === b?.kind && a?.because === b?.because;
