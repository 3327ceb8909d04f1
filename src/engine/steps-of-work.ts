/** So many are sorted, or put together, between one step and the next: some milliseconds. */
const STEP = 8192;

/** The numbers from 0 on, so many, in an order: step by step, so that whoever asks may let others have their turn. */
export function* sortedInSteps(count: number, compare: (a: number, b: number) => number): Generator<void, Uint32Array> {
  let [order, merged] = [Uint32Array.from({ length: count }, (_, number) => number), new Uint32Array(count)];
  for (let from = 0; from < count; from += STEP) {
    order.subarray(from, from + STEP).sort(compare);
    yield;
  }
  for (let width = STEP; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const [middle, end] = [Math.min(from + width, count), Math.min(from + 2 * width, count)];
      let [left, right] = [from, middle];
      for (let size = from; size < end; size++) {
        const isLeft = left < middle && (right >= end || compare(order[left] ?? 0, order[right] ?? 0) <= 0);
        merged[size] = order[isLeft ? left++ : right++] ?? 0;
        if (size % STEP === 0) yield;
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}

/** Does the steps of several works in turns, so that what one has at hand is there for the next. */
export function* abreast(...works: readonly Iterator<void, unknown>[]): Generator<void, void> {
  for (let left = works; left.length > 0; ) {
    left = left.filter((work) => !work.next().done);
    yield;
  }
}

/** Does the steps of several works, each of which says how far it is, so that all are equally far: what one has at hand is there for the others. */
export function* inStep(...works: readonly Iterator<number, unknown>[]): Generator<void, void> {
  for (let left = works.map((work) => ({ work, far: -1 })); left.length > 0; ) {
    const least = left.reduce((far, its) => Math.min(far, its.far), Number.POSITIVE_INFINITY);
    for (const its of left) {
      if (its.far > least) continue;
      const step = its.work.next();
      if (step.done) left = left.filter((other) => other !== its);
      else its.far = step.value;
      yield;
    }
  }
}

/** Does all steps at once, and gives what comes of them. */
export function finished<Result>(steps: Iterator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
