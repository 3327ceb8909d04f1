import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compressed, decompressed } from './zstd.ts';

const QUICK = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const thrown = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** Of every kind of block: raw, of one byte, compressed; of each width of the size; and beyond what is small. */
const plains: readonly Buffer[] = [
  ...[0, 1, 20, 254, 255, 256, 257, 4096, 65_535, 65_536, 65_537, 70_000, 300_000].flatMap((size) => [
    randomBytes(size),
    Buffer.alloc(size, 'a'),
    Buffer.from('{"name":"members","status":200}'.repeat(Math.ceil(size / 31))).subarray(0, size),
  ]),
];

it('compresses to what Node decompresses, and decompresses what Node compresses, one after the other', () => {
  for (const plain of [...plains, ...plains.toReversed()]) {
    expect(zstdDecompressSync(compressed(plain)).equals(plain)).toBe(true);
    expect(compressed(plain).equals(zstdCompressSync(plain, plain.length > 65_536 ? {} : QUICK))).toBe(true);
    expect(decompressed(zstdCompressSync(plain), Math.max(1, plain.length)).equals(plain)).toBe(true);
  }
});

it('gives bytes that the next call does not touch', () => {
  const [first, second] = [compressed(Buffer.alloc(100, 1)), compressed(Buffer.alloc(100, 2))];
  const [one, two] = [decompressed(first, 100), decompressed(second, 100)];
  expect([one[0], two[0]]).toEqual([1, 2]);
});

it('says of bytes that were tampered with what Node says, and is as good as new afterwards', () => {
  const frames = plains.filter(({ length }) => length < 5000).map((plain) => zstdCompressSync(plain));
  const sound = zstdCompressSync(Buffer.from('sound'.repeat(100)));
  let refused = 0;
  const compare = (bytes: Buffer) => {
    const expected = thrown(() => zstdDecompressSync(bytes, { maxOutputLength: 5000 }));
    const got = thrown(() => decompressed(bytes, 5000));
    expect(got).toEqual(expected);
    if (typeof expected === 'string') refused++;
    expect(decompressed(sound, 500).toString()).toBe('sound'.repeat(100));
  };
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, place, mask) => {
      const altered = Buffer.from(frame);
      altered[place % frame.length] = (altered[place % frame.length] as number) ^ mask;
      compare(altered);
      compare(frame.subarray(0, place % frame.length));
      compare(Buffer.concat([frame, altered.subarray(place % frame.length)]));
      compare(Buffer.concat([frame, frame]));
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(500);
});

it('makes no more bytes than are asked for', () => {
  expect(() => decompressed(compressed(Buffer.alloc(1000)), 999)).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
  expect(() => decompressed(zstdCompressSync(Buffer.alloc(50_000_000)), 100)).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
});
