import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encrypt, keyDigestOf, keyLine } from '../log/cipher.ts';
import { EMPTY_ROOT, sha256hex } from '../log/merkle.ts';
import { leafOf, type Sealed, sealStatement, statementIn, statementSigner, vouchAside } from '../log/statement.ts';
import { type Locked, type Opener, opener } from './opening.ts';

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
  const [here, beside] = [opener(0), opener(1)];
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

it('reads statements in threads as it does here, and says the same of those that are not as they were sealed', async () => {
  const signer = statementSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const payload = { digest: 'ab'.repeat(32), keyDigest: 'cd'.repeat(32), size: 1, place: { pack: null, offset: 0, length: 1 } };
  const sealed = Array.from({ length: 250 }, (_, index) =>
    sealStatement(
      {
        id: `${index}`,
        line: 'hold',
        seq: index + 1,
        prev: null,
        head: { kind: 'hold', what: { records: [] } },
        demo: true,
        sealedAt: index,
        era: 'evidence/2026-Q1',
        payloads: [payload],
        afterCheckpoint: { size: 0, root: EMPTY_ROOT.toString('base64') },
      },
      signer,
    ),
  );
  const changed = (bytes: Buffer, place: number) => bytes.map((byte, its) => (its === place ? byte ^ 1 : byte)) as Buffer;
  /** As whoever writes the log could: the leaf and the envelope agree, and nobody has signed what they say. */
  const forged = resigned(sealed[9] as Sealed, sealed[10] as Sealed, signer.publicKey);
  sealed[9] = forged;
  await expect(vouchAside(9, forged.leaf, forged.envelope)).rejects.toMatchObject({ code: 'STATEMENT', message: UNSIGNED });
  const [here, beside] = [opener(0), opener(1)];
  const read = (by: Opener) =>
    Promise.allSettled(sealed.map(({ leaf, envelope }, index) => by.unseal(index, leaf, index === 7 ? Buffer.from(changed(envelope, 100)) : envelope)));
  const [one, many] = [await read(here), await read(beside)];
  await Promise.all([here.close(), beside.close()]);
  const said = (all: Awaited<ReturnType<typeof read>>) =>
    all.map((it) => (it.status === 'fulfilled' ? it.value : { ...(it.reason as object), says: String(it.reason) }));
  expect(said(many)).toEqual(said(one));
  expect(one.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  expect(one[9]).toMatchObject({ reason: { code: 'STATEMENT', message: UNSIGNED } });
  expect(one[7]).toMatchObject({ reason: { code: 'STATEMENT', message: expect.stringMatching(/^record 7: /) } });
  expect(said(many)[249]).toMatchObject({ index: 249, seq: 250, payloads: [payload] });
});

const UNSIGNED = 'record 9: the signature of the statement does not fit';

/** A statement under the signature of another. */
function resigned({ envelope }: Sealed, other: Sealed, publicKey: Buffer): Sealed {
  const signatureOf = (its: Buffer) => /"sig":"([^"]+)"/.exec(its.toString('latin1'))?.[1] ?? '';
  const text = envelope.toString('latin1').replace(signatureOf(envelope), signatureOf(other.envelope));
  const signature = Buffer.from(signatureOf(other.envelope), 'base64');
  return { envelope: Buffer.from(text, 'latin1'), leaf: leafOf(Buffer.from(statementIn(envelope)), signature, publicKey) };
}
