import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { isCommon } from './common-passwords.ts';

export const SHORTEST = 12;
const LONGEST = 256;
const [BLOCK, LANES, SALT, LENGTH] = [8, 2, 16, 32];
/** 64 MB and about a fifth of a second for each guess. */
export const COST = 16;

const hash = (password: string, salt: Buffer, cost: number): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, LENGTH, { N: 2 ** cost, r: BLOCK, p: LANES, maxmem: 2 ** cost * BLOCK * 256 }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

/** `scrypt$COST$SALT$HASH` (RFC 7914), salt and hash in base64. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT);
  return ['scrypt', cost, salt.toString('base64'), (await hash(password, salt, cost)).toString('base64')].join('$');
}

/** Takes as long where there is nothing to compare with: how long an answer takes must not tell who has an account. */
export async function verifyPassword(password: string, stored: string | null, cost = COST): Promise<boolean> {
  const [, itsCost, salt, expected] = stored?.split('$') ?? [];
  if (password.length > LONGEST || salt === undefined || expected === undefined) {
    await hash(password.slice(0, LONGEST), Buffer.alloc(SALT), cost);
    return false;
  }
  return timingSafeEqual(await hash(password, Buffer.from(salt, 'base64'), Number(itsCost)), Buffer.from(expected, 'base64'));
}

/** Why a password is not taken; `null` where it is. No rule about kinds of signs: length and not being guessed is what counts (NIST SP 800-63B). */
export function weakness(password: string, about: { readonly email: string; readonly name: string; readonly company: string }): string | null {
  if ([...password].length < SHORTEST) return `It has fewer than ${SHORTEST} characters. A few words that do not belong together are easy to keep in mind.`;
  if (password.length > LONGEST) return `It has more than ${LONGEST} characters.`;
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size < 5) return 'It has fewer than five different characters.';
  if (isRun(plain)) return 'It is a row of the keyboard, the alphabet or the digits.';
  const letters = undone(plain);
  const own = [about.email.split('@')[0] ?? '', ...about.name.split(/\s+/), about.company, 'tickmark']
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 3);
  const words = own.filter((word) => letters.includes(undone(word)));
  if (words.some((word) => letters.length - undone(word).length < 6)) return `It is hardly more than "${words[0]}", which is easily guessed.`;
  if (isCommon(plain) || isCommon(letters) || isRepeated(letters)) return 'It is one of those that are tried first.';
  return null;
}

/** Without digits and signs at the ends, and with letters for the signs that stand for them. */
function undone(text: string): string {
  const swapped: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };
  return text
    .replace(/^[^a-z]+|[^a-z]+$/g, '')
    .replace(/[013457@$!]/g, (sign) => swapped[sign] ?? sign)
    .replace(/[^\p{L}]/gu, '');
}

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '0123456789', '1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop'];
const RUNS = ROWS.flatMap((row) => [row.repeat(4), [...row].reverse().join('').repeat(4)]);
const KEYBOARD = 'qwertyuiopasdfghjklzxcvbnm';
const isRun = (text: string): boolean => [...RUNS, KEYBOARD.repeat(2)].some((row) => row.includes(text));

/** A common word over and over. */
function isRepeated(letters: string): boolean {
  for (let length = 1; length <= letters.length / 2; length++) {
    const word = letters.slice(0, length);
    if (word.repeat(Math.ceil(letters.length / length)).slice(0, letters.length) === letters) return true;
  }
  return false;
}
