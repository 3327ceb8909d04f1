import { changesOf } from '../src/app/read-again.ts';
import type { Check } from '../src/checks/check.ts';
import type { Instant } from '../src/core/instant.ts';
import type { Period } from '../src/core/interval.ts';
import type { Dataset } from '../src/datasets/dataset.ts';
import { Assessor, type Reading } from '../src/engine/assess.ts';
import { Coverage, type Expected } from '../src/engine/coverage.ts';
import { type Engine, type Learned, Restoring } from '../src/engine/engine.ts';
import type { Position, RecordRow, Store } from '../src/store/store.ts';

// Every seam between the workloads and those parts of the product that have no narrower interface: what changes there changes here, and nowhere else.

/**
 * Reads a period of every check, as the product does for each request: coverage and claims are computed anew over
 * the verdicts that the engine keeps.
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

/** Keeps all that an engine knows in a store that holds nothing yet. */
export function keepAll(store: Store, engine: Engine): Promise<void> {
  const position = { size: 1, root: '', code: 'bench', catalog: 'bench' };
  return store.save(null, { position, records: [], ...engine.state(), changedFacts: [], changedSteps: [] });
}

/** An engine from what a store keeps, as a process has it that has just started. */
export async function restored(store: Store, checks: readonly Check[]): Promise<Engine> {
  const restoring = new Restoring(checks, []);
  await store.load(restoring);
  return restoring.engine();
}

/** Keeps what one record taught. */
export function keepLearned(store: Store, before: Position | null, position: Position, record: RecordRow, engine: Engine, learned: Learned): Promise<void> {
  return store.save(before, { position, records: [record], ...changesOf(engine, [learned]) });
}
