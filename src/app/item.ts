import { ConfigurationError } from '../core/error.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { UNCOVERED } from '../engine/assess.ts';
import { uncoveredBecause } from '../engine/assemble.ts';
import { streamId } from '../engine/facts.ts';
import type { Ground, Then } from './grounds.ts';
import { type RowLine, rowLine } from './row-list.ts';

/** One item of a check's population, as findings name it. */
export interface ItemQuery {
  readonly check: string;
  readonly source: string;
  readonly partition: string;
  readonly key: string;
  readonly asOf?: Instant;
  readonly then?: Then;
}

/** What is claimed of an item from one instant up to another. */
export interface ItemStep extends Period {
  readonly kind: 'conforms' | 'deviates' | 'unknown';
  readonly because: string | null;
  readonly records: readonly number[];
}

/** Why an item stands as it stands: what was claimed of it when, its own rows, and those that it was examined with. */
export interface ItemView {
  readonly asOf: Instant;
  readonly check: string;
  readonly dataset: string;
  readonly label: string;
  readonly steps: readonly ItemStep[];
  /** Everything that was told of it up to the instant, in the order of time. */
  readonly rows: readonly RowLine[];
  /** Rows that it meets at the instant, by the name that the check gives them; `null` where it is examined with all there are. */
  readonly joined: readonly { readonly name: string; readonly dataset: string; readonly rows: readonly RowLine[] | null }[];
}

/** So many rows of one join are told. */
const MET = 200;

/** Throws `ConfigurationError` where there is no such check, or it knows no such item. */
export async function viewItem(grounds: (then?: Then) => Promise<Ground>, { check: id, source, partition, key, asOf, then }: ItemQuery): Promise<ItemView> {
  const on = await grounds(then);
  const at = asOf ?? on.asOf;
  const check = on.checks.find((its) => its.id === id);
  if (!check) throw new ConfigurationError(`no check is called ${id}. There are: ${on.checks.map((its) => its.id).join(', ')}.`);
  const { facts } = on.engine;
  const { dataset } = check.population;
  const item = `${streamId(source, partition)}/${key}`;
  const told = facts.of({ dataset }, item).filter(({ from }) => from <= at);
  const newest = told.findLast((fact) => holds(fact, at)) ?? told.at(-1);
  if (!newest) throw new ConfigurationError(`${id} knew no item ${key} of ${source} (${partition}) by then.`);
  const steps = on.assessor
    .claims(check, item)
    .filter(({ from }) => from <= at)
    .map(({ kind, because, from, to, records, uncovered }): ItemStep => {
      const why = because === UNCOVERED ? uncoveredBecause(on.coverage, uncovered, Math.min(at, Math.max(from, to - 1))) : because;
      return { kind, because: why, from, to: to > at ? NEVER : to, records };
    });
  return {
    asOf: at,
    check: id,
    dataset: dataset.id,
    label: dataset.label(newest.row),
    steps,
    rows: told.map((fact) => rowLine(dataset, { ...fact, to: fact.to > at ? NEVER : fact.to })),
    joined: Object.entries(check.with).map(([name, join]) => {
      const { dataset: other } = join.rows;
      const met = join.key === null ? null : facts.joined(join, newest.row).filter((fact) => (other.happened ? fact.from <= at : holds(fact, at)));
      return { name, dataset: other.id, rows: met?.slice(0, MET).map((fact) => rowLine(other, { ...fact, to: fact.to > at ? NEVER : fact.to })) ?? null };
    }),
  };
}
