import { TickmarkError } from '../core/error.ts';

/** What was known at some records. */
export interface Recalled<Known> {
  /** Worked out once for all who ask at once, and after what others ask for. Throws `TickmarkError` `BUSY` where many wait already. */
  of(record: number, recall: () => Promise<Known>): Promise<Known>;
}

/** Of so many records it is remembered. */
const KEPT = 4;
/** So many are being worked out, one after another: each takes seconds, and room. */
const WAITING = 4;

export function recalled<Known>(): Recalled<Known> {
  const known = new Map<number, Known>();
  const making = new Map<number, Promise<Known>>();
  let last: Promise<unknown> = Promise.resolve();

  const keep = (record: number, its: Known): Known => {
    known.delete(record);
    known.set(record, its);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return its;
  };

  const make = async (record: number, recall: () => Promise<Known>): Promise<Known> => {
    const its = last.then(recall);
    last = its.catch(() => undefined); // whoever waits next is told of what happens to it, not of this
    try {
      return keep(record, await its);
    } finally {
      making.delete(record);
    }
  };

  return {
    async of(record, recall) {
      const there = known.get(record);
      if (there !== undefined) return keep(record, there);
      const begun = making.get(record);
      if (begun) return begun;
      if (making.size >= WAITING)
        throw new TickmarkError(
          'BUSY',
          `what was known at record ${record} has to wait: the same is worked out for ${making.size} other records. Ask again in a moment.`,
        );
      const its = make(record, recall);
      making.set(record, its);
      return its;
    },
  };
}
