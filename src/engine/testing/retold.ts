import type { Engine } from '../engine.ts';
import type { Run } from '../fact.ts';
import type { Retelling } from '../retelling.ts';

/** A stream told anew by these runs, whatever order they are in. */
export function retold({ facts }: Pick<Engine, 'facts'>, dataset: string, stream: string, runs: readonly Run[]): Retelling {
  const its = facts.retelling(dataset, stream);
  for (const run of runs.toSorted((a, b) => a.at - b.at || a.record - b.record)) its.take(run);
  return its;
}
