import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { checkpointName, readCheckpoint, signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT, type Hash, leafHash, nodeHash, rootOf, rootsOf, verifyConsistency, verifyInclusion } from './merkle.ts';
import { noteSigner, parseNote, parseVerifierKey, signNote, verifierKey, verifyNote } from './note.ts';
import {
  bundlePath,
  consistencyProof,
  decodeBundle,
  encodeBundle,
  inclusionProof,
  type ReadHash,
  rangeRoot,
  TILE_WIDTH,
  tileIndex,
  tilePath,
  tilesOf,
} from './tiles.ts';

const leaves = Array.from({ length: 700 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));

/** Straight from RFC 6962 section 2.1, with nothing stored. */
function naive(hashes: readonly Hash[]): Hash {
  if (hashes.length <= 1) return hashes[0] ?? EMPTY_ROOT;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(naive(hashes.slice(0, split)), naive(hashes.slice(split)));
}

const readOf = (size: number): ReadHash => {
  const levels: (readonly Hash[])[] = [leaves.slice(0, size)];
  const [first = []] = levels;
  levels.push(Array.from({ length: Math.floor(size / TILE_WIDTH) }, (_, tile) => rootOf(first.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))));
  return (level, index) => {
    const hash = levels[level]?.[index];
    if (!hash) throw new RangeError(`no hash ${level} ${index}`);
    return hash;
  };
};

describe('RFC 6962', () => {
  it('hashes as its test vectors say', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(leafHash(Buffer.from('L123456')).toString('hex')).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56');
    expect(nodeHash(Buffer.from('N123'), Buffer.from('N456')).toString('hex')).toBe('aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb');
  });

  it('gives the same root from tiles as from leaves, at every size', () => {
    for (let size = 1; size <= 600; size++) expect(rangeRoot(0, size, readOf(size)).equals(naive(leaves.slice(0, size)))).toBe(true);
  });

  it('proves every leaf of every size, and no other', () => {
    for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 300, 513]) {
      const [read, root] = [readOf(size), naive(leaves.slice(0, size))];
      for (let index = 0; index < size; index += Math.ceil(size / 40)) {
        const proof = inclusionProof(index, 0, size, read);
        expect(verifyInclusion(leaves[index] as Hash, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leaves[(index + 1) % leaves.length] as Hash, index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaves[index] as Hash, index, size, [...proof, root], root)).toBe(false);
        if (proof.length > 0) expect(verifyInclusion(leaves[index] as Hash, index, size, proof.slice(1), root)).toBe(false);
      }
    }
  });

  it('gives the roots of a growing tree', () => {
    const sizes = Array.from({ length: 301 }, (_, size) => size);
    const roots = rootsOf(leaves.slice(0, 300), new Set([...sizes, 301]));
    expect([...roots.keys()]).toEqual(sizes);
    for (const size of sizes) expect(roots.get(size), `size ${size}`).toEqual(naive(leaves.slice(0, size)));
  });

  it('proves that a tree continues an earlier one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (a, b) => {
        const [earlier, size] = [Math.min(a, b), Math.max(a, b)];
        const proof = consistencyProof(earlier, size, readOf(size));
        const [before, after] = [naive(leaves.slice(0, earlier)), naive(leaves.slice(0, size))];
        expect(verifyConsistency(earlier, size, proof, before, after)).toBe(true);
        if (earlier < size) expect(verifyConsistency(earlier, size, proof, leaves[0] as Hash, earlier === 1 ? before : after)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('C2SP tiles', () => {
  it.each([
    [0, '000'],
    [999, '999'],
    [1234067, 'x001/x234/067'],
  ])('writes index %i as %s', (index, written) => expect(tileIndex(index)).toBe(written));

  it('names what a tree of 70,000 entries holds', () => {
    const tiles = [...tilesOf(70_000)];
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(tiles.filter(({ width }) => width < 256).map(({ level, index, width }) => tilePath(level, index, width))).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect(bundlePath(273, 112)).toBe('tile/entries/273.p/112');
  });

  it('reads back what it wrote, and refuses what was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 }), fc.constantFrom(2 as const, 4 as const), (items, bytes) => {
        const bundle = encodeBundle(items, bytes);
        expect(decodeBundle(bundle, bytes, items.length, 'x').map((item) => [...item])).toEqual(items.map((item) => [...item]));
        expect(() => decodeBundle(bundle.subarray(0, -1), bytes, items.length, 'x')).toThrow(IntegrityError);
        expect(() => decodeBundle(bundle, bytes, items.length + 1, 'x')).toThrow(IntegrityError);
      }),
    );
  });

  it('refuses an entry that is too long', () => expect(() => encodeBundle([Buffer.alloc(65_536)], 2)).toThrow(RangeError));
});

describe('signed notes', () => {
  const signer = noteSigner('acme.example/log', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const checkpoint = { origin: signer.name, size: 7, root: leaves[0] as Hash };
  const note = Buffer.from(signCheckpoint(checkpoint, signer));

  it('are the bytes that the specification asks for', () => {
    expect(note.toString()).toMatch(/^acme\.example\/log\n7\n[A-Za-z0-9+/]{43}=\n\n\u2014 acme\.example\/log [A-Za-z0-9+/]+=*\n$/);
    expect(checkpointName(checkpoint)).toBe(`00000000000000000007-${checkpoint.root.toString('hex').slice(0, 16)}`);
  });

  it('agree with a key of the specification about its id', () => {
    // c2sp.org/signed-note, "example": the id of PeterNeumann's key.
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(verifierKey(parseVerifierKey(vkey))).toBe(vkey);
    const signed =
      'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    expect(verifyNote(Buffer.from(signed.replace('\u2019', "'")), parseVerifierKey(vkey))).toContain('cryptography');
  });

  it('carry signatures of strangers, which are passed over', () => {
    const extended = Buffer.from(`${note.toString()}\u2014 stranger.example ${Buffer.alloc(68, 7).toString('base64')}\n`);
    expect(readCheckpoint(extended, signer)).toEqual(checkpoint);
  });

  it('refuse every flipped byte', () => {
    for (let place = 0; place < note.length; place++) {
      const flipped = Buffer.from(note);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      expect(() => readCheckpoint(flipped, signer), `byte ${place}`).toThrow(IntegrityError);
    }
  });

  it.each([
    ['a leading zero', `${signer.name}\n07\n${checkpoint.root.toString('base64')}\n`],
    ['a short root', `${signer.name}\n7\nAAAA\n`],
    ['another origin', `other.example\n7\n${checkpoint.root.toString('base64')}\n`],
    ['an extension line', `${signer.name}\n7\n${checkpoint.root.toString('base64')}\nmore\n`],
  ])('refuse %s', (_, text) => expect(() => readCheckpoint(Buffer.from(signNote(text, signer)), signer)).toThrow(IntegrityError));

  it('refuse carriage returns, and what is not UTF-8', () => {
    expect(() => parseNote(Buffer.from('a\r\n\n\u2014 a AAAAAAA=\n'))).toThrow(IntegrityError);
    expect(() => parseNote(Buffer.concat([Buffer.from([0xff]), note]))).toThrow(IntegrityError);
  });

  it('of a checkpoint hold three lines, and no blank one', () => {
    const signer = noteSigner('acme.example/log', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const text = `acme.example/log\n0\n${EMPTY_ROOT.toString('base64')}\n`;
    expect(readCheckpoint(Buffer.from(signNote(text, signer)), signer).size).toBe(0);
    for (const more of ['\n', '\n\n', 'more\n'])
      expect(() => readCheckpoint(Buffer.from(signNote(text + more, signer)), signer)).toThrow('the checkpoint has no root');
  });
});
