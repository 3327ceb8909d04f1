import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseId, caseNumber, numberOfId, numbersOf, spelledId } from './case-id.ts';

const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz';
const ALL = 2 ** 50;

/** The 64-bit FNV-1a hash as its authors define it, byte by byte. */
function fnv(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n;
  return hash;
}
const words = fc.string({ unit: 'binary', maxLength: 40 });
const numbers = fc.oneof(
  fc.maxSafeInteger().map((number) => Math.abs(number) % ALL),
  fc.constantFrom(0, 1, 31, 32, 2 ** 32 - 1, 2 ** 32, ALL - 1),
);

it('is what FNV-1a is known to be', () => expect([fnv(''), fnv('a'), fnv('foobar')]).toEqual([0xcbf29ce484222325n, 0xaf63dc4c8601ec8cn, 0x85944171f73967e8n]));

describe('the number of a case', () => {
  const follows = (check: string, item: string) => {
    expect(BigInt(caseNumber(check, item))).toBe(fnv(`${check}\n${item}`) % 2n ** 50n);
  };

  it('is the lower 50 bits of the hash of its check and its item', () => {
    fc.assert(fc.property(words, words, follows));
    fc.assert(fc.property(fc.string(), fc.string(), follows));
  });

  it('is that of their bytes, in whatever language they are', () => {
    follows('mfa-enforced', 'okta/main/00u1');
    follows('mfa-enforced', 'okta/main/\u007f\u0080');
    follows('mfa-enforced', `okta/main/${'Zoë'.repeat(100)}`);
  });

  it('is spelled in ten signs, which are read as the number', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const signs = [...BigInt(number).toString(2).padStart(50, '0').matchAll(/.{5}/g)].map(([bits]) => SIGNS[Number.parseInt(bits, 2)]);
        expect(spelledId(number)).toBe(`F-${signs.join('')}`);
        expect(numberOfId(spelledId(number))).toBe(number);
      }),
    );
  });

  it('is what its id spells', () => expect(caseId('a', 'b')).toBe(spelledId(caseNumber('a', 'b'))));
});

it.each([
  '',
  'F-',
  'F-000000000',
  'F-00000000000',
  'f-0000000000',
  ' F-0000000000',
  'F-0000000000\n',
  'F-000000000i',
  'F-000000000l',
  'F-000000000o',
  'F-000000000u',
  'F-000000000A',
])('finds no number in what is no id: %j', (id) => expect(numberOfId(id)).toBeNull());

describe('what ids begin with', () => {
  it('is so of just the ids of which the numbers lie there', () => {
    fc.assert(
      fc.property(numbers, fc.nat(10), numbers, (number, length, other) => {
        const begins = spelledId(number)
          .toLowerCase()
          .slice(0, 2 + length);
        const { from, to } = numbersOf(begins) ?? { from: Number.NaN, to: Number.NaN };
        expect([spelledId(from), spelledId(to - 1)]).toEqual([`F-${begins.slice(2).padEnd(10, '0')}`, `F-${begins.slice(2).padEnd(10, 'z')}`]);
        expect(from <= other && other < to).toBe(spelledId(other).toLowerCase().startsWith(begins));
        expect(from <= number && number < to).toBe(true);
      }),
    );
  });

  it('is a letter alone of all of them', () =>
    expect([numbersOf('f'), numbersOf('f-')]).toEqual([
      { from: 0, to: ALL },
      { from: 0, to: ALL },
    ]));

  it.each(['', 'F', 'f0', '-0', 'f-00000000000', 'f-i', 'f-l', 'f-o', 'f-u', 'f-A', 'xf-0', 'f-0 '])('is so of none: %j', (begins) =>
    expect(numbersOf(begins)).toBeNull(),
  );
});
