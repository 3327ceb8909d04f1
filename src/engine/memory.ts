/** Takes what has to leave memory, in what JSON can say: what it gives reads it again. */
export type Put = (content: unknown) => () => unknown;

/** What holds blocks that can leave memory. */
export interface Holder {
  /** Those that are decoded, each with when it was last asked for and the bytes it takes. */
  held(): Iterable<{ readonly block: number; readonly used: number; readonly bytes: number }>;
  /** Lets go of one. `false` where it cannot: it holds what was never kept, and there is nowhere to put it. */
  drop(block: number): boolean;
}

/** So many bytes of decoded blocks are kept at hand, unless said: about half a million facts with their verdicts. */
export const ROOM = 512 * 2 ** 20;
/** When there is no room left, so much of it is made: looking for what to let go of costs more than letting go. */
const LEFT = 0.75;
/** So much is kept at hand of what was decoded to learn something, once that is kept elsewhere. */
const AT_REST = 0.25;

/**
 * The room for what is decoded, one for all that an engine holds. What was asked for longest ago leaves first, and is read
 * again when it is asked for. What has changed since it was kept stays, or is put aside where there is a place for it.
 */
export class Memory {
  readonly put: Put | null;
  readonly #room: number;
  /** Not held by this: what nobody needs any more is gone with its blocks. */
  readonly #holders = new Set<WeakRef<Holder>>();
  #bytes = 0;
  /** Below it nobody has to be asked to let go. */
  #wall: number;
  #now = 0;

  /** @param room bytes, by estimate: blocks are weighed, and nothing else */
  constructor(room: number = ROOM, put: Put | null = null) {
    this.put = put;
    this.#room = room;
    this.#wall = room;
  }

  join(holder: Holder): void {
    this.#holders.add(new WeakRef(holder));
  }

  /** Counts how often anything was asked for. */
  tick(): number {
    return ++this.#now;
  }

  /** Of a block that was decoded, or has become larger. What was asked for by the last {@link tick} stays. */
  grew(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#wall) this.#makeRoom();
  }

  /** Bytes of all blocks that are decoded. */
  weigh(): number {
    this.#bytes = this.#held().reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#bytes;
  }

  /** Of what was learned, all was kept: few of the blocks that it took will be asked for soon, and memory that is full is slow to clear. */
  rest(): void {
    this.#makeRoom(this.#room * AT_REST, this.#room * AT_REST);
  }

  /** Down to so many bytes, where there are more than may be. */
  #makeRoom(most: number = this.#room, left: number = this.#room * LEFT): void {
    const held = this.#held();
    let bytes = held.reduce((sum, its) => sum + its.bytes, 0);
    if (bytes > most) {
      held.sort((a, b) => a.used - b.used);
      for (const { holder, block, used, bytes: its } of held) {
        if (bytes <= left) break;
        if (used < this.#now && holder.drop(block)) bytes -= its;
      }
    }
    this.#bytes = bytes;
    this.#wall = Math.max(this.#room, bytes + this.#room / 8);
  }

  #held() {
    const all: { readonly holder: Holder; readonly block: number; readonly used: number; readonly bytes: number }[] = [];
    for (const known of this.#holders) {
      const holder = known.deref();
      if (!holder) this.#holders.delete(known);
      else for (const { block, used, bytes } of holder.held()) all.push({ holder, block, used, bytes });
    }
    return all;
  }
}
