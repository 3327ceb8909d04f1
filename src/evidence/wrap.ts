import { createCipheriv, createDecipheriv } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';

/** RFC 3394 section 2.2.3.1. */
const IV = Buffer.alloc(8, 0xa6);
/** 64-bit words of a secret, and how often each is gone over. */
const WORDS = 4;
const ROUNDS = 6;
/** Of fewer than this the library's own wrapping costs less. */
const FEW = 6;

/** Secrets of 32 bytes, each wrapped by the key of its era: 40 bytes. */
export function wrapSecrets(key: Buffer, secrets: readonly Buffer[]): readonly Buffer[] {
  if (secrets.length < FEW) return secrets.map((secret) => wrapSecret(key, secret));
  return wrapTogether(key, secrets);
}

function wrapSecret(key: Buffer, secret: Buffer): Buffer {
  const wrap = createCipheriv('id-aes256-wrap', key, IV);
  return Buffer.concat([wrap.update(secret), wrap.final()]);
}

/**
 * RFC 3394 section 2.2.1, of all of them step by step together: a cipher that is made once and asked for many blocks
 * at a time costs a twentieth of one that is made for each secret.
 */
function wrapTogether(key: Buffer, secrets: readonly Buffer[]): readonly Buffer[] {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const width = IV.length + 8 * WORDS;
  const wrapped = Buffer.alloc(width * secrets.length);
  for (const [place, secret] of secrets.entries()) {
    if (secret.length !== 8 * WORDS) throw new RangeError(`a secret of ${secret.length} bytes, not ${8 * WORDS}`);
    wrapped.set(IV, place * width);
    wrapped.set(secret, place * width + IV.length);
  }
  const words = new Uint32Array(wrapped.buffer, wrapped.byteOffset, wrapped.length / 4);
  const blocks = new Uint32Array(4 * secrets.length);
  for (let step = 1; step <= ROUNDS * WORDS; step++) {
    const word = 2 + 2 * ((step - 1) % WORDS);
    for (let [from, to] = [0, 0]; to < blocks.length; from += width / 4, to += 4) {
      blocks[to] = words[from] as number;
      blocks[to + 1] = words[from + 1] as number;
      blocks[to + 2] = words[from + word] as number;
      blocks[to + 3] = words[from + word + 1] as number;
    }
    const sealed = cipher.update(new Uint8Array(blocks.buffer));
    const its = new Uint32Array(sealed.buffer.slice(sealed.byteOffset, sealed.byteOffset + sealed.length));
    for (let [from, to] = [0, 0]; from < its.length; from += 4, to += width / 4) {
      words[to] = its[from] as number;
      words[to + 1] = its[from + 1] as number;
      words[to + word] = its[from + 2] as number;
      words[to + word + 1] = its[from + 3] as number;
    }
    for (let last = 7; last < wrapped.length; last += width) wrapped[last] = (wrapped[last] as number) ^ step; // at most 24: one byte of the counter
  }
  return secrets.map((_, place) => wrapped.subarray(place * width, (place + 1) * width));
}

export function unwrapSecret(key: Buffer, wrapped: Buffer, digest: string): Buffer {
  try {
    const unwrap = createDecipheriv('id-aes256-wrap', key, IV);
    return Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
  } catch (cause) {
    throw new IntegrityError(
      'KEYSTORE',
      `the key of payload ${digest} is damaged in the keystore: the payload cannot be read, and it has not been altered`,
      cause,
    );
  }
}

/** With its secret; `null` where that is damaged: the same bytes are then kept anew. */
export function usable<Its extends object>(its: Its, unwrap: () => Buffer): (Its & { readonly secret: Buffer }) | null {
  try {
    return { ...its, secret: unwrap() };
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}
