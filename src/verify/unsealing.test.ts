import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { IntegrityError } from '../core/error.ts';
import { EMPTY_ROOT } from '../log/merkle.ts';
import { leafOf, type Sealed, sealStatement, statementIn, statementSigner, unsealStatement } from '../log/statement.ts';
import { unsealAll } from './unsealing.ts';

const signer = statementSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const payload = { digest: 'ab'.repeat(32), keyDigest: 'cd'.repeat(32), size: 1, place: { pack: null, offset: 0, length: 1 } };
const FIRST = 1000;

const sealed = (place: number, digest = payload.digest): Sealed =>
  sealStatement(
    {
      id: `${place}`,
      line: 'hold',
      seq: place + 1,
      prev: null,
      head: { kind: 'hold', what: { records: [] } },
      demo: true,
      sealedAt: place,
      era: 'evidence/1970-Q1',
      payloads: [{ ...payload, digest }],
      afterCheckpoint: { size: 0, root: EMPTY_ROOT.toString('base64') },
    },
    signer,
  );

const signatureOf = ({ envelope }: Sealed): string => /"sig":"([^"]+)"/.exec(envelope.toString('latin1'))?.[1] ?? '';

/** As whoever writes the log could: the leaf and the envelope agree, and nobody has signed what they say. */
function resigned(its: Sealed, signature: string): Sealed {
  const envelope = Buffer.from(its.envelope.toString('latin1').replace(signatureOf(its), signature), 'latin1');
  return { envelope, leaf: leafOf(Buffer.from(statementIn(its.envelope)), Buffer.from(signature, 'base64'), signer.publicKey) };
}

it('tells of each of many what whoever reads it alone is told, in their order', async () => {
  const all = Array.from({ length: 150 }, (_, place) => sealed(place));
  all[3] = resigned(all[3] as Sealed, signatureOf(all[4] as Sealed));
  all[5] = { ...(all[5] as Sealed), leaf: (all[6] as Sealed).leaf };
  all[7] = { ...(all[7] as Sealed), envelope: Buffer.from('{}') };
  all[8] = resigned(all[8] as Sealed, Buffer.from('no signature at all').toString('base64'));
  all[9] = sealed(9, 'AB'.repeat(32));
  const envelopes = all.map(({ envelope }, place) => (place === 10 || place > 140 ? undefined : envelope));
  const read = await unsealAll(
    FIRST,
    all.map(({ leaf }) => leaf),
    envelopes,
  );

  expect(read).toHaveLength(150);
  for (const [place, its] of read.entries()) {
    const { leaf, envelope } = all[place] as Sealed;
    if (place === 10 || place > 140) expect(its).toBeNull();
    else if (its instanceof Error && place !== 9) expect(() => unsealStatement(FIRST + place, leaf, envelope)).toThrow(its as IntegrityError);
    else if (place !== 9) expect(its).toEqual(unsealStatement(FIRST + place, leaf, envelope));
  }
  const faults = read.flatMap((its) => (its instanceof Error ? [(its as IntegrityError).message] : []));
  expect(faults).toEqual([
    'record 1003: the signature of the statement does not fit',
    'record 1005: the statement is not the one that its leaf commits to',
    expect.stringMatching(/^record 1007: /),
    'record 1008: the signature of the statement does not fit',
    'record 1009 does not say what a statement must',
  ]);
});

it('answers where there is nothing to read', async () => {
  expect(await unsealAll(0, [], [])).toEqual([]);
  expect(await unsealAll(0, [Buffer.from('a leaf')], [])).toEqual([null]);
});
