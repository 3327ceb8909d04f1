import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Engine } from './engine.ts';
import type { Step } from './steps.ts';

/** What was said of an item, or `null` where nothing was: it was not in the population. */
export type Said = Pick<Step, 'kind' | 'because'> | null;

/** For one time, an item's verdict before and after. */
export interface Difference extends Period {
  readonly check: string;
  readonly item: string;
  readonly before: Said;
  readonly after: Said;
}

/** Every time for which two engines say different things of an item, in the order of checks, items and time. Records are no part of what is said. */
export function differences(before: Engine, after: Engine, checks: Iterable<string>): readonly Difference[] {
  return [...checks].sort().flatMap((id) => {
    const [was, is] = [before.verdicts({ id }), after.verdicts({ id })];
    const { places } = is;
    // Of two forks of one engine most items are the same, and are seen to be so without a look at what is said.
    const items =
      was.places === places
        ? [...new Set([...was.held(), ...is.held()])].filter((place) => !was.sameAt(place, is)).map((place) => places.name(place))
        : [...new Set([...was.keys(), ...is.keys()])];
    items.sort();
    return items.flatMap((item) => differing(was.get(item) ?? [], is.get(item) ?? []).map((part) => ({ check: id, item, ...part })));
  });
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
