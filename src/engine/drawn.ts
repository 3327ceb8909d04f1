import type { Instant } from '../core/instant.ts';
import { isSame, type Said } from './says.ts';

/** The verdicts on one item while they are found, in the order of time. Made once and used for one item after another. */
export class Drawn {
  readonly from: Instant[] = [];
  readonly to: Instant[] = [];
  readonly said: Said[] = [];
  size = 0;

  /** Steps that say the same are joined; the records are those that first taught it. */
  step(from: Instant, to: Instant, said: Said): void {
    const last = this.size - 1;
    const before = this.said[last];
    if (before && this.to[last] === from && isSame(before, said)) {
      this.to[last] = to;
      return;
    }
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.said[this.size] = said;
    this.size++;
  }
}
