import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decrypt, keyDigestOf } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { sealBytes } from './sealing.ts';

it.each([3, 300])('seals %i payloads in their order, here or in two threads, each under a key of its own', async (count) => {
  const plains = Array.from({ length: count }, (_, place) => (place % 7 === 0 ? Buffer.alloc(0) : randomBytes((place % 50) * 97)));
  const sealed = await sealBytes(plains);
  expect(sealed).toHaveLength(count);
  for (const [place, { file, secret, digest, keyDigest }] of sealed.entries()) {
    expect(digest).toBe(sha256hex(file));
    expect(keyDigest).toBe(keyDigestOf(secret));
    expect(zstdDecompressSync(decrypt(file, secret, keyDigest)).equals(plains[place] as Buffer)).toBe(true);
  }
  expect(new Set(sealed.map(({ keyDigest }) => keyDigest)).size).toBe(count);
});
