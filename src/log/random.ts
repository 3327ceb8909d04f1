import { randomFillSync } from 'node:crypto';

/** Drawn at once: to ask the system for each few bytes costs many times what they do. */
const POOL = Buffer.alloc(4096);
let used = POOL.length;

/** So many random bytes, hex, none given twice. For names and nonces: keys are drawn for themselves. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  used += bytes;
  return POOL.toString('hex', used - bytes, used);
}
