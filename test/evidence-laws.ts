import type { Check } from '../src/checks/check.ts';
import { type Instant, instant, NEVER } from '../src/core/instant.ts';
import type { Status } from '../src/core/status.ts';
import { type Dataset, defineDataset, type Row, type Selection } from '../src/datasets/dataset.ts';
import { Assessor } from '../src/engine/assess.ts';
import { Coverage, type Expected } from '../src/engine/coverage.ts';
import { Engine } from '../src/engine/engine.ts';
import type { Run } from '../src/engine/facts.ts';

/** An item with the rows joined to it, and when it is asked about. */
export interface Told {
  readonly item: Row;
  readonly given: Readonly<Record<string, readonly Row[]>>;
  readonly at: Instant;
}

/** How a dataset was read: to its end just now, not to its end, too long ago, or not at all. */
type Read = 'whole' | 'in part' | 'long ago' | 'never';
const READS = ['never', 'in part', 'long ago'] as const satisfies readonly Read[];
const POPULATION = 'population';
const SINCE = instant('1960-01-01T00:00:00Z');
const COPIES = 40;

/** The same rows under a name of their own, told by a source: what a dataset is derived from is the engine's to test. */
function standIn({ dataset: { title, row, label, freshness, happened }, admits }: Selection, id: string): Selection {
  const dataset: Dataset = defineDataset<Row>({ id, title, row, label, freshness, key: (told) => JSON.stringify(told), ...(happened ? { happened } : {}) });
  return dataset.where(admits);
}

/** The check with each of its datasets apart, so that one of them can be missing while the others are there. */
function apart(check: Check): Check {
  const joins = Object.entries(check.with).map(([name, { rows, key }]) => {
    const its = standIn(rows, name === POPULATION ? `${name}s` : name);
    return [name, key ? its.on(key.theirs as never, key.ours) : its.all()] as const;
  });
  return { ...check, population: standIn(check.population, POPULATION), with: Object.fromEntries(joins) };
}

/** What one source told of some rows; `null` where it was never asked. */
function run({ id, freshness, happened }: Dataset, partition: string, rows: readonly Row[], at: Instant, read: Read): Run | null {
  if (read === 'never') return null;
  const asked = read === 'long ago' ? at - freshness : at;
  const polled = happened ? { polled: { from: SINCE, to: asked + (read === 'long ago' ? 0 : 1) } } : {};
  const complete = read !== 'in part';
  return { dataset: id, source: 'acme', partition, at: asked, complete, reason: complete ? null : 'it was cut off', rows, record: 0, ...polled };
}

/**
 * The status of a check by the engine, where its population is these items and its joins hold these rows.
 * @param reads how a dataset was read, by the name of the join, or `population`; to its end where nothing is said
 */
export function statusBy(check: Check, items: readonly Row[], { given, at }: Omit<Told, 'item'>, reads: Readonly<Record<string, Read>> = {}): Status {
  const asked = apart(check);
  const { dataset: own } = asked.population;
  const streams = [
    ...items.map((item, place) => ({ dataset: own, partition: String(place), rows: [item], read: reads[POPULATION] ?? 'whole' })),
    ...Object.entries(asked.with).map(([name, { rows }]) => ({
      dataset: rows.dataset,
      partition: 'all',
      rows: given[name] ?? [],
      read: reads[name] ?? 'whole',
    })),
  ];
  const expected = streams.map(({ dataset, partition }): Expected => ({ dataset: dataset.id, source: 'acme', partition, from: -Infinity, to: Infinity }));
  const runs = streams.flatMap(({ dataset, partition, rows, read }, record) => {
    const told = run(dataset, partition, rows, at, read);
    return told ? [{ ...told, record }] : [];
  });
  const engine = Engine.from([asked], runs);
  const coverage = new Coverage(engine.facts, new Set(streams.map(({ dataset }) => dataset)), expected);
  return new Assessor(engine, coverage).at(asked, at, { from: SINCE, to: at + 1 }).status;
}

/**
 * Where one of its datasets is missing it is unknown: what breaks that, by the first of these cases that pass with all of
 * them. What would have to wait without its rows waits. An event keeps what was said of it while all was covered, so that
 * for a later gap it does not answer.
 */
export function passesWithout(check: Check, conforming: readonly Told[]): readonly string[] {
  const whole = conforming.find((told) => statusBy(check, [told.item], told) === 'pass');
  if (!whole) return ['no case that conforms passes with all its evidence'];
  const datasets = [[POPULATION, check.population] as const, ...Object.entries(check.with).map(([name, { rows }]) => [name, rows] as const)];
  const isEvent = check.population.dataset.happened !== undefined;
  return datasets.flatMap(([name, { dataset }]) =>
    READS.flatMap((read) => {
      if (read === 'long ago' && (dataset.freshness >= NEVER || (isEvent && name !== POPULATION))) return [];
      const status = statusBy(check, [whole.item], whole, { [name]: read });
      const without = { ...Object.fromEntries(Object.keys(check.with).map((join) => [join, whole.given[join] ?? []])), [name]: [], at: whole.at };
      const verdict = check.examine(whole.item, without as never);
      const waits = read === 'never' && name !== POPULATION && verdict.kind === 'notYet' && verdict.until !== undefined;
      return status === 'unknown' || (waits && status === 'empty') ? [] : [`${name} was read ${read}, and it is ${status}`];
    }),
  );
}

/**
 * One more item never turns fail into pass: what breaks that, by a case that deviates and ever more of one that conforms,
 * with the rows joined to both, or to the first alone where those of the other would mend it.
 */
export function redeemedByMore(check: Check, deviating: readonly Told[], conforming: readonly Told[]): readonly string[] {
  const pairs = deviating.flatMap((bad) => conforming.map((good) => ({ bad, good })));
  const tried = [...pairs.map((pair) => ({ ...pair, given: both(check, pair.bad, pair.good) })), ...pairs.map((pair) => ({ ...pair, given: pair.bad.given }))];
  for (const { bad, good, given } of tried) {
    const status = (more: number) => statusBy(check, [bad.item, ...Array<Row>(more).fill(good.item)], { given, at: bad.at });
    if (status(0) !== 'fail') continue;
    const redeemed = [1, COPIES].find((more) => status(more) !== 'fail');
    return redeemed === undefined ? [] : [`${redeemed} more turn fail into ${status(redeemed)}`];
  }
  return ['no case that deviates fails with all its evidence'];
}

const both = (check: Check, one: Told, other: Told): Told['given'] =>
  Object.fromEntries(Object.keys(check.with).map((name) => [name, [...(one.given[name] ?? []), ...(other.given[name] ?? [])]]));
