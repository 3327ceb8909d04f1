import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Stamp } from '../engine/assemble.ts';
import type { Change, Member, PeriodResults, PeriodStatuses, Population } from '../engine/period-posture.ts';
import { resultsOver } from '../engine/period-results.ts';
import { populationKeys, populationOf } from '../engine/population.ts';
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
  /** SHA-256 of {@link populationText}, hex. */
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

type Grounds = (then?: Then) => Promise<Ground>;

/** What a workspace answers about periods. */
export interface Periods {
  /** How everything stood over a period, and at every instant of it. */
  statuses(query?: Omit<PeriodQuery, 'controls'>): Promise<PeriodStatuses>;
  /** Each control over a period, with what was examined, what deviates and what is not known. */
  period(query?: PeriodQuery): Promise<PeriodView>;
  /** Every item of the checks of a control in a period: one population a check. */
  populations(query: PopulationQuery): Promise<readonly PopulationView[]>;
  /** Draws items of one population by a seed, so that anybody draws the same ones, and seals that it was drawn. */
  sample(query: PopulationQuery & { readonly size: number; readonly seed: string }): Promise<Sample>;
}

export function periods(grounds: Grounds, seal: (draw: Draw) => Promise<number>): Periods {
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

    async sample({ size, seed, ...query }) {
      if (!/^[\x20-\x7e]{1,200}$/.test(seed)) throw new ConfigurationError('the seed is one line of 1 to 200 printable ASCII characters.');
      const found = await populations(query);
      const [population] = found;
      if (!population || found.length > 1)
        throw new ConfigurationError(
          `${query.control} has ${found.length} checks, each with a population of its own. Name one with --check: ${found.map(({ check }) => check).join(', ')}.`,
        );
      const { control, check, period, asOf, items, digest } = population;
      const record = await seal({ kind: 'draw', control, check, period: { from: period.from, to: period.to }, asOf, count: items.length, digest, size, seed });
      return { record, population, seed, items: draw(population, seed, size) };
    },
  };
}

/** What became another in a period of what the results of some controls rest on. */
export function changed({ history, catalog }: Pick<Ground, 'history' | 'catalog'>, period: Period, controls: readonly string[] | null): Applied {
  const about = (change: Change) => controls === null || change.check === null || change.controls.some((id) => controls.includes(id));
  const unrecorded = inForceIn(history, period).filter(({ inForce }) => inForce === null);
  return { applied: 'present', changes: changesIn(history, period, catalog.controls).filter(about), unrecorded: unrecorded.map(({ record }) => record) };
}

/** The bytes that a population's digest is of: its keys in UTF-8, in the order of their bytes, each ended by a line feed. */
export const populationText = ({ items }: Pick<Population, 'items'>): string => textOf(items.map(({ key }) => key));
const textOf = (keys: readonly string[]): string => keys.map((key) => `${key}\n`).join('');

/** One row a member: key, label, from, to (empty while it is there, and of events). A cell never starts a formula. */
export function populationCsv({ items }: Pick<Population, 'items'>): string {
  const rows = items.map(({ key, label, from, to }) => [key, label, bound(from), bound(to)]);
  return stringify([['key', 'label', 'from', 'to'], ...rows], { escape_formulas: true, record_delimiter: 'windows' });
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

/** The populations of some controls with the bytes that their digests are of. A check that two controls share is read once. */
export function populationsOf(
  reader: Ground['periods'],
  controls: readonly { readonly id: string; readonly checks: readonly string[] }[],
  period: Period,
  asOf: Instant,
): readonly (Digested & { readonly text: string })[] {
  const read = new Map<string, Omit<Digested, 'control'> & { readonly text: string }>();
  return controls.flatMap(({ id: control, checks }) =>
    reader.grounds.checks
      .filter(({ id }) => checks.includes(id))
      .map((check) => {
        const known = read.get(check.id);
        if (known) return { ...known, control };
        const keys = populationKeys(reader, check, period, asOf);
        const text = textOf(keys);
        const its = { check: check.id, count: keys.length, digest: sha256(text), text };
        read.set(check.id, its);
        return { ...its, control };
      }),
  );
}

/** The first `size` items by `SHA-256(digest LF seed LF key)`, hex, ascending. More than there are: all of them. */
function draw({ digest, items }: PopulationView, seed: string, size: number): readonly Drawn[] {
  return items
    .map((item) => ({ ...item, rank: sha256(`${digest}\n${seed}\n${item.key}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, size);
}

const digested = <Its extends Population>(population: Its): Its & Pick<Digested, 'digest'> => ({ ...population, digest: sha256(populationText(population)) });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function none(what: string, id: string, there: readonly { readonly id: string }[]): never {
  throw new ConfigurationError(`no ${what} is called ${id}. There are: ${there.map((it) => it.id).join(', ')}.`);
}
