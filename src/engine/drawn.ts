import type { Instant } from '../core/instant.ts';
import type { Says } from './says.ts';

/** The verdicts on one item while they are found, in the order of time. Made once and used for one item after another. */
export class Drawn {
  readonly from: Instant[] = [];
  readonly to: Instant[] = [];
  readonly said: number[] = [];
  size = 0;

  /** Steps that say the same are joined; the records are those that first taught it. */
  step(says: Says, from: Instant, to: Instant, said: number): void {
    const last = this.size - 1;
    if (last >= 0 && this.to[last] === from && says.isSame(this.said[last] ?? -1, said)) {
      this.to[last] = to;
      return;
    }
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.said[this.size] = said;
    this.size++;
  }
}
