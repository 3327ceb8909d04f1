import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { IntegrityError } from '../core/error.ts';
import { EMPTY_ROOT } from '../log/merkle.ts';
import { leafOf, type Sealed, sealStatement, statementIn, statementSigner, unsealStatement } from '../log/statement.ts';
import { unsealing } from './unsealing.ts';

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

const PART = 25;

// Of few no thread is asked. Of many all is done by a thread before it is asked for, or nearly nothing is.
it.each([
  ['here', 1, 0],
  ['here, and in threads that have just begun', 10_000, 0],
  ['in threads', 10_000, 1500],
])('tells of each of many what whoever reads it alone is told, in their order: %s', async (_, count, later) => {
  const all = Array.from({ length: 150 }, (_, place) => sealed(place));
  all[3] = resigned(all[3] as Sealed, signatureOf(all[4] as Sealed));
  all[5] = { ...(all[5] as Sealed), leaf: (all[6] as Sealed).leaf };
  all[7] = { ...(all[7] as Sealed), envelope: Buffer.from('{}') };
  all[8] = resigned(all[8] as Sealed, Buffer.from('no signature at all').toString('base64'));
  all[9] = sealed(9, 'AB'.repeat(32));
  all[149] = resigned(all[149] as Sealed, signatureOf(all[4] as Sealed));
  const envelopes = all.map(({ envelope }, place) => (place === 10 || (place > 110 && place < 149) ? undefined : envelope));
  const shared = unsealing(count);
  const asked = Array.from({ length: 150 / PART }, (_, part) => {
    const [from, to] = [PART * part, PART * (part + 1)];
    return shared.add(
      FIRST + from,
      all.slice(from, to).map(({ leaf }) => leaf),
      envelopes.slice(from, to),
    );
  });
  if (later > 0) await wait(later);
  const read = [];
  for (const its of asked) read.push(...(await its()));

  expect(read).toHaveLength(150);
  for (const [place, its] of read.entries()) {
    const { leaf, envelope } = all[place] as Sealed;
    if (place === 10 || (place > 110 && place < 149)) expect(its).toBeNull();
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
    'record 1149: the signature of the statement does not fit',
  ]);
});

it('answers where there is nothing to read', async () => {
  expect(await unsealing(1000).add(0, [], [])()).toEqual([]);
  expect(await unsealing(1000).add(0, [Buffer.from('a leaf')], [])()).toEqual([null]);
});
