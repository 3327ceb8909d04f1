import { createHash } from 'node:crypto';
import { readStreams } from '../../src/app/read-again.ts';
import type { Told } from '../../src/app/read-record.ts';
import { days } from '../../src/core/instant.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { assemble, findingsAt, type Grounds } from '../../src/engine/assemble.ts';
import { Assessor } from '../../src/engine/assess.ts';
import { Coverage } from '../../src/engine/coverage.ts';
import { type Block, Engine } from '../../src/engine/engine.ts';
import type { Memory } from '../../src/engine/memory.ts';
import type { PackedLooks, PackedSteps } from '../../src/engine/packed.ts';
import { periodReader } from '../../src/engine/period.ts';
import { resultsOver } from '../../src/engine/period-results.ts';
import { populationOf } from '../../src/engine/population.ts';
import { catalogOf, stampAt } from '../iam/catalog.ts';
import { checkId, checksOf, datasetsOf, expectedOf, FLAGS, lastAt, nextDay, OWNED, runOf, type Size, START, TEAMS, teamsAt } from './world.ts';

/** What there is, and what examines it. */
export function worldOf(size: Size) {
  const datasets = datasetsOf(size);
  return { size, datasets, also: [...datasets, TEAMS as unknown as Dataset], checks: checksOf(size, datasets) };
}

type World = ReturnType<typeof worldOf>;

/** Tells everything of some datasets, one after another, and examines nothing yet. */
export function told({ size, also }: World, on: Pick<World, 'checks' | 'datasets'>, memory: Memory): Engine {
  const engine = new Engine(on.checks, also, memory);
  for (const at of [START, lastAt(size)]) engine.tell(teamsAt(at, 0, 0));
  for (const [of, dataset] of on.datasets.entries())
    for (let revision = 0; revision < size.revisions; revision++) engine.tell(runOf(size, dataset, revision, 1 + of * size.revisions + revision));
  return engine;
}

/** The first dataset, and those of its checks that have to be examined: all others say of all datasets what these say of it. */
export function first({ checks, datasets }: World): Pick<World, 'checks' | 'datasets'> {
  const its = Array.from({ length: FLAGS }, (_, number) => checkId(0, number));
  return { datasets: datasets.slice(0, 1), checks: checks.filter(({ id }) => id === OWNED || its.includes(id)) };
}

/** What is kept of the first dataset, and the same of all others and of all other checks: what they would be had they been told and examined. */
export function* withCopies({ size: { checks }, datasets }: World, blocks: Iterable<Block>): Iterable<Block> {
  const [{ id: first = '' } = {}] = datasets;
  const flags = new Map(Array.from({ length: FLAGS }, (_, number) => [checkId(0, number), number]));
  for (const { kind, name, block, content } of blocks) {
    const [flag, [dataset = '', stream]] = [flags.get(name), name.split(' ')];
    if (flag !== undefined)
      for (const [of, { id }] of datasets.entries())
        for (let number = flag; number < checks; number += FLAGS)
          yield { kind, name: checkId(of, number), block, content: { ...(content as PackedSteps), of: id } };
    else if (dataset !== first) yield { kind, name, block, content };
    else
      for (const { id } of datasets)
        if (stream === undefined) yield { kind, name: id, block, content };
        else yield { kind, name: `${id} ${stream}`, block, content: ofDataset(content as PackedLooks, id) };
  }
}

const ofDataset = ({ of, ...looks }: PackedLooks, dataset: string): PackedLooks => ({ ...looks, of: { ...of, dataset } });

/** What a day brings: one thing in a thousand of each dataset is otherwise. Says how many items of checks were examined. */
export function learnDay({ size, datasets }: World, engine: Engine): number {
  return datasets.reduce((sum, dataset, of) => sum + engine.learn(nextDay(size, dataset, 1_000_000 + of)), 0);
}

/** Some teams go: things are found by their owner. Says how many items were examined. */
export const learnTeams = ({ size }: World, engine: Engine): number => engine.learn(teamsAt(lastAt(size) + days(1), 2_000_000, 3));

/** Everything that is asked of an engine, each answer as a line of numbers. It is told as it is made, and nothing of it is collected. */
export function* asked({ size, also, checks }: World, engine: Engine): Iterable<readonly [what: string, answer: string]> {
  const now = lastAt(size) + days(2);
  const coverage = new Coverage(engine.facts, also, expectedOf(also.slice(0, -1)));
  const catalog = catalogOf(checks);
  const grounds: Grounds = { engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog };
  const stamp = { ...stampAt(now), period: { from: START, to: now } };

  // As a workspace does on its first page, but for the findings, which a posture lists.
  const empty = { ...grounds, catalog: { ...catalog, controls: [] } };
  const posture = assemble(empty, stamp);
  yield [
    'posture',
    `${posture.checks.reduce((sum, { examined }) => sum + examined, 0)} ${posture.checks.reduce((sum, { deviations }) => sum + deviations, 0)}`,
  ];

  const reader = periodReader(grounds);
  const control = catalog.controls[1];
  const results = resultsOver(reader, stamp, [control?.id ?? ''], []);
  const deviations = createHash('sha256');
  let count = 0;
  for (const { item, from } of results.controls[0]?.checks[0]?.deviations ?? []) {
    count++;
    deviations.update(`${item.label} ${from}\n`);
  }
  yield ['period of one control', `${results.controls[0]?.checks[0]?.examined} ${count} ${deviations.digest('hex').slice(0, 16)}`];

  const check = checks.find(({ id }) => id === control?.checks[0]);
  const keys = createHash('sha256');
  let members = 0;
  if (check)
    for (const { key, label } of populationOf(reader, 'C', check, stamp.period, now).items) {
      members++;
      keys.update(`${key} ${label}\n`);
    }
  yield ['population of it', `${members} ${keys.digest('hex').slice(0, 16)}`];

  yield ['deviations of one check', countOf(findingsAt(grounds, stamp, { checks: check ? [check.id] : [] }))];
}

/** How much there is to tell of all checks. */
export function askedForAll({ also, checks, size }: World, engine: Engine): string {
  const coverage = new Coverage(engine.facts, also, expectedOf(also.slice(0, -1)));
  const grounds: Grounds = { engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog: catalogOf(checks) };
  return countOf(findingsAt(grounds, { ...stampAt(lastAt(size) + days(2)), period: { from: START, to: lastAt(size) + days(2) } }));
}

function countOf(findings: Iterable<unknown>): string {
  let count = 0;
  for (const _ of findings) count++;
  return String(count);
}

/** The first dataset is told again as a whole, from records that are read one by one. Says how many of its rows are otherwise for it: none. */
export async function tellAgain({ size, datasets }: World, engine: Engine): Promise<number> {
  const [dataset] = datasets;
  if (!dataset) return 0;
  const runOfRecord = (record: number) => (record >= 1_000_000 ? nextDay(size, dataset, record) : runOf(size, dataset, record - 1, record));
  const read = async (record: number) => ({ runs: [runOfRecord(record)] }) as unknown as Told;
  const forgotten = [...engine.streams()]
    .filter((it) => it.dataset === dataset.id)
    .map((it) => ({ ...it, tellings: [...engine.facts.everyLook({ id: it.dataset }, it.stream)] }));
  return engine.renew({ streams: await readStreams(engine, forgotten, read, () => undefined) });
}
