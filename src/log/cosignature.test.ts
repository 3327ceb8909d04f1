import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { instant, iso } from '../core/instant.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.ts';
import { readCheckpoint, signCheckpoint } from './checkpoint.ts';
import { cosign, cosignatures, mergeLines, parseWitnessKey, witnessKey, witnessSigner } from './cosignature.ts';
import { consistencyFrom, type ReadTile, rootFrom } from './derive.ts';
import { type Hash, leafHash, rootOf, verifyConsistency } from './merkle.ts';
import { noteSigner, parseNote, parseVerifierKey, verifyNote } from './note.ts';
import { TILE_WIDTH } from './tiles.ts';

const pem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const root = leafHash(Buffer.from('leaf'));
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof IntegrityError) return error.code;
    throw error;
  }
  return 'accepted';
};

// A checkpoint of a CT log in the wild, May 2026, with the keys that its log and its witnesses publish.
const WILD = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

\u2014 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
\u2014 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
\u2014 witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
\u2014 witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;
const LOG = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const REMORA = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const SMARTIT = 'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO';

// c2sp.org/tlog-cosignature and c2sp.org/tlog-witness, their examples; no keys are published for them.
const SPEC_NOTE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
const SPEC_LINE = '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==';
const SPEC_REQUEST = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

${SPEC_NOTE}\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;

describe('cosignatures', () => {
  it('of the wild are verified, beside lines of kinds and keys that we do not know', () => {
    expect(readCheckpoint(Buffer.from(WILD), parseVerifierKey(LOG)).size).toBe(1_432_088_532);
    const known = [REMORA, SMARTIT].map(parseWitnessKey);
    expect(known.map(witnessKey)).toEqual([REMORA, SMARTIT]);
    expect(cosignatures(Buffer.from(WILD), known).map(({ name, at }) => [name, iso(at)])).toEqual([
      ['remora.n621.de', '2026-05-23T21:50:24Z'],
      ['witness1.smartit.nu/witness1', '2026-05-23T21:50:24Z'],
    ]);
  });

  it('of the specification have the framing that is written here', () => {
    const [, line] = parseNote(Buffer.from(`${SPEC_NOTE}${SPEC_LINE}\n`)).signatures;
    expect(line).toMatchObject({ name: 'witness.example.com/w1', keyId: Buffer.from('8d66cf3f', 'hex') });
    expect(line?.signature).toHaveLength(72);
    expect(line?.signature.readBigUInt64BE(0)).toBe(1_679_315_147n);
  });

  const signer = noteSigner('acme.example/log', pem());
  const witness = witnessSigner('auditor.example/w1', pem());
  const at = instant('2026-03-01T02:00:00Z');
  const note = signCheckpoint({ origin: signer.name, size: 7, root }, signer);
  const { text } = parseNote(Buffer.from(note));
  const cosigned = mergeLines(note, `${text}\n${cosign(text, witness, at + 999)}\n`);

  it('are made as they are read, in whole seconds', () => {
    expect(cosignatures(Buffer.from(cosigned), [witness])).toEqual([{ name: witness.name, at, line: cosigned.trimEnd().split('\n').at(-1) }]);
    expect(readCheckpoint(Buffer.from(cosigned), signer).size).toBe(7);
    expect(cosignatures(Buffer.from(note), [witness])).toEqual([]);
    expect(refusal(() => parseWitnessKey(LOG))).toBe('VKEY');
    expect(refusal(() => parseVerifierKey(REMORA))).toBe('VKEY');
  });

  it('refuse every flipped byte of the text and of their own line', () => {
    const bytes = Buffer.from(cosigned);
    const own = Buffer.byteLength(cosigned.slice(0, cosigned.lastIndexOf('\u2014')));
    const outcomes = new Set<string>();
    for (let place = 0; place < bytes.length; place++) {
      if (place > Buffer.byteLength(text) && place < own) continue; // the line of the log itself, which is its verifier's business
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      let found = -1;
      const said = refusal(() => {
        found = cosignatures(flipped, [witness]).length;
      });
      outcomes.add(said);
      // Another name or key id makes it a stranger's line, which is passed over.
      if (said === 'accepted') expect({ place, found, line: place > own }).toEqual({ place, found: 0, line: true });
    }
    expect([...outcomes].sort()).toEqual(['COSIGNATURE', 'NOTE', 'accepted']);
  });

  it.each([
    ['a time of zero', 0n],
    ['a time beyond all dates', 2n ** 62n],
  ])('refuse %s, even well signed', (_, seconds) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(seconds);
    const line = `\u2014 ${witness.name} ${Buffer.concat([witness.keyId, time, Buffer.alloc(64, 1)]).toString('base64')}`;
    expect(refusal(() => cosignatures(Buffer.from(`${note}${line}\n`), [witness]))).toBe('COSIGNATURE');
  });

  it('are merged once each, up to many, and never across notes', () => {
    const many = Array.from({ length: 40 }, (_, place) => cosign(text, witnessSigner(`w${place}.example`, pem()), at));
    const all = many.reduce((merged, line) => mergeLines(merged, `${text}\n${line}\n`), cosigned);
    expect(mergeLines(all, all)).toBe(all);
    expect(parseNote(Buffer.from(all)).signatures).toHaveLength(42);
    expect(verifyNote(Buffer.from(all), signer)).toBe(text);
    expect(cosignatures(Buffer.from(all), [witness])).toHaveLength(1);
    const other = signCheckpoint({ origin: signer.name, size: 8, root }, signer);
    expect(refusal(() => mergeLines(note, other))).toBe('NOTE');
  });
});

describe('add-checkpoint', () => {
  it('is the body that the specification shows', () => {
    const request = parseAddCheckpoint(Buffer.from(SPEC_REQUEST));
    expect({ old: request.old, hashes: request.proof.length }).toEqual({ old: 20_852_014, hashes: 4 });
    expect(parseNote(Buffer.from(request.note)).signatures).toHaveLength(2);
    expect(formatAddCheckpoint(request)).toBe(SPEC_REQUEST);
  });

  it.each([
    ['no size', `\n\n${SPEC_NOTE}`],
    ['a leading zero', `old 07\n\n${SPEC_NOTE}`],
    ['a negative size', `old -1\n\n${SPEC_NOTE}`],
    ['a size beyond 2^53', `old 9007199254740993\n\n${SPEC_NOTE}`],
    ['no empty line', 'old 0\n'],
    ['carriage returns', SPEC_REQUEST.replaceAll('\n', '\r\n')],
    ['a short hash', `old 1\nAAAA\n\n${SPEC_NOTE}`],
    ['base64 that is not canonical', `old 1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n\n${SPEC_NOTE}`],
    ['a hash too many', `old 1\n${'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'.repeat(64)}\n${SPEC_NOTE}`],
    ['a million hashes', `old 1\n${'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'.repeat(1_000_000)}\n${SPEC_NOTE}`],
  ])('refuses %s', (_, body) => expect(refusal(() => parseAddCheckpoint(Buffer.from(body)))).toBe('REQUEST'));

  it('never breaks on what is sent', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusal(() => parseAddCheckpoint(Buffer.from(bytes)))));
  });
});

describe('from tiles', () => {
  const leaves = Array.from({ length: 600 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
  const read: string[] = [];
  const tilesOf =
    (size: number): ReadTile =>
    async (level, index) => {
      read.push(`${level}/${index}`);
      const hashes = level === 0 ? leaves.slice(0, size) : [0, 1].map((tile) => rootOf(leaves.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH)));
      return hashes.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    };

  it.each([
    [1, 600],
    [256, 600],
    [300, 513],
    [511, 512],
    [77, 78],
  ])('%i leads to %i', async (earlier, size) => {
    const [before, after] = [await rootFrom(earlier, tilesOf(size)), await rootFrom(size, tilesOf(size))];
    expect([before, after]).toEqual([rootOf(leaves.slice(0, earlier)), rootOf(leaves.slice(0, size))]);
    const proof = await consistencyFrom(earlier, size, tilesOf(size));
    expect(verifyConsistency(earlier, size, proof as Hash[], before, after)).toBe(true);
  });

  it('reads no tile twice, and none that it does not need', async () => {
    read.length = 0;
    await consistencyFrom(512, 600, tilesOf(600));
    expect(read.toSorted()).toEqual(['0/2']);
  });

  it('needs no proof from nothing, nor to itself', async () => {
    expect([await consistencyFrom(0, 600, tilesOf(600)), await consistencyFrom(600, 600, tilesOf(600))]).toEqual([[], []]);
  });
});
