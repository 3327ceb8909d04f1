import { createHmac, hash } from 'node:crypto';

/** RFC 2104 section 2, with SHA-256: bytes of its block, and what the two hashes begin with. */
const BLOCK = 64;
const [INNER, OUTER] = [0x36, 0x5c];
/** More is not copied to be hashed in one call. */
const SMALL = 16 * 1024;
/** At hand, so that nothing is made for each call; overwritten by the next. */
const ROOM = Buffer.alloc(BLOCK + SMALL);
const SECOND = Buffer.alloc(BLOCK + 32);

/**
 * HMAC-SHA-256 of these parts, one after the other. Of what is small it is made here, of two hashes: the object that
 * Node makes for each costs twice as much as they do.
 */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const total = parts.reduce((sum, { length }) => sum + length, BLOCK);
  if (total > ROOM.length || key.length > BLOCK) return parts.reduce((its, part) => its.update(part), createHmac('sha256', key)).digest();
  for (let place = 0; place < BLOCK; place++) {
    const byte = key[place] ?? 0;
    ROOM[place] = byte ^ INNER;
    SECOND[place] = byte ^ OUTER;
  }
  let place = BLOCK;
  for (const part of parts) {
    ROOM.set(part, place);
    place += part.length;
  }
  SECOND.write(hash('sha256', ROOM.subarray(0, total), 'binary'), BLOCK, 'binary');
  const its = Buffer.from(hash('sha256', SECOND, 'binary'), 'binary');
  ROOM.fill(0, 0, BLOCK); // the key is not to lie there until the next call
  SECOND.fill(0);
  return its;
}
