import type { Check } from '../src/checks/check.ts';
import type { Instant } from '../src/core/instant.ts';
import type { Period } from '../src/core/interval.ts';
import type { Dataset } from '../src/datasets/dataset.ts';
import { Assessor, type Reading } from '../src/engine/assess.ts';
import { Coverage, type Expected } from '../src/engine/coverage.ts';
import type { Engine } from '../src/engine/engine.ts';

/**
 * Reads a period of every check, as the product does for each request: coverage and claims are computed anew over
 * the verdicts that the engine keeps. Whatever replaces this read in the product replaces it here, and nowhere else.
 */
export function readPeriod(
  engine: Engine,
  datasets: readonly Dataset[],
  expected: readonly Expected[],
  checks: readonly Check[],
  period: Period,
  now: Instant,
): readonly Reading[] {
  const assessor = new Assessor(engine, new Coverage(engine.facts, datasets, expected));
  return checks.map((check) => assessor.over(check, period, now));
}
