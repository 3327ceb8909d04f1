import { randomHex } from '../log/random.ts';
import type { Draft } from './record.ts';

/** No call of `append` is put under a checkpoint with others that have so many records already. */
const BATCH = 256;

type Append = (drafts: readonly Draft[]) => Promise<readonly number[]>;

interface Waiting {
  readonly drafts: readonly Draft[];
  resolve(indexes: readonly number[]): void;
  reject(error: unknown): void;
}

/**
 * Appends one batch after another: what has come while a batch was on its way goes under one checkpoint. Every draft has
 * an id from here on, so that whatever tries again below seals nothing twice.
 */
export function grouped(
  append: Append,
  /** Told of what comes next while a batch is on its way, and whether that is the whole of the next batch. */
  prepare: (drafts: readonly Draft[], isWhole: boolean) => void = () => undefined,
): {
  readonly append: Append;
  /** What must not meet a batch on its way. */
  alone<Result>(act: () => Promise<Result>): Promise<Result>;
  idle(): Promise<void>;
} {
  const waiting: Waiting[] = [];
  let queue: Promise<void> = Promise.resolve();
  let [isFlushing, records] = [false, 0];
  const next = async () => {
    const batch = waiting.splice(0, fitting(waiting));
    if (batch.length === 0) return;
    records -= recordsOf(batch);
    isFlushing = true;
    lookAhead();
    await flush(batch, append);
    isFlushing = false;
  };
  /** A turn later: by then the batch before it is at work. */
  const lookAhead = () =>
    setImmediate(() => {
      const [first] = waiting;
      if (!isFlushing || !first) return;
      if (records < BATCH) prepare(first.drafts, false);
      else
        prepare(
          waiting.slice(0, fitting(waiting)).flatMap(({ drafts }) => drafts),
          true,
        );
    });
  return {
    append(drafts) {
      const named = drafts.map((draft) => (draft.id === undefined ? { ...draft, id: randomHex(16) } : draft));
      return new Promise((resolve, reject) => {
        waiting.push({ drafts: named, resolve, reject });
        queue = queue.then(next);
        const before = records;
        records += named.length;
        if (isFlushing && (waiting.length === 1 || (before < BATCH && records >= BATCH))) lookAhead();
      });
    },
    alone(act) {
      const turn = queue.then(act);
      queue = turn.then(
        () => undefined,
        () => undefined, // it is told to whoever asked
      );
      return turn;
    },
    idle: () => queue,
  };
}

const recordsOf = (waiting: readonly Waiting[]): number => waiting.reduce((sum, { drafts }) => sum + drafts.length, 0);

/** How many of those that wait go together. */
function fitting(waiting: readonly Waiting[]): number {
  let records = 0;
  const beyond = waiting.findIndex(({ drafts }) => {
    const isFull = records >= BATCH;
    records += drafts.length;
    return isFull;
  });
  return beyond < 0 ? waiting.length : beyond;
}

/** One another's faults harm nobody: where the batch fails, each is tried on its own. */
async function flush(batch: readonly Waiting[], append: Append): Promise<void> {
  try {
    const indexes = (await append(batch.flatMap(({ drafts }) => drafts))).values();
    for (const { drafts, resolve } of batch) resolve([...indexes.take(drafts.length)]);
  } catch (error) {
    const [first, ...others] = batch;
    if (others.length === 0) return first?.reject(error);
    for (const it of batch) await append(it.drafts).then(it.resolve, it.reject);
  }
  return undefined;
}
