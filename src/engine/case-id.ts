const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 64-bit FNV-1a in halves: its offset, and its prime, which is 2^40 and this. */
const OFFSET = { high: 0xcbf29ce4, low: 0x84222325 };
const PRIME = 0x1b3;
const HALF = 2 ** 32;

/** `F-` and ten signs: the lower 50 bits of the 64-bit FNV-1a hash of check and item. It names, and proves nothing. */
export const caseId = (check: string, item: string): string => spelledId(caseNumber(check, item));

/** The same as a number: ids are in the order of their numbers. */
export function caseNumber(check: string, item: string): number {
  const { high, low } = hashed(OFFSET, `${check}\n${item}`);
  return (high % 2 ** 18) * HALF + low;
}

/** The number of an id; `null` where it is none. */
export function numberOfId(id: string): number | null {
  if (!/^F-[0-9a-hjkmnp-tv-z]{10}$/.test(id)) return null;
  return [...id.slice(2)].reduce((number, sign) => number * 32 + ALPHABET.indexOf(sign), 0);
}

/** The numbers of all ids that begin so, in small letters; `null` where no id does. */
export function numbersOf(begins: string): { readonly from: number; readonly to: number } | null {
  const [its, signs = ''] = /^f(?:-([0-9a-hjkmnp-tv-z]{0,10}))?$/.exec(begins) ?? [];
  if (its === undefined) return null;
  const width = 32 ** (10 - signs.length);
  const from = [...signs].reduce((number, sign) => number * 32 + ALPHABET.indexOf(sign), 0) * width;
  return { from, to: from + width };
}

export function spelledId(number: number): string {
  let [id, left] = ['', number];
  for (let place = 0; place < 10; place++) {
    id = (ALPHABET[left % 32] ?? '') + id;
    left = Math.floor(left / 32);
  }
  return `F-${id}`;
}

const BYTES = new TextEncoder();

function hashed({ high, low }: typeof OFFSET, text: string): typeof OFFSET {
  // What is ASCII is its own bytes.
  const bytes = /^[\u0000-\u007f]*$/.test(text) ? null : BYTES.encode(text);
  const length = bytes ? bytes.length : text.length;
  for (let place = 0; place < length; place++) {
    low = (low ^ (bytes ? (bytes[place] ?? 0) : text.charCodeAt(place))) >>> 0;
    const product = low * PRIME; // of 41 bits
    high = (Math.imul(high, PRIME) + Math.floor(product / HALF) + (low << 8)) >>> 0;
    low = product % HALF;
  }
  return { high, low };
}
