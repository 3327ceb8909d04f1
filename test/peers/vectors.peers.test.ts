import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Hash, leafHash, rootOf, verifyConsistency, verifyInclusion } from '../../src/log/merkle.ts';
import { consistencyProof, inclusionProof, type ReadHash, TILE_WIDTH } from '../../src/log/tiles.ts';
import { missing } from '../postgres.ts';
import { publishedModule } from './published.ts';

const MODULE = 'github.com/transparency-dev/merkle@v0.0.3-0.20260707140218-77df88e508fa';
const SUM = 'h1:thPHsl5llVwAR7q5m8HmI/z6rUO0aGDfXVD+5YSBwjA=';
const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const module = go === undefined ? null : publishedModule(go, MODULE, SUM);

if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('proofs as Go makes them', () => undefined);
else if (module === null) it.skipIf(missing(MODULE, 'It is fetched from proxy.golang.org.'))('vectors of transparency-dev/merkle', () => undefined);
else {
  const bytes = (base64: string | null) => Buffer.from(base64 ?? '', 'base64');
  const files = (kind: string) => globSync(`testdata/${kind}/**/*.json`, { cwd: module }).sort();
  const read = <Vector>(file: string) => JSON.parse(readFileSync(join(module, file), 'utf8')) as Vector;

  describe('vectors of transparency-dev/merkle', () => {
    it('inclusion: all 98 are answered as they say', () => {
      const answers = files('inclusion').map((file) => {
        const { leafIdx, treeSize, root, leafHash: leaf, proof } = read<Inclusion>(file);
        return [file, !verifyInclusion(bytes(leaf), leafIdx, treeSize, (proof ?? []).map(bytes), bytes(root))];
      });
      expect(answers).toEqual(files('inclusion').map((file) => [file, read<Inclusion>(file).wantErr]));
      expect(answers).toHaveLength(98);
    });

    it('consistency: all 98 are answered as they say', () => {
      const answers = files('consistency').map((file) => {
        const { size1, size2, root1, root2, proof } = read<Consistency>(file);
        return [file, !verifyConsistency(size1, size2, (proof ?? []).map(bytes), bytes(root1), bytes(root2))];
      });
      expect(answers).toEqual(files('consistency').map((file) => [file, read<Consistency>(file).wantErr]));
      expect(answers).toHaveLength(98);
    });
  });

  describe('golang.org/x/mod/sumdb', () => {
    const dir = mkdtempSync(join(tmpdir(), 'vectors-'));
    afterAll(() => rmSync(dir, { recursive: true }));

    it('makes 10,000 proofs of a tree of 70,000 entries, and ours are the same to the last byte', () => {
      const SIZE = 70_000;
      const random = generator(20_261_126);
      const questions = Array.from({ length: 10_000 }, (_, place) => {
        const size = place === 0 ? SIZE : 1 + (random() % Math.min(SIZE, 2 ** (random() % 18))); // small trees as often as large ones
        return place % 2 === 0 ? { what: 'inclusion', size, other: random() % size } : { what: 'consistency', size, other: 1 + (random() % size) };
      });
      execFileSync(go, ['build', '-o', join(dir, 'verify-log'), '.'], { cwd: join(import.meta.dirname, 'verify-log') });
      const asked = questions.map(({ what, size, other }) => `${what} ${size} ${other}\n`).join('');
      const theirs = execFileSync(join(dir, 'verify-log'), ['prove'], { input: asked, encoding: 'utf8', maxBuffer: 2 ** 26 });

      const at = readerOf(SIZE);
      const ours = questions.map(({ what, size, other }) => (what === 'inclusion' ? inclusionProof(other, 0, size, at) : consistencyProof(other, size, at)));
      expect(ours.map((hashes) => `${Buffer.concat(hashes).toString('hex')}\n`).join('')).toBe(theirs);
    });
  });
}

/** Hashes of the tree whose entries are "entry 0", "entry 1", ... as its tiles would give them. */
function readerOf(size: number): ReadHash {
  const levels: Hash[][] = [Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`entry ${index}`)))];
  for (let below = levels[0] ?? []; below.length >= TILE_WIDTH; below = levels.at(-1) ?? []) {
    const full = Math.floor(below.length / TILE_WIDTH);
    levels.push(Array.from({ length: full }, (_, tile) => rootOf(below.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))));
  }
  return (level, index) => {
    const hash = levels[level]?.[index];
    if (!hash) throw new RangeError(`no hash ${level} ${index}`);
    return hash;
  };
}

/** The same numbers each time: a linear congruence, of which the upper bits are good. */
function generator(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n);
  };
}

interface Inclusion {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface Consistency {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}
