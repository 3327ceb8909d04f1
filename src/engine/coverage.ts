import { type Instant, iso, NEVER } from '../core/instant.ts';
import { firstAfter, holds, intersect, type Period, type Periods, subtract, union } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { bases } from './derive.ts';
import { type Facts, lostIn, type Look, streamId } from './facts.ts';

const CONFIGURED = 'configuration/';

/** Which source must speak of which partition of a dataset, and for which time. */
export interface Expected extends Period {
  readonly dataset: string;
  readonly source: string;
  readonly partition: string;
}

export interface Asked extends Expected {
  readonly runs: readonly Look[];
  readonly looks: Periods;
}

/** For which times evidence is complete and fresh. */
export class Coverage {
  readonly #facts: Facts;
  readonly #datasets: ReadonlyMap<string, Dataset>;
  readonly #expected: readonly Expected[];
  readonly #memory = new Map<string, Periods>();
  readonly #byDataset = new Map<string, readonly (Expected & { readonly id: string })[]>();

  constructor(facts: Facts, datasets: Iterable<Dataset>, expected: readonly Expected[]) {
    this.#facts = facts;
    this.#datasets = new Map([...datasets].map((dataset) => [dataset.id, dataset]));
    this.#expected = expected;
  }

  /** A state is claimed for `freshness` after each look. Events are known for the time polled; only the newest poll claims beyond. */
  stream(dataset: Dataset, id: string): Periods {
    return this.#remembered(`stream ${dataset.id} ${id}`, () => {
      const looks = this.#looked(dataset, id);
      const claimed = dataset.happened ? looks.slice(-1) : looks;
      const fresh = union([...looks, ...claimed.map(({ from, to }) => ({ from, to: (dataset.happened ? to : from) + dataset.freshness }))]);
      return subtract(fresh, union(lostIn(this.#facts.runs(dataset, id))));
    });
  }

  /** When every source expected then speaks, and is known to be all that was expected. When none is expected, nothing is covered. */
  dataset(id: string): Periods {
    return this.#remembered(`dataset ${id}`, () => {
      const dataset = this.#datasets.get(id);
      if (!dataset) return [];
      const streams = this.#streams(id);
      const silent = streams.flatMap((it) => subtract([it], this.stream(dataset, it.id)));
      return subtract(union(streams), union([...silent, ...this.#scopeLost()]));
    });
  }

  /** When it is known which items there are: of a derived dataset, when all that it is derived from is covered. */
  population(dataset: Dataset): Periods {
    return this.#remembered(`population ${dataset.id}`, () =>
      bases(dataset)
        .map((id) => this.dataset(id))
        .reduce(intersect),
    );
  }

  /** Why that is not known at an instant. */
  explainPopulation(dataset: Dataset, at: Instant): string {
    return bases(dataset)
      .flatMap((id) => this.explain(id, at))
      .join(' ');
  }

  /** When any source was expected to speak of it. */
  expected(id: string): Periods {
    return union(this.#streams(id));
  }

  /** When every source expected then has been looked at since. */
  lookedSince(id: string, since: Instant): Periods {
    const dataset = this.#datasets.get(id);
    if (!dataset) return [];
    const waiting = this.#streams(id).flatMap((it) => {
      const looked = this.#looked(dataset, it.id);
      const first = looked[firstAfter(looked, since)]?.from ?? NEVER;
      return first <= since || first <= it.from ? [] : [{ from: Math.max(it.from, since), to: Math.min(it.to, first) }];
    });
    return subtract([{ from: since, to: NEVER }], union(waiting));
  }

  /** Why a dataset is not covered at an instant: a sentence for each source that did not speak. */
  explain(id: string, at: Instant): readonly string[] {
    const dataset = this.#datasets.get(id);
    const expected = this.#streams(id).filter((it) => holds(it, at));
    if (!dataset || expected.length === 0) return [`No source is connected that tells of ${id}.`];
    if (this.#scopeLost().some((period) => holds(period, at)))
      return ['Nobody can tell any more what tickmark.yaml said then, and so which sources were to speak: the record of it was disposed of.'];
    return expected
      .filter((it) => !this.stream(dataset, it.id).some((period) => holds(period, at)))
      .map(({ source, partition, id: stream }) => {
        const runs = this.#facts.runs(dataset, stream).filter((run) => run.at <= at);
        const whole = runs.findLast((run) => run.complete);
        const last = runs.at(-1);
        const who = source.endsWith(`/${partition}`) ? source : `${source} (${partition})`;
        if (!last) return `${who} has not been asked for ${id} yet.`;
        const since = whole ? `since ${iso(whole.at)}` : 'so far';
        return `${who} has given no complete evidence of ${id} ${since}${last.complete || last.reason === null ? '.' : `: ${last.reason.replace(/\.?$/, '.')}`}`;
      });
  }

  /** Every instant at which evidence begins or ceases to cover something, in no order: of each stream, of each look's beginning, and of what is expected. */
  *edges(): Iterable<Instant> {
    for (const { from, to } of this.#expected) yield* [from, to];
    for (const dataset of this.#datasets.values())
      for (const stream of this.#facts.streams(dataset)) {
        for (const { from, to } of this.stream(dataset, stream)) yield* [from, to];
        for (const { from } of this.#looked(dataset, stream)) yield from;
      }
  }

  /** The newest complete look of each expected source at an instant. */
  newestLooks(id: string, at: Instant): readonly number[] {
    const dataset = this.#datasets.get(id);
    if (!dataset) return [];
    return this.#streams(id).flatMap((it) => this.#facts.runs(dataset, it.id).findLast((run) => run.complete && run.at <= at)?.record ?? []);
  }

  /** Every source that was expected at some time in a period: all its runs, and the times at which it was looked at, in order. */
  asked(id: string, period: Period): readonly Asked[] {
    const dataset = this.#datasets.get(id);
    if (!dataset) return [];
    return this.#streams(id)
      .filter(({ from, to }) => from < period.to && period.from < to)
      .map(({ id: stream, ...expected }) => ({ ...expected, runs: this.#facts.runs(dataset, stream), looks: this.#looked(dataset, stream) }));
  }

  /** When nobody can tell any more what the configuration said, and so which sources were to speak. */
  #scopeLost(): Periods {
    return this.#remembered('scope', () =>
      union(
        this.#expected.flatMap(({ dataset: id, source, partition }) =>
          source.startsWith(CONFIGURED) ? lostIn(this.#facts.runs({ id }, streamId(source, partition))) : [],
        ),
      ),
    );
  }

  #streams(dataset: string): readonly (Expected & { readonly id: string })[] {
    const known = this.#byDataset.get(dataset);
    if (known) return known;
    const streams = this.#expected.filter((it) => it.dataset === dataset).map((it) => ({ ...it, id: streamId(it.source, it.partition) }));
    this.#byDataset.set(dataset, streams);
    return streams;
  }

  #looked(dataset: Dataset, id: string): Periods {
    return this.#remembered(`looks ${dataset.id} ${id}`, () => this.#facts.looks(dataset, id));
  }

  #remembered(name: string, compute: () => Periods): Periods {
    const value = this.#memory.get(name) ?? compute();
    this.#memory.set(name, value);
    return value;
  }
}
