import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/app/open.ts';
import { base64, type Bytes, hex, sha256, unbase64, utf8 } from './bytes.ts';
import { type Given, verify } from './verify.ts';

const dir = mkdtempSync(join(tmpdir(), 'verified-'));
let given: Given;

beforeAll(async () => {
  writeFileSync(join(dir, 'tickmark.yaml'), 'company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2026-12-31 }\nsources: []\n');
  const workspace = await openWorkspace({ dir, env: {} });
  await workspace.recordActs(Array.from({ length: 6 }, (_, place) => ({ act: 'trial', by: null, target: `things/${place}`, says: null })));
  const [{ envelope, leaf }, { hashes }, { note, verifierKey }] = [await workspace.entry(3), await workspace.inclusion(3), await workspace.note()];
  await workspace.close();
  const bytes = utf8(envelope);
  given = { index: 3, digest: hex(await sha256(bytes)), envelope: bytes, leaf: new Uint8Array(leaf), hashes, note, verifierKey };
});
afterAll(() => rmSync(dir, { recursive: true }));

/** The last step that was looked at, and whether it holds. */
async function ended(changed: Partial<Given>): Promise<string> {
  const { steps } = await verify({ ...given, ...changed });
  const last = steps.at(-1);
  return `${last?.step} ${last?.holds ? 'holds' : 'does not hold'}`;
}

const flipped = (bytes: Uint8Array, at: number): Bytes => Uint8Array.from(bytes, (byte, place) => (place === at ? byte ^ 1 : byte));
const named = async (envelope: Bytes) => ({ envelope, digest: hex(await sha256(envelope)) });

it('leads from the bytes to the signed root of a log that the server wrote', async () => {
  const { steps, size } = await verify(given);
  expect(steps.map(({ step, holds }) => [step, holds])).toEqual(['envelope', 'signature', 'leaf', 'root', 'checkpoint'].map((step) => [step, true]));
  expect(size).toBe(7);
});

it('finds out other bytes than the record is called by', async () => {
  expect(await ended({ envelope: flipped(given.envelope, 40) })).toBe('envelope does not hold');
});

it('finds out a statement that its key has not signed, though it is called by its digest', async () => {
  const said = JSON.parse(new TextDecoder().decode(given.envelope)) as { payload: string; signatures: { sig: string }[] };
  const other = { ...said, payload: base64(flipped(unbase64(said.payload), 60)) };
  expect(await ended(await named(utf8(JSON.stringify(other))))).toBe('signature does not hold');
  const unsigned = { ...said, signatures: [{ ...said.signatures[0], sig: base64(flipped(unbase64(said.signatures[0]?.sig ?? ''), 20)) }] };
  expect(await ended(await named(utf8(JSON.stringify(unsigned))))).toBe('signature does not hold');
});

it('finds out an entry that is about another statement, a place that is another, and hashes that lead elsewhere', async () => {
  const elsewhere = new TextDecoder().decode(given.leaf).replace('"digest":"', '"digest":"A');
  expect(await ended({ leaf: utf8(elsewhere) })).toBe('leaf does not hold');
  expect(await ended({ index: 2 })).toBe('root does not hold');
  expect(await ended({ hashes: given.hashes.toReversed() })).toBe('root does not hold');
  expect(await ended({ hashes: given.hashes.slice(1) })).toBe('root does not hold');
});

it('finds out a checkpoint that another has signed, or nobody', async () => {
  const [text = '', signature = ''] = given.note.split('\n\n');
  const [dash, name, encoded = ''] = signature.trim().split(' ');
  const forged = `${text}\n\n${dash} ${name} ${base64(flipped(unbase64(encoded), 30))}\n`;
  expect(await ended({ note: forged })).toBe('checkpoint does not hold');
  expect(await ended({ note: `${text}\n\n` })).toBe('checkpoint does not hold');
  const [, origin = '', key = ''] = /^([^+]+)\+[^+]+\+(.+)$/.exec(given.verifierKey) ?? []; // the key itself may hold a plus
  const other = flipped(unbase64(key), 9);
  const id = hex((await sha256(Uint8Array.from([...utf8(`${origin}\n`), ...other]))).slice(0, 4));
  expect(await ended({ verifierKey: `${origin}+${id}+${base64(other)}` })).toBe('checkpoint does not hold');
});
