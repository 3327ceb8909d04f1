import { createHash, randomBytes } from 'node:crypto';

/** 256 bits, in the letters of addresses. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What the database keeps of a secret that is random enough not to be guessed. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** `u` and 16 hexadecimal digits. */
export const newId = (letter: string): string => `${letter}${randomBytes(8).toString('hex')}`;
