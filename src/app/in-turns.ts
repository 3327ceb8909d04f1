/** So long others wait at the most while much is worked out, in milliseconds. */
const SLICE = 15;

/** Does steps one after another, and lets others have their turn in between. */
export async function inTurns<Result>(steps: Iterator<unknown, Result>): Promise<Result> {
  for (let since = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE) continue;
    await new Promise((resume) => setImmediate(resume));
    since = performance.now();
  }
}
