import type { Dataset } from '../datasets/dataset.ts';
import type { Run } from './fact.ts';
import type { Lists } from './lists.ts';
import type { Memory } from './memory.ts';
import { Places } from './places.ts';
import { type Kept, lookOf, saysAgain, type Stream, tell } from './stream.ts';
import { Table } from './table.ts';

/**
 * A stream told from its beginning, beside what is known of it: `Facts.replace` puts it in its place. Room is needed for
 * the rows of two runs, and for what of the facts is at hand; so runs have to come in the order of their starts, and those
 * of one start in the order of their records.
 */
export class Retelling {
  readonly dataset: Dataset;
  readonly stream: string;
  readonly #told: Stream;
  /** The newest: while another of the same start may come, it is not told. */
  #last: (Run & Kept) | null = null;
  #record = -1;

  constructor(dataset: Dataset, stream: string, on: { readonly memory: Memory; readonly lists: Lists }) {
    this.dataset = dataset;
    this.stream = stream;
    const table = new Table(new Places(on.memory), on.lists, on.memory);
    this.#told = { id: stream, dataset, table, runs: [], superseded: [], newest: -1 };
  }

  /** Whether a run is not too late for it. */
  takes({ at, record }: Pick<Run, 'at' | 'record'>): boolean {
    return !this.#last || at > this.#last.at || (at === this.#last.at && record >= this.#last.record);
  }

  /** Throws `RangeError` for a run that is too late: see {@link takes}. */
  take(run: Run): void {
    if (!this.takes(run)) throw new RangeError(`record ${run.record} tells of ${this.stream} out of order`);
    const last = this.#last;
    const isAgain = last?.at === run.at;
    if (last && isAgain) this.#told.superseded.push(lookOf(last));
    else if (last) tell(this.#told, last);
    this.#last = { ...run, taught: last && isAgain && saysAgain(this.#told, last, run) ? last.taught : run.record };
    this.#record = Math.max(this.#record, run.record);
  }

  /** All that it was told. Nothing is taken any more. */
  told(): Stream {
    if (this.#last) tell(this.#told, this.#last);
    this.#last = null;
    this.#told.newest = this.#record;
    return this.#told;
  }
}
