import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Hash, leafHash, rootOf, rootsOf, verifyInclusion } from '../../src/log/merkle.ts';
import { encodeBundle, inclusionProof, MAX_ENTRY, TILE_WIDTH, tilePath, tilesOf } from '../../src/log/tiles.ts';
import { readContents } from './crash-disk.ts';
import { draft, textsOf } from './drafts.ts';
import { open } from './examine.ts';
import { cases, FULL, folder } from './scale.ts';
import { tally } from './tally.ts';

const filesOf = (dir: string): readonly string[] => [...readContents(join(dir, 'log')).keys()].filter((path) => path.startsWith('tile/')).sort();

describe('a log at the edges of its tiles', () => {
  it.each([
    [0, []],
    [1, ['tile/0/000.p/1', 'tile/entries/000.p/1']],
    [255, ['tile/0/000.p/255', 'tile/entries/000.p/255']],
    [256, ['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']],
    [257, ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/1']],
  ])('holds %i records, and takes one more', async (size, tiles) => {
    const dir = folder();
    const archive = await open(dir);
    const texts = Array.from({ length: size }, (_, index) => `${index % 8}`);
    await archive.append(texts.map((text) => draft(text)));
    expect((await archive.checkpoint()).size).toBe(size);
    expect(filesOf(dir)).toEqual(tiles);
    expect((await archive.verify()).problems).toEqual([]);
    for (const index of new Set([0, size - 1].filter((place) => place >= 0 && place < size))) expect((await archive.proof(index)).index).toBe(index);
    for (const index of [-1, size, 0.5, 2 ** 53]) await expect(archive.record(index)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(await archive.append([draft('more')])).toEqual([size]);
    expect(await textsOf(archive)).toEqual([...texts, 'more']);
    expect((await archive.verify()).problems).toEqual([]);
    await archive.close();
  });

  it('has three levels at 65,536 entries, each of whose proofs holds', () => {
    const size = TILE_WIDTH ** 2;
    const levels: Hash[][] = [Array.from({ length: size + 1 }, (_, index) => leafHash(Buffer.from(`${index}`)))];
    for (let level = 0; level < 2; level++) {
      const below = levels[level] ?? [];
      levels.push(Array.from({ length: Math.floor(below.length / TILE_WIDTH) }, (_, tile) => rootOf(below.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))));
    }
    const leaves = levels[0] ?? [];
    const roots = rootsOf(leaves, new Set([0, size - 1, size, size + 1]));
    for (const [its, tiles] of [
      [size - 1, ['tile/0/255.p/255', 'tile/1/000.p/255']],
      [size, ['tile/2/000.p/1']],
      [size + 1, ['tile/0/256.p/1', 'tile/2/000.p/1']],
    ] as const) {
      expect([...tilesOf(its)].filter(({ width }) => width < TILE_WIDTH).map(({ level, index, width }) => tilePath(level, index, width))).toEqual(tiles);
      const root = roots.get(its) as Hash;
      expect(root).toEqual(rootOf(leaves.slice(0, its)));
      for (const index of [0, 255, 256, its - 1]) {
        const proof = inclusionProof(index, 0, its, (level, place) => levels[level]?.[place] as Hash);
        expect(verifyInclusion(leaves[index] as Hash, index, its, proof, root)).toBe(true);
        expect(verifyInclusion(leaves[index] as Hash, index + 1, its, proof, root)).toBe(false);
      }
    }
  });

  it.runIf(FULL)(
    'holds 65,536 records',
    async () => {
      const dir = folder();
      const archive = await open(dir);
      await archive.append(Array.from({ length: 65_535 }, (_, index) => draft(`${index % 8}`)));
      await archive.append([draft('last')]);
      const { problems, records } = await archive.verify();
      expect([problems, records]).toEqual([[], 65_536]);
      expect(filesOf(dir).filter((path) => path.includes('.p/'))).toEqual(['tile/2/000.p/1']);
      expect(await archive.append([draft('more')])).toEqual([65_536]);
      expect((await archive.proof(65_536)).checkpoint.size).toBe(65_537);
      await archive.close();
      tally('boundaries', '65,536 records', 1, 0);
    },
    1_200_000,
  );

  it('refuses an entry that its length cannot be written of, and keeps a statement that is longer than that', async () => {
    expect(encodeBundle([Buffer.alloc(MAX_ENTRY)], 2)).toHaveLength(MAX_ENTRY + 2);
    expect(() => encodeBundle([Buffer.alloc(MAX_ENTRY + 1)], 2)).toThrow(RangeError);
    const archive = await open(folder());
    const long = draft('long');
    await archive.append([{ ...long, body: { ...long.body, config: JSON.stringify({ org: 'x'.repeat(200_000) }) } as typeof long.body }]);
    expect((await archive.record(0)).body).toMatchObject({ config: JSON.stringify({ org: 'x'.repeat(200_000) }) });
    expect((await archive.verify()).problems).toEqual([]);
    await archive.close();
  });
});

describe('a reader beside a writer', () => {
  it('finds a whole log at every moment, while partial tiles are replaced under it', async () => {
    const dir = folder();
    const [writer, reader] = [await open(dir), await open(dir)];
    await writer.append(Array.from({ length: 250 }, (_, index) => draft(`${index % 8}`)));
    const batches = cases(12, 300);
    let [writes, reads] = [true, 0];
    const writing = (async () => {
      for (let count = 0; count < batches; count++) await writer.append([draft(`${count % 8}`, `line-${count % 3}`)]);
      writes = false;
    })();
    while (writes) {
      const { size } = await reader.checkpoint();
      expect((await reader.proof(size - 1)).index).toBe(size - 1);
      expect((await reader.record(size - 1)).index).toBe(size - 1);
      expect((await textsOf(reader)).length).toBeGreaterThanOrEqual(size);
      const { problems, records } = await reader.verify();
      expect(problems).toEqual([]);
      expect(records).toBeGreaterThanOrEqual(size);
      reads++;
    }
    await writing;
    tally('a reader beside a writer', 'rounds of reading', reads, 0, { says: `while ${batches} batches were written` });
    expect(reads).toBeGreaterThan(0);
    expect((await reader.checkpoint()).size).toBe(250 + batches);
    await Promise.all([writer.close(), reader.close()]);
  }, 600_000);
});
