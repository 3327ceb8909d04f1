import { viewCases, viewFindings } from './findings.ts';
import type { Ground } from './grounds.ts';
import { peopleAhead } from './person-list.ts';

/** So long other requests wait at the most while much is worked out, in milliseconds. */
const SLICE = 15;
/** Evidence may come meanwhile, and then it is worked out anew: so often before whoever asks is made to wait for it in one piece. */
const TIMES = 3;

const WARM = new WeakSet<object>();

/**
 * What is known, with the claims of every check worked out, which is most of what a posture takes: slice by slice, so that
 * others are answered in between.
 */
export async function warmed(grounds: () => Promise<Ground>): Promise<Ground> {
  let on = await grounds();
  for (let times = 0; times < TIMES && !WARM.has(on.assessor); times++) {
    const whole = await workedOut(on);
    const after = await grounds(); // waits for what is being learned: where it is the same, nothing was
    if (whole && after.assessor === on.assessor) WARM.add(on.assessor);
    on = after;
  }
  return on;
}

/** Resolves to whether all of it could be worked out: what is learned in between may take it away. */
async function workedOut({ assessor, checks }: Pick<Ground, 'assessor' | 'checks'>): Promise<boolean> {
  let since = performance.now();
  try {
    for (const check of checks)
      for (const _ of assessor.columns(check).blocks()) {
        if (performance.now() - since < SLICE) continue;
        await new Promise((resume) => setImmediate(resume));
        since = performance.now();
      }
    return true;
  } catch {
    return false;
  }
}

/**
 * Works out once what lists are sorted by and what is kept of it from one learning to the next: names of items, numbers
 * of cases, people. Whoever asks for the first page of one does not wait for it then.
 */
export function listsAhead(on: Ground): void {
  peopleAhead(on.engine.facts, on.asOf);
  viewCases(on, {}).cases.paged().window(0, 1);
  viewFindings(on, {}).page(null, 1);
}
