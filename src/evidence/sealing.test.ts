import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decrypt, keyDigestOf } from '../log/cipher.ts';
import { leafHash, sha256hex } from '../log/merkle.ts';
import { type Statement, statementSigner, unsealStatement } from '../log/statement.ts';
import { sealer, signChains } from './sealing.ts';

it.each([3, 300])('seals %i payloads in their order, here or in two threads, each under a key of its own', async (count) => {
  const plains = Array.from({ length: count }, (_, place) => (place % 7 === 0 ? Buffer.alloc(0) : randomBytes((place % 50) * 97)));
  const sealing = sealer();
  for (const [number, plain] of plains.entries()) {
    const { place, turn } = sealing.add(plain);
    expect(place).toBe(number);
    await turn;
  }
  const sealed = await sealing.all();
  expect(sealed).toHaveLength(count);
  for (const [place, { file, secret, digest, keyDigest }] of sealed.entries()) {
    expect(digest).toBe(sha256hex(file));
    expect(keyDigest).toBe(keyDigestOf(secret));
    expect(zstdDecompressSync(decrypt(file, secret, keyDigest)).equals(plains[place] as Buffer)).toBe(true);
  }
  expect(new Set(sealed.map(({ keyDigest }) => keyDigest)).size).toBe(count);
});

const statement = (line: string, seq: number): Statement => ({
  id: `${line}-${seq}`,
  line,
  seq,
  prev: seq === 1 ? 'ab'.repeat(32) : null,
  head: { kind: 'run', collector: { id: line } },
  demo: true,
  sealedAt: 0,
  era: 'evidence/2026-Q1',
  payloads: [{ digest: '00'.repeat(32), keyDigest: '11'.repeat(32), size: 1, place: { pack: null, offset: 0, length: 1 } }],
  afterCheckpoint: { size: 0, root: '' },
});
const signer = statementSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const chainsOf = (lengths: readonly number[]) =>
  lengths.map((length, line) => ({ signer, statements: Array.from({ length }, (_, place) => statement(`l${line}`, place + 1)) }));

it.each([[[1, 2]], [[300]], [[3, 90, 40, 1, 60]]])('signs lines of %j statements, each naming the one before it, here or in two threads', async (lengths) => {
  const signed = await signChains(chainsOf(lengths));
  expect(signed.map(({ length }) => length)).toEqual(lengths);
  for (const [line, its] of signed.entries()) {
    let before = 'ab'.repeat(32);
    for (const [place, { envelope, leaf, hash, digest }] of its.entries()) {
      expect(hash.equals(leafHash(leaf))).toBe(true);
      const read = unsealStatement(place, leaf, envelope);
      expect(read).toEqual({ ...statement(`l${line}`, place + 1), prev: before, index: place, digest, publicKey: signer.publicKey.toString('base64') });
      before = digest;
    }
  }
});

it('refuses a statement that has no canonical spelling, whichever thread meets it, and signs others afterwards', async () => {
  const chains = chainsOf([50, 50]);
  for (const bad of [0, 1]) {
    const broken = chains.map((chain, place) => (place === bad ? { ...chain, statements: chain.statements.map((it) => ({ ...it, sealedAt: 0.5 })) } : chain));
    await expect(signChains(broken)).rejects.toThrow('not a safe integer: 0.5');
  }
  expect((await signChains(chains)).map(({ length }) => length)).toEqual([50, 50]);
});
