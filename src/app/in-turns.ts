/** Does steps one after another and lets others have their turn after so many milliseconds. */
export async function inTurns<Result>(steps: Iterator<void, Result>, milliseconds: number): Promise<Result> {
  for (let since = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < milliseconds) continue;
    await new Promise((resume) => setImmediate(resume));
    since = performance.now();
  }
}
