/** So many changes are told of at the most; whoever looked before those has to look at everything. */
const MOST = 16_384;

/** Which places were changed since somebody looked last. Who looks remembers when by {@link now}. */
export class Journal {
  /** Changes that are told of no more. */
  #lost = 0;
  #places: number[] = [];

  get now(): number {
    return this.#lost + this.#places.length;
  }

  note(place: number): void {
    if (this.#places.length >= MOST) this.lose();
    this.#places.push(place);
  }

  /** `null` where it cannot be told any more. */
  since(then: number): ReadonlySet<number> | null {
    return then < this.#lost ? null : new Set(this.#places.slice(then - this.#lost));
  }

  /** More was changed than can be told. */
  lose(): void {
    this.#lost += this.#places.length + 1;
    this.#places = [];
  }
}
