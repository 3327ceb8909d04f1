import { Assessor } from '../assess.ts';
import { Coverage } from '../coverage.ts';
import { inOrder } from '../derive.ts';
import { Engine } from '../engine.ts';
import { type PeriodReader, periodReader } from '../period.ts';
import { CHECKS, EXPECTED, type histories } from './histories.ts';
import { someMemory } from './small.ts';

type History = typeof histories extends { generate(...given: never): { readonly value: infer Its } } ? Its : never;

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));

/** What is known of a history, and what reads periods from it. */
export function grounded({ runs, waivers }: Pick<History, 'runs' | 'waivers'>): PeriodReader['grounds'] & { readonly reader: PeriodReader } {
  const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
  const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
  const grounds = { engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks: CHECKS, catalog: { criteria: [], controls: [] } };
  return { ...grounds, reader: periodReader(grounds) };
}
