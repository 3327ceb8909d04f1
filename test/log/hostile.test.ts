import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../../src/core/error.ts';
import { parseDescription } from '../../src/log/description.ts';
import { readCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts';
import { EMPTY_ROOT } from '../../src/log/merkle.ts';
import { noteSigner, parseNote, parseVerifierKey, signNote, verifierKey } from '../../src/log/note.ts';
import { decodeBundle } from '../../src/log/tiles.ts';
import { cases, SEED } from './scale.ts';
import { tally } from './tally.ts';

const signer = noteSigner('acme.example/log', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const NOTE = signCheckpoint({ origin: signer.name, size: 7, root: EMPTY_ROOT }, signer);
const DESCRIPTION = JSON.stringify({ format: 3, origin: signer.name, verifierKey: verifierKey(signer), statementKeys: { workspace: 'AAAA' } });

/** Bytes of any kind, and what a forger would begin with: the real thing, cut up and put together anew. */
const near = (sound: string) => {
  const piece = fc.tuple(fc.nat({ max: sound.length }), fc.nat({ max: sound.length })).map(([from, to]) => Buffer.from(sound.slice(from, to)));
  const said = fc
    .constantFrom('\n\n', '\n', '\r\n', '\u2014 ', '+', '07', '-1', '1e3', 'null', '[]', '{}', '"', '\u0000', '\ud800', '99999999999999999999')
    .map((text) => Buffer.from(text));
  const any = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(fc.oneof(piece, said, any), { maxLength: 8 }).map((parts) => Buffer.concat(parts)),
    fc.tuple(piece, fc.oneof(said, any), piece).map((parts) => Buffer.concat(parts)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({
        format: fc.constantFrom(1, 2, '1', null),
        origin: fc.jsonValue(),
        verifierKey: fc.oneof(fc.jsonValue(), fc.constant(verifierKey(signer))),
        statementKeys: fc.jsonValue(),
      })
      .map((it) => Buffer.from(JSON.stringify(it))),
  );
};

/** Reads bytes, and answers with nothing but a result or an `IntegrityError`. */
function answers(read: (bytes: Buffer) => unknown, bytes: Buffer): 'read' | 'refused' {
  try {
    read(bytes);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(IntegrityError);
    return 'refused';
  }
}

/** Time that it takes, in milliseconds, and bytes of memory that it takes at most, roughly. */
function costs(act: () => void): number {
  const begun = performance.now();
  act();
  return performance.now() - begun;
}

describe('hostile bytes', () => {
  it.each<[string, (bytes: Buffer) => unknown, string]>([
    ['parseNote', parseNote, NOTE],
    ['readCheckpoint', (bytes) => readCheckpoint(bytes, signer), NOTE],
    ['parseDescription', parseDescription, DESCRIPTION],
    ['decodeBundle, entries', (bytes) => decodeBundle(bytes, 2, 3, 'x'), '\u0000\u0001a\u0000\u0002bc\u0000\u0000'],
    ['decodeBundle, statements', (bytes) => decodeBundle(bytes, 4, 3, 'x'), '\u0000\u0000\u0000\u0001a\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0002bc'],
  ])('are refused by %s with an IntegrityError, and with nothing else', (name, read, sound) => {
    const numRuns = cases(1_500, 200_000);
    let refused = 0;
    fc.assert(
      fc.property(near(sound), (bytes) => {
        if (answers(read, bytes) === 'refused') refused++;
      }),
      { numRuns, seed: SEED },
    );
    tally('hostile bytes', name, numRuns, 0);
    expect(answers(read, Buffer.from(sound, 'utf8'))).toBe('read');
    expect(refused).toBeGreaterThan(numRuns / 2);
  });

  it('that were signed are not believed for that', () => {
    const lines = fc.array(
      fc.constantFrom(signer.name, 'other.example', '7', '07', '-7', '7.0', '9007199254740993', '1e3', EMPTY_ROOT.toString('base64'), 'AAAA', ''),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(lines, (text) => {
        const signed = Buffer.from(signNote(`${text.join('\n')}\n`, signer));
        const sound =
          text.length >= 3 &&
          text[0] === signer.name &&
          text[1] === '7' &&
          text[2] === EMPTY_ROOT.toString('base64') &&
          text.slice(3).every((line) => line === '');
        if (answers((bytes) => readCheckpoint(bytes, signer), signed) === 'read') expect(sound).toBe(true);
      }),
      { numRuns: cases(500, 20_000), seed: SEED },
    );
  });

  it.each<[string, (bytes: Buffer) => unknown, () => Buffer]>([
    ['a million lines of signatures', parseNote, () => Buffer.from(`a\n\n${'\u2014 a AAAAAAA=\n'.repeat(1_000_000)}`)],
    ['a million blank lines', parseNote, () => Buffer.alloc(1_000_000, '\n')],
    ['a signature of a million letters', parseNote, () => Buffer.from(`a\n\n\u2014 a ${'A'.repeat(1_000_000)}=\n`)],
    ['a name of a million letters', parseNote, () => Buffer.from(`a\n\n\u2014 ${'a'.repeat(1_000_000)}\n`)],
    [
      'a verifier key of a million letters',
      (bytes) => parseVerifierKey(bytes.toString()),
      () => Buffer.from(`${'a'.repeat(500_000)}+00000000+${'A'.repeat(500_000)}`),
    ],
    ['a bundle of a million nothings', (bytes) => decodeBundle(bytes, 2, 256, 'x'), () => Buffer.alloc(2_000_000)],
    ['an item of four gigabytes', (bytes) => decodeBundle(bytes, 4, 256, 'x'), () => Buffer.from('ffffffff00', 'hex')],
    ['a description of a hundred thousand brackets', parseDescription, () => Buffer.from('['.repeat(100_000))],
  ])('are refused in little time: %s', (_, read, make) => {
    const bytes = make();
    expect(costs(() => expect(answers(read, bytes)).toBe('refused'))).toBeLessThan(2_000);
  });
});
