import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encrypt, keyDigestOf, keyLine } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { type Locked, opener } from './opening.ts';

const plains = Array.from({ length: 300 }, (_, place) => randomBytes(10 + (place % 7) * 300));

const lockedPayloads = (): readonly Locked[] =>
  plains.map((bytes, place) => {
    const { ciphertext, key } = encrypt(zstdCompressSync(bytes));
    return { file: ciphertext, key: keyLine(key), keyDigest: keyDigestOf(key), size: bytes.length, plain: place % 2 === 0 };
  });

it('says the same of many payloads in threads as of each here: digests, bytes where they are wanted, and what does not open', async () => {
  const payloads = [...lockedPayloads()];
  const [first, second, third] = payloads as [Locked, Locked, Locked];
  payloads[0] = { ...first, key: second.key };
  payloads[1] = { ...second, size: second.size - 1 };
  payloads[2] = { ...third, key: third.key.toUpperCase() };
  const [here, beside] = [opener(1), opener(2)];
  const [one, many] = [await here.open(payloads), await beside.open(payloads)];
  await Promise.all([here.close(), beside.close()]);

  expect(many.map((it) => ('failed' in it ? it.failed : it.sha256))).toEqual(one.map((it) => ('failed' in it ? it.failed : it.sha256)));
  expect(one.slice(0, 3)).toEqual([
    { failed: 'the key of the payload is not the one that was sealed' },
    { failed: expect.stringMatching(/^RangeError/) },
    { failed: 'the key of the payload is not spelled as it is handed over' },
  ]);
  for (const [place, it] of many.entries()) {
    if (place < 3) continue;
    if ('failed' in it) throw new Error(it.failed);
    expect(it.sha256).toBe(sha256hex(plains[place] as Buffer));
    expect(it.plain && Buffer.from(it.plain)).toEqual(place % 2 === 0 ? plains[place] : null);
  }
});
