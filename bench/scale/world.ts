import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates } from '../../src/checks/check.ts';
import { days, instant } from '../../src/core/instant.ts';
import { type Dataset, defineDataset } from '../../src/datasets/dataset.ts';
import type { Expected } from '../../src/engine/coverage.ts';
import type { Run } from '../../src/engine/fact.ts';

/** How large a made-up company is: all datasets hold the same, `datasets` times `items` items, each told otherwise `revisions` times and examined by `checks` checks. */
export interface Size {
  readonly datasets: number;
  readonly items: number;
  readonly revisions: number;
  readonly checks: number;
}

export const START = instant('2025-01-01T02:00:00Z');
/** Checks whose numbers are so far apart say the same. */
export const FLAGS = 10;
/** Of a thousand flags so many are off. */
const OFF = 30;
const APART = days(60);
const TEAMS_THERE = 997;

interface Thing {
  readonly [field: string]: string | number | boolean;
  readonly id: string;
  readonly owner: string;
  readonly revision: number;
}

const made = <Its>(count: number, make: (number: number) => Its): readonly Its[] => Array.from({ length: count }, (_, number) => make(number));

export const datasetsOf = ({ datasets }: Size): readonly Dataset[] =>
  made(
    datasets,
    (number) =>
      defineDataset<Thing>({
        id: `scale.things-${number}`,
        title: 'Things that there are many of',
        row: z.custom<Thing>(),
        key: ({ id }) => id,
        label: ({ id, owner }) => `${id} of ${owner}`,
        freshness: 2 * APART,
      }) as unknown as Dataset,
  );

interface Team {
  readonly [field: string]: string;
  readonly id: string;
}

/** Whom things are owned by: the first check of the first dataset asks for them. */
export const TEAMS = defineDataset<Team>({
  id: 'scale.teams',
  title: 'Teams',
  row: z.custom<Team>(),
  key: ({ id }) => id,
  label: ({ id }) => id,
  freshness: 2 * APART,
});

/** Of the first dataset those things that a team owns which is not there any more. */
export const OWNED = 'scale-owned';

const ownedBy = (dataset: Dataset): Check =>
  defineCheck({
    id: OWNED,
    title: 'Owned',
    version: 1,
    asserts: 'Every thing is owned by a team that there is.',
    population: dataset as unknown as Dataset<Thing>,
    with: { teams: TEAMS.on('id', 'owner') },
    examine: ({ owner }, { teams }) => (teams.length > 0 ? conforms() : deviates(`there is no ${owner}`)),
  }) as unknown as Check;

export const checkId = (of: number, number: number): string => `scale-${of}-${number}`;

export const checksOf = ({ checks }: Size, datasets: readonly Dataset[]): readonly Check[] =>
  datasets.flatMap((dataset, of) => [...(of === 0 ? [ownedBy(dataset)] : []), ...made(checks, (number) => flagged(dataset, of, number))]);

function flagged(dataset: Dataset, of: number, number: number): Check {
  const flag = `flag${number % FLAGS}`;
  return defineCheck<Thing>({
    id: checkId(of, number),
    title: `Flag ${number}`,
    version: 1,
    asserts: `Every thing has ${flag} on.`,
    population: dataset as unknown as Dataset<Thing>,
    examine: (thing) => (thing[flag] ? conforms() : deviates(`${flag} of ${thing.owner} is off`)),
  }) as unknown as Check;
}

export const expectedOf = (datasets: readonly Dataset[]): readonly Expected[] =>
  [...datasets, TEAMS].map(({ id }) => ({ dataset: id, source: 'scale', partition: 'main', from: START, to: Infinity }));

/** Every team but the first `gone`. */
export const teamsAt = (at: number, record: number, gone: number): Run =>
  runAt(
    TEAMS as unknown as Dataset,
    at,
    record,
    made(TEAMS_THERE - gone, (team) => ({ id: `team-${team + gone}` })),
  );

/** One complete answer of a dataset's source: its rows as they were at a revision. */
export function runOf({ items }: Size, dataset: Dataset, revision: number, record: number): Run {
  return runAt(
    dataset,
    START + revision * APART,
    record,
    made(items, (item) => rowOf(item, revision)),
  );
}

/** A day after the last revision, one thing in a thousand is told otherwise. */
export function nextDay({ items, revisions }: Size, dataset: Dataset, record: number): Run {
  const rows = made(items, (item) => rowOf(item, item % 1000 === 7 ? revisions : revisions - 1));
  return runAt(dataset, lastAt({ revisions }) + days(1), record, rows);
}

export const lastAt = ({ revisions }: Pick<Size, 'revisions'>): number => START + (revisions - 1) * APART;

const runAt = ({ id }: Dataset, at: number, record: number, rows: Run['rows']): Run => ({
  dataset: id,
  source: 'scale',
  partition: 'main',
  at,
  complete: true,
  reason: null,
  rows,
  record,
});

function rowOf(item: number, revision: number): Thing {
  const row: Record<string, string | number | boolean> = {};
  for (let flag = 0; flag < FLAGS; flag++) row[`flag${flag}`] = isOn(item, revision, flag);
  return { ...row, id: `thing-${item}`, owner: `team-${item % TEAMS_THERE}`, revision };
}

/** The same in every process. */
export function isOn(item: number, revision: number, flag: number): boolean {
  let hash = Math.imul(item + 1, 0x9e3779b1) ^ Math.imul(revision + 1, 0x85ebca6b) ^ Math.imul(flag + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) % 1000 >= OFF;
}

/** How many of a dataset's items have a flag off at a revision. */
export function countOff({ items }: Size, revision: number, flag: number): number {
  let count = 0;
  for (let item = 0; item < items; item++) if (!isOn(item, revision, flag)) count++;
  return count;
}
