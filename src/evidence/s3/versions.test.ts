import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Files } from '../files.ts';
import { digestInName, lockedKind } from './kinds.ts';
import type { Pin, PinOf, SharedVersions } from '../objects.ts';
import { fileVersions, ownVersions } from './versions.ts';

const root = mkdtempSync(join(tmpdir(), 'versions-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = (): Files => {
  const dir = join(root, `v${made++}`);
  mkdirSync(dir);
  return new Files(dir);
};
const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)];
const PACK = `packs/11/${ONE}`;

describe('pins', () => {
  it('are kept, told to others, and replaced by newer ones', async () => {
    const files = fresh();
    const [writer, reader] = [fileVersions(files), fileVersions(files)];
    expect(await reader.get(PACK)).toBeNull();
    await writer.put([
      [PACK, { versionId: 'v1', digest: ONE }],
      ['log/tile/0/000', { versionId: null, digest: TWO }],
    ]);
    expect([await reader.get(PACK), await reader.get('log/tile/0/000')]).toEqual([
      { versionId: 'v1', digest: ONE },
      { versionId: null, digest: TWO },
    ]);
    await writer.put([[PACK, { versionId: 'v2', digest: TWO }]]);
    expect(await fileVersions(files).get(PACK)).toEqual({ versionId: 'v2', digest: TWO });
  });

  it('that are there are not written twice, and only their owner reads them', async () => {
    const files = fresh();
    const path = join(files.root, 'bucket/versions');
    await fileVersions(files).put([[PACK, { versionId: 'v1', digest: ONE }]]);
    const { size, mode } = statSync(path);
    await fileVersions(files).put([[PACK, { versionId: 'v1', digest: ONE }]]);
    expect([statSync(path).size, mode & 0o777]).toEqual([size, 0o600]);
  });

  it('survive a line that was cut off', async () => {
    const files = fresh();
    await fileVersions(files).put([[PACK, { versionId: 'v1', digest: ONE }]]);
    appendFileSync(join(files.root, 'bucket/versions'), `${TWO} v2 packs/2`);
    const versions = fileVersions(files);
    expect(await versions.get('packs/2')).toBeNull();
    await versions.put([['log/tile/0/000', { versionId: 'v3', digest: TWO }]]);
    const again = fileVersions(files);
    expect([await again.get(PACK), await again.get('log/tile/0/000'), await again.get('packs/2')]).toEqual([
      { versionId: 'v1', digest: ONE },
      { versionId: 'v3', digest: TWO },
      null,
    ]);
  });
});

describe('pins of a folder that begins to share its log', () => {
  const [WHOLE, BLANKED] = [ONE, '3'.repeat(64)];
  function shared(): SharedVersions & { readonly pins: Map<string, Pin> } {
    const pins = new Map<string, Pin>();
    const put = async (added: Iterable<PinOf>) => {
      for (const [path, pin] of added) pins.set(path, pin);
    };
    return { pins, put, add: (added) => put([...added].filter(([path]) => !pins.has(path))), get: async (path) => pins.get(path) ?? null };
  }

  it('are moved, and the folder keeps none', async () => {
    const files = fresh();
    const [versions, theirs] = [ownVersions(files), shared()];
    await versions.put([[PACK, { versionId: 'v1', digest: WHOLE }]]);
    await versions.share(theirs);
    expect([...theirs.pins]).toEqual([[PACK, { versionId: 'v1', digest: WHOLE }]]);
    expect(existsSync(join(files.root, 'bucket/versions'))).toBe(false);
    await versions.put([['log/tile/0/000', { versionId: 'v2', digest: TWO }]]);
    await ownVersions(files).share(theirs); // another process of the folder, later
    expect([await versions.get(PACK), theirs.pins.get('log/tile/0/000')]).toEqual([
      { versionId: 'v1', digest: WHOLE },
      { versionId: 'v2', digest: TWO },
    ]);
    expect(existsSync(join(files.root, 'bucket/versions'))).toBe(false);
  });

  it.each<[string, Pin, Pin, Pin]>([
    ['stands before that of the folder', { versionId: 'v2', digest: TWO }, { versionId: 'v1', digest: WHOLE }, { versionId: 'v2', digest: TWO }],
    ['yields to what was blanked since', { versionId: 'v1', digest: WHOLE }, { versionId: 'v3', digest: BLANKED }, { versionId: 'v3', digest: BLANKED }],
  ])('one that is there %s', async (_, there, mine, counts) => {
    const files = fresh();
    const [versions, theirs] = [ownVersions(files), shared()];
    theirs.pins.set(PACK, there);
    await versions.put([[PACK, mine]]);
    await versions.share(theirs);
    expect(theirs.pins.get(PACK)).toEqual(counts);
  });

  it('stay in the folder where moving them fails, and are moved the next time', async () => {
    const files = fresh();
    const [versions, theirs] = [ownVersions(files), shared()];
    await versions.put([[PACK, { versionId: 'v1', digest: WHOLE }]]);
    await expect(versions.share({ ...theirs, add: () => Promise.reject(new Error('the database is away')) })).rejects.toThrow('the database is away');
    await ownVersions(files).share(theirs);
    expect(theirs.pins.get(PACK)).toEqual({ versionId: 'v1', digest: WHOLE });
  });
});

describe('what is locked', () => {
  it.each([
    [PACK, 'payload'],
    [`payloads/11/${ONE}.enc`, 'payload'],
    ['log/tile/0/x001/x234/067', 'log'],
    ['log/tile/entries/000', 'log'],
    ['log/statements/000', 'log'],
    ['log/checkpoints/00000000000000000004-0123456789abcdef', 'log'],
    ['log/tile/0/000.p/5', null],
    ['log/tile/entries/x001/067.p/255', null],
    ['log/statements/000.p/1', null],
    ['log/checkpoint', null],
    ['log/log.json', null],
    ['log/.state/staging/00000000000000000004-0123456789abcdef', null],
    ['log/.state/lines', null],
  ])('%s: %s', (path, kind) => expect(lockedKind(path)).toBe(kind));

  it.each([
    [PACK, ONE],
    [`payloads/11/${ONE}.enc`, ONE],
    ['log/tile/0/000', null],
    ['packs/11/short', null],
  ])('%s is named by its digest: %s', (path, digest) => expect(digestInName(path)).toBe(digest));
});
