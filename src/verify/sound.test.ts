import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { preAuthenticated } from '../log/entry.ts';
import { EMPTY_ROOT } from '../log/merkle.ts';
import { leafOf, PAYLOAD_TYPE, spell, statementSigner, unsealStatement } from '../log/statement.ts';
import { opener } from './opening.ts';

const signer = statementSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const { before, after } = spell({
  id: '0',
  line: 'github/changes main main',
  seq: 1,
  head: {
    kind: 'run',
    collector: { id: 'github/changes', version: 1, sourceDigest: '00' },
    ...{ name: 'main', partition: 'main', slot: 0, every: null, outcome: 'failure', startedAt: 0, finishedAt: 0 },
  },
  demo: false,
  sealedAt: 0,
  era: 'evidence/2026-Q1',
  payloads: [{ digest: 'ab'.repeat(32), keyDigest: 'cd'.repeat(32), size: 1, place: { pack: null, offset: 0, length: 1 } }],
  afterCheckpoint: { size: 0, root: EMPTY_ROOT.toString('base64') },
});
const TEXT = `${before}null${after}`;

/** Whatever bytes are signed, read as both verifiers read them. */
async function read(payload: Buffer) {
  const signature = sign('sha256', preAuthenticated(PAYLOAD_TYPE, payload), signer.privateKey);
  const leaf = leafOf(payload, signature, signer.publicKey);
  const envelope = Buffer.from(
    `{"payload":"${payload.toString('base64')}","payloadType":"${PAYLOAD_TYPE}","signatures":[{"keyid":"","sig":"${signature.toString('base64')}"}]}`,
  );
  const by = opener(0);
  try {
    return await by.unseal(0, leaf, envelope);
  } finally {
    await by.close();
  }
}

it('reads a statement as it is sealed', async () => {
  expect(await read(Buffer.from(TEXT))).toMatchObject({ index: 0, line: 'github/changes main main' });
});

it.each([
  ['a key that comes twice', '"outcome":"failure"', '"outcome":"success","outcome":"failure"', 'could mean two things'],
  ['members in another order', '"slot":0,"startedAt":0', '"startedAt":0,"slot":0', 'could mean two things'],
  ['a space', '"demo":false', '"demo": false', 'could mean two things'],
  ['a number that no number is', '"slot":0', '"slot":9007199254740993', 'cannot be read'],
  ['half a character', '"sourceDigest":"00"', '"sourceDigest":"\\ud800"', 'cannot be read'],
  ['no checkpoint that stood before it', /"afterCheckpoint":\{.*?\},/, '', 'does not say what a statement must'],
  ['a checkpoint that is none', /"afterCheckpoint":\{.*?\},/, '"afterCheckpoint":null,', 'does not say what a statement must'],
  ['no collector', /"collector":\{.*?\},/, '', 'does not say what a statement must'],
  ['no head', /"head":\{.*?\},"id"/, '"head":null,"id"', 'cannot be read'],
  ['another kind', 'urn:tickmark:run:v3', 'urn:tickmark:act:v3', 'is of another'],
  ['a line of another', '"line":"github/changes main main"', '"line":"github/changes main other"', 'stands in the line'],
  ['a pack that leads elsewhere', '"pack":null', '"pack":"../../keys"', 'does not say what a statement must'],
  ['a pack and no place in it', '"offset":0', '"offset":-1', 'does not say what a statement must'],
])('refuses %s', async (_, was, is, says) => {
  const text = TEXT.replace(was, is);
  expect(text).not.toBe(TEXT);
  await expect(read(Buffer.from(text))).rejects.toMatchObject({ code: 'STATEMENT', message: expect.stringContaining(says) });
});

it('refuses bytes that are no text, before their key is known and after', async () => {
  const [start, end] = TEXT.split('"sourceDigest":"00"');
  const bytes = Buffer.concat([Buffer.from(`${start}"sourceDigest":"`), Buffer.from([0xff]), Buffer.from(`"${end}`)]);
  for (let time = 0; time < 2; time++) {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'STATEMENT', message: expect.stringContaining('cannot be read') });
    await read(Buffer.from(TEXT));
  }
  expect(() => unsealStatement(0, Buffer.alloc(0), bytes)).toThrow('cannot be read');
});
