import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import { hmac } from './hmac.ts';
import { sha256hex } from './merkle.ts';

/**
 * How payloads are encrypted: AES-256 in counter mode, counted from zero, under a key that is made for these bytes and
 * used for no others. `openssl enc -d -aes-256-ctr` opens one. The mode itself notices no change: a signed statement
 * holds the SHA-256 of the ciphertext and that of the key's line, and both are compared before anything is opened.
 */
const CIPHER = 'aes-256-ctr';
const COUNTER = Buffer.alloc(16);
const KEY = 32;
/** Stands before every key that is handed over, so that its digest is a digest of nothing else. */
const PREFIX = 'tickmark-payload-key-v1 ';
const MAKING = Buffer.from('tickmark payload key v1\n');

export interface Encrypted {
  /** As long as the plain bytes. */
  readonly ciphertext: Buffer;
  /** 32 bytes. */
  readonly key: Buffer;
}

/**
 * Encrypts under a key made here: nobody can bring one, so none is used twice. It is made of fresh random bytes and of
 * what it encrypts, for a machine that was cloned or set back may draw the same bytes again: then equal bytes give one
 * file, and others another key. The random bytes are kept nowhere.
 */
export function encrypt(plain: Uint8Array, random: Uint8Array = randomBytes(KEY)): Encrypted {
  const key = hmac(random, MAKING, plain);
  return { ciphertext: createCipheriv(CIPHER, key, COUNTER).update(plain), key }; // a stream: nothing is left for the end
}

/** The plain bytes. Throws `IntegrityError` where the key is not the one that `keyDigest` commits to. That the ciphertext is the one that was sealed, its reader has seen. */
export function decrypt(ciphertext: Uint8Array, key: Uint8Array, keyDigest: string): Buffer {
  if (key.length !== KEY || keyDigestOf(key) !== keyDigest) throw new IntegrityError('PAYLOAD_KEY', 'the key of the payload is not the one that was sealed');
  return createDecipheriv(CIPHER, key, COUNTER).update(ciphertext);
}

/** A key as it is handed over, with the newline at its end: `cut -d ' ' -f 2` gives what openssl takes. */
export const keyLine = (key: Uint8Array): string => `${PREFIX}${Buffer.from(key).toString('hex')}\n`;

/** What a statement says of a key: SHA-256 of its line, hex. Of 32 bytes that nobody can guess it tells nothing. */
export const keyDigestOf = (key: Uint8Array): string => sha256hex(Buffer.from(keyLine(key), 'latin1'));

/** The 32 bytes of a key in a line as {@link keyLine} writes it, of which there is one spelling. Throws `IntegrityError`. */
export function keyIn(line: string): Buffer {
  const key = Buffer.from(line.slice(PREFIX.length, -1), 'hex');
  if (key.length !== KEY || keyLine(key) !== line) throw new IntegrityError('PAYLOAD_KEY', 'the key of the payload is not spelled as it is handed over');
  return key;
}
