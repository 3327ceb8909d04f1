import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { ALWAYS, firstAfter, intersect, type Period, type Periods, within } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import type { Fact } from './facts.ts';
import { BLOCK, blockOf } from './places.ts';
import type { Said } from './says.ts';

/** Takes one claim: what is said then, and whether evidence covers it. What is not covered is unknown, whatever is said. */
export type Put = (from: Instant, to: Instant, said: Said, covered: boolean) => void;

/**
 * The verdicts on the item at a place with coverage laid over them, in the order of time. An event keeps the first that
 * time alone will not change. Whoever lays all items one after another is `passing`: what is not at hand is let go of again.
 */
export type Lay = (place: number, put: Put, passing?: boolean) => void;

/** @param memory of {@link coveredBy}, shared by checks */
export function layer(engine: Engine, coverage: Coverage, check: Check, covered: ReturnType<typeof coveredBy>): Lay {
  const { facts } = engine;
  const verdicts = engine.verdicts(check);
  const { dataset } = check.population;
  const told = base(dataset);
  const isEvent = dataset.happened !== undefined;
  const looked = lookedSince(coverage);
  const places = facts.places(dataset);

  let own: { readonly stream: string; readonly needs: Said['needs']; readonly periods: Periods } | null = null;
  let any: { readonly needs: Said['needs']; readonly periods: Periods } | null = null;

  /** When all is covered that a step needs and, to conform, the source of a state itself. */
  const coveredFor = (place: number, { kind, needs }: Said): Periods => {
    if (kind !== 'conforms' || isEvent) {
      if (any?.needs !== needs) any = { needs, periods: covered(told, null, needs) };
      return any.periods;
    }
    const stream = places.streamAt(place);
    if (own?.needs !== needs || own.stream !== stream) own = { stream, needs, periods: covered(told, stream, needs) };
    return own.periods;
  };
  /** The same where some datasets must have been looked at since the item appeared. */
  const countsFor = (place: number, said: Said, step: Period, passing: boolean): Periods => {
    const table = facts.table(told);
    const since = appeared(passing ? table.glanceAt(place) : table.at(place), step.from);
    return said.lacks.reduce((its, lacking) => intersect(its, looked(lacking, since)), within(coveredFor(place, said), step));
  };

  return (place, put, passing = false) => {
    const block = passing ? verdicts.glance(blockOf(place)) : verdicts.block(blockOf(place));
    if (!block) return;
    const { starts, counts: lengths, from, to, said: numbers, says } = block;
    const first = starts[place % BLOCK] ?? 0;
    const end = first + (lengths[place % BLOCK] ?? 0);
    let open = -Infinity; // how far a deviation that was seen reaches
    for (let number = first; number < end; number++) {
      const said = says[numbers[number] ?? -1];
      if (!said) continue;
      const [begin, until, deviates] = [from[number] ?? 0, to[number] ?? 0, said.kind === 'deviates'];
      if (said.kind === 'notYet') {
        if (said.needs.length > 0) outside(begin, until, coveredFor(place, said), said, isEvent && said.settled, put);
        continue;
      }
      const lasts = isEvent && said.settled && said.kind !== 'unknown';
      if (said.kind === 'unknown' || (deviates && open === begin)) {
        if (deviates) open = until;
        put(begin, lasts ? NEVER : until, said, true);
        if (lasts) return;
        continue;
      }
      const counts = said.lacks.length === 0 ? coveredFor(place, said) : countsFor(place, said, { from: begin, to: until }, passing);
      const seen = counts[firstAfter(counts, begin)];
      if (deviates && seen && seen.from < until) open = until;
      if (parts(begin, until, counts, said, lasts, put)) return;
    }
  };
}

/**
 * The parts of a step that count and those that do not, in order. A deviation that was seen is seen to its end. Of an
 * event what is settled lasts, and is the last: then it says so.
 */
function parts(begin: Instant, until: Instant, counts: Periods, said: Said, lasts: boolean, put: Put): boolean {
  let since = begin;
  for (let place = firstAfter(counts, begin); place < counts.length; place++) {
    const part = counts[place];
    if (!part || part.from >= until) break;
    const [from, to] = [part.from > begin ? part.from : begin, said.kind === 'deviates' || part.to > until ? until : part.to];
    if (since < from) put(since, from, said, false);
    put(from, lasts ? NEVER : to, said, true);
    if (lasts) return true;
    since = to;
    if (to === until) break;
  }
  if (since < until) put(since, until, said, false);
  return false;
}

/** What is left out of the population is left out where that is covered, an event from then on; before and between, nobody knows. */
function outside(begin: Instant, until: Instant, counts: Periods, said: Said, lasts: boolean, put: Put): void {
  parts(begin, until, counts, said, lasts, (from, to, its, covered) => {
    if (!covered) put(from, to, its, false);
  });
}

/** When one stream of a dataset and all of some others are covered: the same for most items of a check, so it is worked out once. */
export function coveredBy(coverage: Coverage): (dataset: Dataset, stream: string | null, needs: readonly string[]) => Periods {
  const memory = new Map<readonly string[], Map<string, Periods>>();
  let last: { readonly dataset: Dataset; readonly stream: string | null; readonly needs: readonly string[]; readonly periods: Periods } | null = null;
  return (dataset, stream, needs) => {
    if (last && last.needs === needs && last.stream === stream && last.dataset === dataset) return last.periods;
    const byStream = memory.get(needs) ?? new Map<string, Periods>();
    memory.set(needs, byStream);
    const name = stream === null ? '' : `${dataset.id} ${stream}`;
    const periods =
      byStream.get(name) ??
      needs.reduce<Periods>((all, needed) => intersect(all, coverage.dataset(needed)), stream === null ? [ALWAYS] : coverage.stream(dataset, stream));
    byStream.set(name, periods);
    last = { dataset, stream, needs, periods };
    return periods;
  };
}

/** The same instant is asked about for whatever one run told. */
function lookedSince(coverage: Coverage): (dataset: string, since: Instant) => Periods {
  const memory = new Map<string, { since: Instant; periods: Periods }>();
  return (dataset, since) => {
    const known = memory.get(dataset);
    if (known?.since === since) return known.periods;
    const periods = coverage.lookedSince(dataset, since);
    memory.set(dataset, { since, periods });
    return periods;
  };
}

/** When the item that is there at an instant came, never having left since. */
function appeared(history: readonly Fact[], at: Instant): Instant {
  let came = at;
  for (let place = history.length - 1; place >= 0; place--) {
    const fact = history[place];
    if (fact && fact.from <= at && fact.to >= came) came = fact.from;
  }
  return came;
}
