import { expect, it } from 'vitest';
import { sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import type { Payload } from '../log/statement.ts';
import { namedPayloads } from './named.ts';
import { onePack } from './packs.ts';
import { type Problem, reporting } from './problems.ts';

const [one, other] = [Buffer.from('one payload'), Buffer.from('another')];
const pack = Buffer.concat([one, other]);
const place = (bytes: Buffer, offset: number): Payload['place'] => ({ pack: sha256hex(pack), offset, length: bytes.length });
const payloadOf = (bytes: Buffer, its: Payload['place'], key = 'k1'): Payload => ({
  digest: sha256hex(bytes),
  keyDigest: sha256hex(Buffer.from(key)),
  size: 5,
  place: its,
});

/** Looks at these in turn, as of records 0, 1, 2 ... */
async function look(payloads: readonly (Payload & { readonly era?: string })[], files: Readonly<Record<string, Buffer>>) {
  const problems: Problem[] = [];
  const read: string[] = [];
  const reading = {
    async read(path: string) {
      read.push(path);
      return files[path] ?? null;
    },
    readPart: async () => null,
    list: async () => [],
  };
  const named = namedPayloads(onePack(reading), reporting(problems));
  for (const [index, { era = 'evidence/2026-Q1', ...payload }] of payloads.entries()) await named.take({ era, index }, payload);
  return { named: [...named.all()], count: named.count, problems, read };
}

const first = payloadOf(one, place(one, 0));
const second = payloadOf(other, place(other, one.length));
const alone = payloadOf(one, { pack: null, offset: 0, length: one.length }, 'k2');
const FILES = { [payloadPath(first)]: pack, [payloadPath(alone)]: one };

it('looks at each payload once, and reads a pack once', async () => {
  const { named, count, problems, read } = await look([first, second, first, second, alone, alone, first], FILES);
  expect(named.map(({ index, last, fault }) => ({ index, last, fault }))).toEqual([
    { index: 0, last: 6, fault: null },
    { index: 1, last: 3, fault: null },
    { index: 4, last: 5, fault: null },
  ]);
  expect({ count, problems, read }).toEqual({ count: 3, problems: [], read: [payloadPath(first), payloadPath(alone)] });
});

it('tells ciphertexts under other keys, in other eras and at other places apart', async () => {
  const another = { ...first, keyDigest: sha256hex(Buffer.from('k3')) };
  const elsewhere = { ...first, place: place(other, one.length) };
  const { named, problems } = await look([first, another, { ...first, era: 'evidence/2026-Q2' }, another, elsewhere], FILES);
  expect(named.map(({ index, last, era }) => ({ index, last, era })).toSorted((a, b) => a.index - b.index)).toEqual([
    { index: 0, last: 0, era: 'evidence/2026-Q1' },
    { index: 1, last: 3, era: 'evidence/2026-Q1' },
    { index: 2, last: 2, era: 'evidence/2026-Q2' },
    { index: 4, last: 4, era: 'evidence/2026-Q1' },
  ]);
  expect(named.flatMap(({ index, fault }) => (fault ? [[index, fault.code]] : []))).toEqual([[4, 'PAYLOAD_ALTERED']]);
  expect(problems).toEqual([]);
});

it('says that a record tells another size of a payload than one before it', async () => {
  const { problems } = await look([first, { ...first, size: 6 }], FILES);
  expect(problems).toEqual([{ code: 'PAYLOAD_SIZE', file: null, index: 1, says: 'it says another size of a payload than record 0' }]);
});

it('says which file is missing, altered, or holds more than was written', async () => {
  const more = Buffer.concat([pack, Buffer.from('!')]);
  const { named } = await look([first, second, alone], { [payloadPath(first)]: more });
  expect(named.map(({ fault }) => fault && [fault.code, fault.file])).toEqual([
    ['PACK', payloadPath(first)],
    ['PACK', payloadPath(second)],
    ['PAYLOAD_MISSING', payloadPath(alone)],
  ]);
});
