import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../core/instant.ts';

const STEP = 30_000;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits, as RFC 4226 asks. */
export const newTotpSecret = (): Buffer => randomBytes(20);

/** How authenticators take it, in an image or by hand (RFC 4648). */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

export function otpauthUri(secret: Uint8Array, account: string, issuer: string): string {
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP / 1000}`;
}

/** The code of a step of 30 seconds (RFC 6238, SHA-1: what authenticators can). */
function codeOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hmac = createHmac('sha1', secret).update(counter).digest();
  const offset = (hmac.at(-1) ?? 0) & 15;
  return String((hmac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The step whose code it is: this one, the one before or the one after, for clocks differ; `null` where it is none of them. */
export function stepOf(secret: Uint8Array, code: string, at: Instant): number | null {
  const given = Buffer.from(code.replace(/\s/g, ''));
  if (given.length !== DIGITS) return null;
  const now = Math.floor(at / STEP);
  return [now, now - 1, now + 1].find((step) => step >= 0 && timingSafeEqual(given, Buffer.from(codeOf(secret, step)))) ?? null;
}
