import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { ALWAYS, firstAfter, intersect, type Period, type Periods, within } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import type { Fact } from './facts.ts';
import { isOf, streamOf } from './places.ts';
import type { Said } from './says.ts';

/** Takes one claim: what is said then, and whether evidence covers it. What is not covered is unknown, whatever is said. */
export type Put = (from: Instant, to: Instant, said: Said, covered: boolean) => void;

/** The verdicts on the item at a place with coverage laid over them, in the order of time. An event keeps the first that time alone will not change. */
export type Lay = (place: number, put: Put) => void;

/** @param memory of {@link coveredBy}, shared by checks */
export function layer(engine: Engine, coverage: Coverage, check: Check, covered: ReturnType<typeof coveredBy>): Lay {
  const { facts } = engine;
  const verdicts = engine.verdicts(check);
  const { dataset } = check.population;
  const told = base(dataset);
  const isEvent = dataset.happened !== undefined;
  const looked = lookedSince(coverage);
  const { items } = facts.places(dataset);
  let stream = '';

  /** When all is covered that a step rests on: what it needs and, to conform, the source of a state itself. */
  const counts = (place: number, said: Said, step: Period): Periods => {
    const own = said.kind === 'conforms' && !isEvent;
    if (own && !isOf(items[place] ?? '', stream)) stream = streamOf(items[place] ?? '');
    const all = covered(told, own ? stream : null, said.needs);
    let its = holdsWhole(all, step) ? WHOLE : within(all, step);
    if (said.lacks.length > 0) {
      if (its === WHOLE) its = [step];
      const since = appeared(facts.table(told).at(place), step.from);
      for (const lacking of said.lacks) its = intersect(its, looked(lacking, since));
    }
    return its;
  };

  return (place, put) => {
    const { starts, counts: lengths, from, to, said: numbers, says } = verdicts.columns();
    const [first, end] = [starts[place] ?? 0, (starts[place] ?? 0) + (lengths[place] ?? 0)];
    let open = -Infinity; // how far a deviation that was seen reaches
    for (let number = first; number < end; number++) {
      const step = { from: from[number] ?? 0, to: to[number] ?? 0 };
      const said = says[numbers[number] ?? -1];
      if (!said || said.kind === 'notYet') continue;
      const lasts = isEvent && said.settled && said.kind !== 'unknown';
      const its = said.kind === 'unknown' || (said.kind === 'deviates' && open === step.from) ? WHOLE : counts(place, said, step);
      if (said.kind === 'deviates' && its.length > 0) open = step.to;
      if (its === WHOLE) {
        put(step.from, lasts ? NEVER : step.to, said, true);
        if (lasts) return;
      } else if (parts(step, said.kind === 'deviates' ? lasting(its, step) : its, said, lasts, put)) return;
    }
  };
}

/** A step that counts from its beginning to its end. */
const WHOLE: Periods = [ALWAYS];

/** The parts of a step that count and those that do not, in order. Of an event what is settled lasts, and is the last: then it says so. */
function parts(step: Period, its: Periods, said: Said, lasts: boolean, put: Put): boolean {
  let since = step.from;
  for (const part of its) {
    if (since < part.from) put(since, part.from, said, false);
    put(part.from, lasts ? NEVER : part.to, said, true);
    if (lasts) return true;
    since = part.to;
  }
  if (since < step.to) put(since, step.to, said, false);
  return false;
}

/** A deviation that was seen is seen to its end. */
const lasting = ([first]: Periods, { to }: Period): Periods => (first ? [{ from: first.from, to }] : []);

function holdsWhole(periods: Periods, { from, to }: Period): boolean {
  const period = periods.length === 1 ? periods[0] : periods[firstAfter(periods, from)];
  return period !== undefined && period.from <= from && to <= period.to;
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
