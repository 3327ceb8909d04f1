import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Stamp } from '../engine/assemble.ts';
import type { Change, Member, PeriodResults, PeriodStatuses, Population } from '../engine/period-posture.ts';
import { resultsOver } from '../engine/period-results.ts';
import { populationKeys, populationOf } from '../engine/population.ts';
import { type PopulationFilter, type PopulationList, populationList } from '../engine/population-list.ts';
import type { Draw } from '../evidence/record.ts';
import type { Ground, Then } from './grounds.ts';
import { changesIn, inForceIn } from './in-force.ts';

export interface PeriodQuery {
  /** The observation period, unless said. */
  readonly period?: Period;
  /** Ids; all unless said. */
  readonly controls?: readonly string[];
  readonly asOf?: Instant;
  readonly then?: Then;
}

/** A population by its digest. */
export interface Digested {
  readonly control: string;
  readonly check: string;
  readonly count: number;
  /** SHA-256 of {@link populationLines}, hex. */
  readonly digest: string;
}

/** What results of a period go by. It is never what was so then: that is told beside it. */
export interface Applied {
  /** Of now, and applied to the whole period. */
  readonly applied: 'present';
  /** What became another in the period, in order. */
  readonly changes: readonly Change[];
  /** Configurations in force in the period that do not say which program and parameters were. */
  readonly unrecorded: readonly number[];
}

export type PeriodView = PeriodResults & Applied & { readonly populations: readonly Digested[] };

export interface PopulationQuery {
  readonly control: string;
  /** Every check of the control, unless said. */
  readonly check?: string;
  readonly period?: Period;
  readonly asOf?: Instant;
  readonly then?: Then;
}

export type PopulationView = Population & Pick<Digested, 'digest'> & { readonly checkpoint: Stamp['checkpoint'] };

/** A population of one check, item by item, those alone that are asked for. */
export type PopulationTable = Omit<PopulationView, 'items' | 'keys' | 'pick'> & { readonly list: PopulationList };

export interface Drawn extends Member {
  /** What it was ranked by: SHA-256, hex. */
  readonly rank: string;
}

export interface Sample {
  /** Index of the record of this draw. */
  readonly record: number;
  readonly population: PopulationView;
  readonly seed: string;
  /** In the order of their ranks. */
  readonly items: readonly Drawn[];
}

interface DrawnAgain extends Sample {
  readonly size: number;
  /** Whether the population has the digest that the record says. It has another where a check or a reader was changed since. */
  readonly same: boolean;
}

type Grounds = (then?: Then) => Promise<Ground>;

/** What a workspace answers about periods. */
export interface Periods {
  /** How everything stood over a period, and at every instant of it. */
  statuses(query?: Omit<PeriodQuery, 'controls'>): Promise<PeriodStatuses>;
  /** Each control over a period, with what was examined, what deviates and what is not known. */
  period(query?: PeriodQuery): Promise<PeriodView>;
  /** Every item of the checks of a control in a period: one population a check. */
  populations(query: PopulationQuery): Promise<readonly PopulationView[]>;
  /** One population as a table. Throws `ConfigurationError` where the control has several checks and none is named. */
  populationTable(query: PopulationQuery & Partial<PopulationFilter>): Promise<PopulationTable>;
  /** Draws items of one population by a seed, so that anybody draws the same ones, and seals that it was drawn. */
  sample(query: PopulationQuery & { readonly size: number; readonly seed: string }): Promise<Sample>;
  /** A sample that was drawn, drawn again from what its record says, by what was known then. Its seed was not disposed of. */
  drawnAgain(record: number, draw: Draw & { readonly seed: string }, then: Then): Promise<DrawnAgain>;
}

/** The same list is paged through by several: so many are remembered for as long as nothing more is known. */
const LISTS = 8;

export function periods(grounds: Grounds, seal: (draw: Draw) => Promise<number>): Periods {
  const lists = new WeakMap<Ground['periods'], Map<string, PopulationTable>>();
  const stamped = async (on: Ground, { period, asOf = on.asOf }: Omit<PeriodQuery, 'controls' | 'then'>): Promise<Stamp> => ({
    ...(await on.stamp(asOf)),
    ...(period ? { period } : {}),
  });

  async function populations({ control: id, check: named, then, ...asked }: PopulationQuery): Promise<readonly PopulationView[]> {
    const on = await grounds(then);
    const { periods: reader, catalog, checks } = on;
    const { period, asOf, checkpoint } = await stamped(on, asked);
    const control = catalog.controls.find((it) => it.id === id) ?? none('control', id, catalog.controls);
    if (named !== undefined && !control.checks.includes(named))
      throw new ConfigurationError(`${id} has no check ${named}. It has: ${control.checks.join(', ') || 'none'}.`);
    return checks
      .filter((check) => control.checks.includes(check.id) && (named === undefined || check.id === named))
      .map((check) => digested({ ...populationOf(reader, id, check, period, asOf), checkpoint }));
  }

  /** The one that is asked for: which of several has to be said. */
  async function only(query: PopulationQuery, how: string): Promise<PopulationView> {
    const found = await populations(query);
    const [population] = found;
    if (population && found.length === 1) return population;
    throw new ConfigurationError(
      `${query.control} has ${found.length} checks, each with a population of its own. Name one${how}: ${found.map(({ check }) => check).join(', ')}.`,
    );
  }

  async function listed({ periods: reader, checks }: Ground, query: PopulationQuery, filter: PopulationFilter): Promise<PopulationTable> {
    const { items: _, keys: __, pick: ___, ...about } = await only(query, '');
    const check = checks.find(({ id }) => id === about.check) ?? none('check', about.check, checks);
    return { ...about, list: populationList(reader, check, about.period, about.asOf, filter) };
  }

  return {
    async statuses({ then, ...query } = {}) {
      const on = await grounds(then);
      return on.periods.statuses(await stamped(on, query));
    },

    async period({ controls, then, ...query } = {}) {
      const on = await grounds(then);
      const { periods: reader, history, catalog } = on;
      const its = await stamped(on, query);
      const missing = controls?.find((id) => !catalog.controls.some((control) => control.id === id));
      if (missing !== undefined) none('control', missing, catalog.controls);
      const span = { from: its.period.from, to: Math.min(its.period.to, its.asOf + 1) };
      const configurations = inForceIn(history, span).map(({ at, record }) => ({ at, record }));
      const results = resultsOver(reader, its, controls ?? null, configurations);
      return { ...results, populations: digests(reader, results), ...changed(on, span, controls ?? null) };
    },

    populations,

    async populationTable({ outcome, text, ...query }) {
      const on = await grounds(query.then);
      const { period, asOf } = await stamped(on, query);
      const name = JSON.stringify([query.control, query.check ?? null, period, asOf, outcome ?? null, text ?? null]);
      const known = lists.get(on.periods) ?? new Map<string, PopulationTable>();
      lists.set(on.periods, known);
      const table = known.get(name) ?? (await listed(on, { ...query, asOf }, { outcome, text }));
      known.delete(name);
      known.set(name, table);
      const [oldest] = known.keys();
      if (known.size > LISTS && oldest !== undefined) known.delete(oldest);
      return table;
    },

    async sample({ size, seed, ...query }) {
      if (!/^[\x20-\x7e]{1,200}$/.test(seed)) throw new ConfigurationError('the seed is one line of 1 to 200 printable ASCII characters.');
      const population = await only(query, ' with --check');
      const { control, check, period, asOf, count, digest } = population;
      const record = await seal({ kind: 'draw', control, check, period: { from: period.from, to: period.to }, asOf, count, digest, size, seed });
      return { record, population, seed, items: draw(population, seed, size) };
    },

    async drawnAgain(record, { control, check, period, asOf, digest, size, seed }, then) {
      const population = await only({ control, check, period, asOf, then }, '');
      return { record, population, seed, size, same: population.digest === digest, items: draw(population, seed, size) };
    },
  };
}

/** What became another in a period of what the results of some controls rest on. */
export function changed({ history, catalog }: Pick<Ground, 'history' | 'catalog'>, period: Period, controls: readonly string[] | null): Applied {
  const about = (change: Change) => controls === null || change.check === null || change.controls.some((id) => controls.includes(id));
  const unrecorded = inForceIn(history, period).filter(({ inForce }) => inForce === null);
  return { applied: 'present', changes: changesIn(history, period, catalog.controls).filter(about), unrecorded: unrecorded.map(({ record }) => record) };
}

/** The bytes that a population's digest is of, piece by piece: its keys in UTF-8, in the order of their bytes, each ended by a line feed. */
export const populationLines = ({ keys }: Pick<Population, 'keys'>): Iterable<string> => linesOf(keys);

/** So many lines are put together to one piece. */
const PIECE = 1000;

function* linesOf(keys: Iterable<string>): Iterable<string> {
  for (const piece of pieces(keys)) yield piece.map((key) => `${key}\n`).join('');
}

function* pieces<Entry>(entries: Iterable<Entry>): Iterable<readonly Entry[]> {
  let piece: Entry[] = [];
  for (const entry of entries) {
    if (piece.push(entry) < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

/** One row a member, piece by piece: key, label, from, to (empty while it is there, and of events). A cell never starts a formula. */
export function* populationCsv({ items }: Pick<Population, 'items'>): Iterable<string> {
  const spelled = (rows: readonly (readonly string[])[]) => stringify(rows as string[][], { escape_formulas: true, record_delimiter: 'windows' });
  yield spelled([['key', 'label', 'from', 'to']]);
  for (const piece of pieces(items)) yield spelled(piece.map(({ key, label, from, to }) => [key, label, bound(from), bound(to)]));
}

/** The same, with how each came out and why: for a table on the way out, and in no bundle. */
export async function* outcomesCsv({ each }: Pick<PopulationList, 'each'>): AsyncIterable<string> {
  const spelled = (rows: readonly (readonly string[])[]) => stringify(rows as string[][], { escape_formulas: true, record_delimiter: 'windows' });
  yield spelled([['key', 'label', 'from', 'to', 'outcome', 'because']]);
  for (const piece of pieces(each()))
    yield spelled(piece.map(({ key, label, from, to, outcome, because }) => [key, label, bound(from), bound(to), outcome, because ?? '']));
}

const bound = (at: Instant): string => (Number.isFinite(at) ? iso(at) : '');

/** What draws a sample again from a file of the population's keys, in any POSIX shell with sha256sum: each line a rank and a key. */
export function sampleCommand(file: string, seed: string, size: number): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `d=$(sha256sum < ${quoted(file)} | cut -c1-64)`,
    `while IFS= read -r key; do printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' "$d" ${quoted(seed)} "$key" | sha256sum | cut -c1-64)" "$key"; done < ${quoted(file)} | LC_ALL=C sort | head -n ${size}`,
  ].join('; ');
}

/** The digests of the populations that results rest on. */
export function digests(
  reader: Ground['periods'],
  {
    controls,
    period,
    asOf,
  }: Pick<PeriodResults, 'period' | 'asOf'> & { readonly controls: readonly { readonly id: string; readonly checks: readonly { readonly id: string }[] }[] },
): readonly Digested[] {
  return populationsOf(
    reader,
    controls.map(({ id, checks }) => ({ id, checks: checks.map((check) => check.id) })),
    period,
    asOf,
  ).map(({ control, check, count, digest }) => ({ control, check, count, digest }));
}

/** The populations of some controls with the bytes that their digests are of, made when they are read. A check that two controls share is read once. */
export function populationsOf(
  reader: Ground['periods'],
  controls: readonly { readonly id: string; readonly checks: readonly string[] }[],
  period: Period,
  asOf: Instant,
): readonly (Digested & { text(): Iterable<string> })[] {
  const read = new Map<string, Omit<Digested, 'control'> & { text(): Iterable<string> }>();
  return controls.flatMap(({ id: control, checks }) =>
    reader.grounds.checks
      .filter(({ id }) => checks.includes(id))
      .map((check) => {
        const keys = () => populationKeys(reader, check, period, asOf);
        const its = read.get(check.id) ?? { check: check.id, ...counted(keys()), text: () => linesOf(keys()) };
        read.set(check.id, its);
        return { ...its, control };
      }),
  );
}

/** How many keys there are, and the digest of {@link populationLines}. */
function counted(keys: Iterable<string>): Pick<Digested, 'count' | 'digest'> {
  let count = 0;
  const hash = createHash('sha256');
  for (const piece of pieces(keys)) {
    count += piece.length;
    hash.update(piece.map((key) => `${key}\n`).join(''));
  }
  return { count, digest: hash.digest('hex') };
}

/** The first `size` items by `SHA-256(digest LF seed LF key)`, hex, ascending. More than there are: all of them. */
function draw({ digest, keys, pick }: PopulationView, seed: string, size: number): readonly Drawn[] {
  let first: (readonly [rank: string, key: string])[] = [];
  const cut = () => {
    first = first.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, size);
  };
  for (const key of keys) if (first.push([sha256(`${digest}\n${seed}\n${key}`), key]) >= 2 * size + PIECE) cut();
  cut();
  const members = new Map(Array.from(pick(new Set(first.map(([, key]) => key))), (member) => [member.key, member]));
  return first.flatMap(([rank, key]) => {
    const member = members.get(key);
    return member ? [{ ...member, rank }] : [];
  });
}

const digested = <Its extends Population>(population: Its): Its & Pick<Digested, 'digest'> => ({ ...population, digest: counted(population.keys).digest });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function none(what: string, id: string, there: readonly { readonly id: string }[]): never {
  throw new ConfigurationError(`no ${what} is called ${id}. There are: ${there.map((it) => it.id).join(', ')}.`);
}
