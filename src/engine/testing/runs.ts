import type { Row } from '../../datasets/dataset.ts';
import type { Run } from '../facts.ts';

type Make = (dataset: { readonly id: string }, source: string, at: number, rows: readonly unknown[], more?: Partial<Run>) => Run;

/** Makes whole runs of one partition, each in a record after that of the one before. */
export function runsFrom(first: number): Make {
  let record = first;
  return (dataset, source, at, rows, more = {}) => ({
    dataset: dataset.id,
    source,
    partition: 'main',
    at,
    complete: true,
    reason: null,
    rows: rows as readonly Row[],
    record: record++,
    ...more,
  });
}
