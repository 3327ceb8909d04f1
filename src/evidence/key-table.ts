import type { Place } from '../log/statement.ts';

/** Bytes of an entry: digest, fingerprint, wrapped secret, pack, offset, length. */
export const WIDTH = 32 + 32 + 40 + 32 + 4 + 4;
const [FINGERPRINT, WRAPPED, PACK, OFFSET, LENGTH] = [32, 64, 104, 136, 140];
const NAME = 32;
const NONE = Buffer.alloc(NAME);
/** Bytes of the numbers by which names are compared first. */
const WORD = Int32Array.BYTES_PER_ELEMENT;
const wordsOf = (bytes: Buffer): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / WORD);
/** At first; doubled when they are full. */
const ROOM = { entries: 256, slots: 1024 };

/** What an entry says. */
export interface KeyEntry {
  /** Where it lies among all entries, in bytes. */
  readonly offset: number;
  readonly digest: string;
  readonly fingerprint: string | null;
  /** 40 bytes. */
  readonly wrapped: Buffer;
  readonly place: Place;
}

/**
 * The entries of an era as they lie in its file, and two lists of numbers by which they are found. An object for each
 * would cost ten times the memory, and all of them would be gone through whenever garbage is collected.
 */
export interface KeyTable {
  /** Bytes taken in, of entries that were destroyed too. */
  readonly size: number;
  /** Whole entries, further ones. Those that were destroyed are all zero. */
  add(entries: Uint8Array): void;
  /** The newest with this digest, or this fingerprint; `null` where there is none. */
  byDigest(digest: string): KeyEntry | null;
  byFingerprint(fingerprint: string): KeyEntry | null;
  hasFingerprint(fingerprint: string): boolean;
  /** All that stand, each digest once. A fingerprint is told of the newest alone. */
  entries(): Iterable<KeyEntry>;
}

export function keyTable(): KeyTable {
  const found = Buffer.alloc(NAME);
  let bytes = Buffer.alloc(ROOM.entries * WIDTH);
  let words = wordsOf(bytes);
  let size = 0;
  const [digests, fingerprints] = [namesAt(0), namesAt(FINGERPRINT)];

  return {
    get size() {
      return size;
    },
    add(entries) {
      if (size + entries.length > bytes.length) {
        const wider = Buffer.alloc(2 * (size + entries.length));
        bytes.copy(wider, 0, 0, size);
        [bytes, words] = [wider, wordsOf(wider)];
      }
      bytes.set(entries, size);
      size += entries.length;
    },
    byDigest: (digest) => entryAt(digests.numberOf(digest)),
    byFingerprint: (fingerprint) => entryAt(fingerprints.numberOf(fingerprint)),
    hasFingerprint: (fingerprint) => fingerprints.numberOf(fingerprint) !== null,
    *entries() {
      for (let number = 0; number * WIDTH < size; number++) {
        const its = isNone(number * WIDTH) ? null : entryAt(number);
        if (!its || digests.numberOf(its.digest) !== number) continue;
        yield its.fingerprint !== null && fingerprints.numberOf(its.fingerprint) !== number ? { ...its, fingerprint: null } : its;
      }
    },
  };

  function entryAt(number: number | null): KeyEntry | null {
    if (number === null) return null;
    const hexAt = (at: number): string | null => (isNone(at) ? null : bytes.toString('hex', at, at + NAME));
    const offset = number * WIDTH;
    return {
      offset,
      digest: bytes.toString('hex', offset, offset + NAME),
      fingerprint: hexAt(offset + FINGERPRINT),
      wrapped: Buffer.from(bytes.subarray(offset + WRAPPED, offset + PACK)),
      place: { pack: hexAt(offset + PACK), offset: bytes.readUInt32BE(offset + OFFSET), length: bytes.readUInt32BE(offset + LENGTH) },
    };
  }

  function isNone(at: number): boolean {
    return words[at / WORD] === 0 && bytes.compare(NONE, 0, NAME, at, at + NAME) === 0;
  }

  /**
   * Numbers of entries by 32 bytes in each, which nobody can choose: a digest, or one that is keyed. The next free slot
   * from where their first bits say. Those bits lie beside the number, so that an entry is read only where they agree.
   * They are laid out when somebody asks: who opens a log to write to it asks for none by its digest.
   */
  function namesAt(within: number): { numberOf(name: string): number | null } {
    let slots = new Int32Array(2 * ROOM.slots); // of each the number, from 1, and the first bits; 0 and 0 of a free one
    /** @param of whose name at `at` is looked for; `null` where it is not there yet */
    const slotOf = (first: number, of: Buffer | null, at: number): number => {
      const last = slots.length - 1;
      for (let slot = (first << 1) & last; ; slot = (slot + 2) & last) {
        const number = slots[slot] as number;
        if (number === 0) return slot;
        if (of === null || slots[slot + 1] !== first) continue;
        const there = (number - 1) * WIDTH + within;
        if (bytes.compare(of, at, at + NAME, there, there + NAME) === 0) return slot;
      }
    };
    /** How many entries are laid out. */
    let count = 0;
    return {
      numberOf(name) {
        if (count * WIDTH < size) layOut();
        found.write(name, 'hex');
        const number = slots[slotOf(wordsOf(found)[0] as number, found, 0)] as number;
        return number === 0 ? null : number - 1;
      },
    };
    function layOut(): void {
      reserve(size / WIDTH);
      for (; count * WIDTH < size; count++) {
        const at = count * WIDTH + within;
        const first = words[at / WORD] as number;
        if (!isNone(at)) put(count + 1, first, slotOf(first, bytes, at));
      }
    }
    /** Room for so many, half of it free: all at once, for each is placed again where there is more. */
    function reserve(many: number): void {
      if (4 * many <= slots.length) return;
      const before = slots;
      let room = before.length;
      while (room < 4 * many) room *= 2;
      slots = new Int32Array(room);
      for (let slot = 0; slot < before.length; slot += 2) {
        const [number, first] = [before[slot] as number, before[slot + 1] as number];
        if (number > 0) put(number, first, slotOf(first, null, 0));
      }
    }
    function put(number: number, first: number, slot: number): void {
      slots[slot] = number;
      slots[slot + 1] = first;
    }
  }
}

/** What is to be an entry. */
export type NewEntry = Omit<KeyEntry, 'offset' | 'wrapped'>;

/** One after the other, as they are appended to the file. */
export function encodeEntries(entries: readonly NewEntry[], wrapped: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(WIDTH * entries.length);
  for (const [number, { digest, fingerprint, place }] of entries.entries()) {
    const at = WIDTH * number;
    bytes.write(digest, at, 'hex');
    if (fingerprint !== null) bytes.write(fingerprint, at + FINGERPRINT, 'hex');
    bytes.set(wrapped[number] as Buffer, at + WRAPPED);
    if (place.pack !== null) bytes.write(place.pack, at + PACK, 'hex');
    bytes.writeUInt32BE(place.offset, at + OFFSET);
    bytes.writeUInt32BE(place.length, at + LENGTH);
  }
  return bytes;
}
