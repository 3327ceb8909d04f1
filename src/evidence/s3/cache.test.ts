import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256hex } from '../../log/merkle.ts';
import type { Objects } from '../objects.ts';
import { cached } from './cache.ts';
import type { Versions } from '../objects.ts';

const root = mkdtempSync(join(tmpdir(), 'cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** A bucket of a few files that counts what is asked of it. */
function lab(limits: { readonly memory?: number; readonly disk?: number } = {}) {
  const files = new Map<string, Buffer>();
  const asked: string[] = [];
  const nothing = async () => undefined;
  const objects: Objects = {
    async read(path) {
      asked.push(path);
      return files.get(path) ?? null;
    },
    async readPart(path, offset, length) {
      asked.push(path);
      return files.get(path)?.subarray(offset, offset + length) ?? null;
    },
    list: async () => [],
    create: nothing,
    replace: nothing,
    remove: nothing,
    async overwrite(path, offset, bytes) {
      const changed = Buffer.from(files.get(path) ?? []);
      changed.set(bytes, offset);
      files.set(path, changed);
    },
  };
  const versions: Versions = { put: nothing, get: async () => null };
  const folder = join(root, `c${made++}`);
  const keep = (text: string): string => {
    const path = `packs/${sha256hex(Buffer.from(text)).slice(0, 2)}/${sha256hex(Buffer.from(text))}`;
    files.set(path, Buffer.from(text));
    return path;
  };
  return { files, asked, folder, keep, open: () => cached({ objects, versions, folder, ...limits }) };
}

const shelved = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((it) => statSync(join(folder, it)).isFile());

describe('the cache of a bucket', () => {
  it('fetches once what never changes, and what may change every time', async () => {
    const { files, asked, keep, open } = lab();
    const pack = keep('a pack');
    files.set('log/checkpoint', Buffer.from('one')).set('log/tile/0/000.p/3', Buffer.from('tile'));
    const reading = open();
    for (let count = 0; count < 2; count++) for (const path of [pack, 'log/checkpoint', 'log/tile/0/000.p/3']) await reading.read(path);
    expect(asked).toEqual([pack, 'log/checkpoint', 'log/tile/0/000.p/3', 'log/checkpoint']);
    expect((await reading.readPart(pack, 2, 4))?.toString()).toBe('pack');
    expect(asked).toHaveLength(4);
  });

  it('does not remember that something was missing', async () => {
    const { files, open } = lab();
    const reading = open();
    expect(await reading.read('log/tile/0/000')).toBeNull();
    files.set('log/tile/0/000', Buffer.from('now'));
    expect((await reading.read('log/tile/0/000'))?.toString()).toBe('now');
  });

  it('takes nothing from the disk that is not what was written', async () => {
    const { asked, folder, keep, open } = lab();
    const pack = keep('a pack');
    await open().read(pack);
    await open().read(pack);
    expect(asked).toEqual([pack]);
    writeFileSync(join(folder, shelved(folder)[0] ?? ''), 'forged');
    expect((await open().read(pack))?.toString()).toBe('a pack');
    expect(asked).toEqual([pack, pack]);
  });

  it('keeps nothing on the disk that does not fit its name', async () => {
    const { files, folder, keep, open } = lab();
    const pack = keep('a pack');
    files.set(pack, Buffer.from('forged'));
    await open().read(pack);
    expect(() => readdirSync(folder)).toThrowError(/ENOENT/);
  });

  it('forgets what is blanked', async () => {
    const { folder, keep, open } = lab();
    const pack = keep('a pack');
    const reading = open();
    await reading.read(pack);
    await reading.overwrite(pack, 0, Buffer.from('......'));
    expect((await reading.read(pack))?.toString()).toBe('......');
    expect(shelved(folder)).toEqual([]);
  });

  it('is bounded in memory and on the disk: what was used longest ago goes', async () => {
    const { asked, folder, keep, open } = lab({ memory: 25, disk: 45 });
    const packs = ['first', 'second', 'third', 'fourth', 'fifth'].map((text) => keep(text.padEnd(10)));
    const reading = open();
    for (const [place, pack] of packs.entries()) {
      await reading.read(pack);
      const digest = pack.split('/')[2] ?? '';
      if (place < 4) utimesSync(join(folder, digest.slice(0, 2), digest), place, place);
    }
    expect(shelved(folder).map((path) => path.split('/')[1])).toEqual(expect.arrayContaining(packs.slice(2).map((pack) => pack.split('/')[2])));
    expect(shelved(folder)).toHaveLength(3);
    asked.length = 0;
    for (const pack of packs.toReversed()) await reading.read(pack);
    expect(asked).toEqual([packs[1], packs[0]]);
  });
});
