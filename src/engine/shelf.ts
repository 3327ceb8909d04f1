import type { Holder, Memory } from './memory.ts';

/** How blocks of one kind are decoded and put together. */
export interface Form<Its, Packed> {
  /** `null` where nothing of it counts any more. */
  unpack(packed: Packed, block: number): Its | null;
  /** `null` where nothing is to be kept. */
  pack(its: Its, block: number): Packed | null;
  /** By estimate, and soon: it is asked after every change. */
  bytes(its: Its): number;
  copy(its: Its): Its;
  isEmpty(its: Its): boolean;
}

interface Slot<Its, Packed> {
  its: Its | null;
  /** Reads it as it is; `null` where it has changed since, or was never kept. */
  read: (() => Packed) | null;
  used: number;
  bytes: number;
}

/** Blocks that are decoded when they are asked for, and leave memory when there is no room for them. */
export class Shelf<Its, Packed> implements Holder {
  /** Blocks that are to be kept anew. */
  readonly changed = new Set<number>();
  readonly #memory: Memory;
  readonly #form: Form<Its, Packed>;
  readonly #slots: (Slot<Its, Packed> | undefined)[] = [];
  /** What was glanced at last: several may go through all of it abreast. */
  #glanced: { readonly read: () => Packed; readonly its: Its | undefined } | null = null;

  /** @param from the same, to go on from apart from it: what was kept is read again from where it is */
  constructor(memory: Memory, form: Form<Its, Packed>, from?: Shelf<Its, Packed>) {
    this.#memory = memory;
    this.#form = form;
    memory.join(this);
    for (const [block, slot] of from ? from.#slots.entries() : []) {
      if (slot?.read) this.wait(block, slot.read);
      else if (slot?.its) {
        const made = { its: form.copy(slot.its), read: null, used: memory.tick(), bytes: 0 };
        this.#slots[block] = made;
        this.#weigh(made, made.its);
      }
    }
  }

  /** To be read, and not to be changed. */
  get(block: number): Its | undefined {
    const slot = this.#slots[block];
    if (slot === undefined) return undefined;
    slot.used = this.#memory.tick();
    return slot.its ?? this.#load(slot, block);
  }

  /** To be read once: what is not at hand is decoded and let go of, so that whoever goes through everything takes no room from others. */
  glance(block: number): Its | undefined {
    const slot = this.#slots[block];
    if (slot?.its || !slot?.read) return slot?.its ?? undefined;
    if (this.#glanced?.read !== slot.read) this.#glanced = { read: slot.read, its: this.#form.unpack(slot.read(), block) ?? undefined };
    return this.#glanced.its;
  }

  /** To be changed at once, before anything else is asked for: then say {@link edited}. */
  edit(block: number, make: () => Its): Its {
    const its = this.get(block) ?? make();
    const slot = this.#slots[block] ?? { its, read: null, used: this.#memory.tick(), bytes: 0 };
    this.#slots[block] = slot;
    [slot.its, slot.read] = [its, null];
    this.changed.add(block);
    return its;
  }

  edited(block: number): void {
    const slot = this.#slots[block];
    if (slot?.its) this.#weigh(slot, slot.its);
  }

  /** A block as it was kept: it is read once somebody asks for it. */
  wait(block: number, read: () => Packed): void {
    this.#slots[block] = { its: null, read, used: 0, bytes: 0 };
  }

  /** A block was kept as it is, and can be read from there. */
  kept(block: number, read: () => Packed): void {
    const slot = this.#slots[block];
    if (slot && !this.changed.has(block)) slot.read = read;
  }

  /** Numbers of the blocks in which there may be something, ascending. */
  blocks(): readonly number[] {
    const there: number[] = [];
    for (const [block, slot] of this.#slots.entries()) if (slot && (slot.its ? !this.#form.isEmpty(slot.its) : slot.read)) there.push(block);
    return there;
  }

  /** What is to be kept of a block; `null` where nothing is. */
  pack(block: number): Packed | null {
    const its = this.get(block);
    return its === undefined ? null : this.#form.pack(its, block);
  }

  *held(): ReturnType<Holder['held']> {
    for (const [block, slot] of this.#slots.entries()) if (slot?.its) yield { block, used: slot.used, bytes: slot.bytes };
  }

  drop(block: number): boolean {
    const slot = this.#slots[block];
    if (!slot?.its) return true;
    if (slot.read === null) {
      if (!this.#memory.put) return false;
      const packed = this.#form.pack(slot.its, block);
      slot.read = packed === null ? null : (this.#memory.put(packed) as () => Packed);
    }
    [slot.its, slot.bytes] = [null, 0];
    return true;
  }

  #load(slot: Slot<Its, Packed>, block: number): Its | undefined {
    if (slot.read === null) return undefined;
    const its = this.#form.unpack(slot.read(), block);
    // What decoding it asked for may have been asked for later.
    slot.used = this.#memory.tick();
    if (its === null) {
      slot.read = null;
      this.changed.add(block);
      return undefined;
    }
    slot.its = its;
    this.#weigh(slot, its);
    return its;
  }

  #weigh(slot: Slot<Its, Packed>, its: Its): void {
    const before = slot.bytes;
    slot.bytes = this.#form.bytes(its);
    this.#memory.grew(slot.bytes - before);
  }
}
