import { IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { confirmedTime, type Store } from './kept.ts';

/** How far a clock may lag behind an authority's before nothing may be sealed by it. */
const TOLERANCE = 60_000;

/** A clock that stops where it stands before a time that an authority has confirmed already. */
export interface FlooredClock {
  /** Throws `IntegrityError` instead of going back. */
  now(): Instant;
  /** Looks for new tokens. */
  refresh(): Promise<void>;
}

/** Time that is sealed never goes back behind the stored tokens, whatever becomes of the machine's clock. */
export async function flooredClock(store: Store, clock: () => Instant): Promise<FlooredClock> {
  let floor = await confirmedTime(store);
  return {
    now() {
      const now = clock();
      if (floor !== null && now < floor - TOLERANCE)
        throw new IntegrityError(
          'CLOCK',
          `this machine's clock says ${iso(now)}, but a time-stamping authority has confirmed ${iso(floor)} already. Set the clock: nothing is sealed until then.`,
        );
      return now;
    },
    async refresh() {
      floor = await confirmedTime(store);
    },
  };
}
