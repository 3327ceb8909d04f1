import type { Check } from '../src/checks/check.ts';
import type { Instant } from '../src/core/instant.ts';
import type { Period } from '../src/core/interval.ts';
import type { Dataset } from '../src/datasets/dataset.ts';
import { Assessor } from '../src/engine/assess.ts';
import { KIND } from '../src/engine/claim-block.ts';
import { Coverage, type Expected } from '../src/engine/coverage.ts';
import { type Engine, Restoring } from '../src/engine/engine.ts';
import { periodReader, toldOf } from '../src/engine/period.ts';
import type { Position, RecordRow, Store } from '../src/store/store.ts';
import { catalogOf } from './iam/catalog.ts';

// Every seam between the workloads and those parts of the product that have no narrower interface: what changes there changes here, and nowhere else.

/** Tells of every time in which an item of a check deviates in a period: the place of the check, the item, from when and up to when. */
export type Told = (test: number, item: string, from: Instant, to: Instant) => void;

/**
 * Reads periods of an engine that learns no more meanwhile, as a workspace does: what is claimed is worked out by the
 * first question, and kept in columns for those after it.
 */
export function readerOf(
  engine: Engine,
  datasets: readonly Dataset[],
  expected: readonly Expected[],
  checks: readonly Check[],
): (period: Period, now: Instant, tell: Told) => void {
  const coverage = new Coverage(engine.facts, datasets, expected);
  const reader = periodReader({ engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog: catalogOf(checks) });
  return (period, now, tell) => {
    const told = toldOf(period, now);
    for (const [test, check] of checks.entries()) {
      const { claims, deviating } = reader.check(check, told);
      const span = claims.events ? { from: now, to: now + 1 } : { from: period.from, to: told.until };
      let next = 0;
      for (const { places, starts, from, to, kind } of claims.blocks())
        for (let item = 0; item < places.length && next < deviating.length; item++) {
          if (places[item] !== deviating[next]) continue;
          next++;
          for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
            const [begins, ends] = [from[claim] ?? 0, to[claim] ?? 0];
            if (DEVIATES.includes(kind[claim] ?? 0) && begins < span.to && span.from < ends) tell(test, claims.places.name(places[item] ?? -1), begins, ends);
          }
        }
    }
  };
}

const DEVIATES: readonly number[] = [KIND.deviates, KIND.waived];

/** Keeps all that an engine knows in a store that holds nothing yet. */
export function keepAll(store: Store, engine: Engine): Promise<void> {
  const position = { size: 1, root: '', code: 'bench', catalog: 'bench' };
  return store.save(null, { position, records: [], blocks: engine.kept() });
}

/** An engine from what a store keeps, as a process has it that has just started. */
export async function restored(store: Store, checks: readonly Check[]): Promise<Engine> {
  const restoring = new Restoring(checks, []);
  await store.load(restoring);
  return restoring.engine();
}

/** Keeps what one record taught. */
export function keepLearned(store: Store, before: Position | null, position: Position, record: RecordRow, engine: Engine): Promise<void> {
  return store.save(before, { position, records: [record], blocks: engine.changed() });
}
