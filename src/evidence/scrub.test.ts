import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'scrub-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const NOW = Date.parse('2026-03-01T02:00:00Z');
const dir = join(root, 'log');
const open = (): Promise<Archive> => openArchive({ dir, clock: () => NOW, origin: 'acme.example/test', calls: { ...CALLS, fsync: async () => undefined } });
const flip = (path: string, at: number) => {
  const file = join(dir, path);
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  chmodSync(file, 0o644);
  writeFileSync(file, bytes);
};

it('reads the archive again in parts, goes on where it was, and names what is damaged by file and record', async () => {
  const archive = await open();
  await archive.append(Array.from({ length: 600 }, (_, place) => runDraft(`${place % 7}`, { at: NOW })));
  expect(await archive.scrubbed()).toEqual({ running: null, last: null });

  const positions: number[] = [];
  for (let slice = 0; slice < 3; slice++) positions.push((await archive.scrub(0)).running?.position ?? -1);
  expect(positions).toEqual([256, 512, -1]);
  // Seven artifacts, of which each part of 256 records names all; and a detail for each record.
  expect((await archive.scrubbed()).last).toEqual({ startedAt: NOW, finishedAt: NOW, position: 600, size: 600, payloads: 621, disposed: 0, problems: [] });

  const { detail } = await archive.record(300);
  flip(`packs/${detail.place.pack?.slice(0, 2)}/${detail.place.pack}`, detail.place.offset + 5);
  flip('log/tile/entries/000', 700);
  flip('log/tile/0/002.p/88', 40);
  flip('log/tile/1/000.p/2', 3);
  await archive.close();

  const again = await open();
  expect((await again.scrub(60_000)).last?.problems.map(({ code, file, index }) => `${code} ${file} ${index}`)).toEqual([
    'TILE log/tile/0/000 0',
    'ENTRY log/tile/entries/000 1',
    'STATEMENT log/statements/000 1',
    'TILE log/tile/0/001 256',
    `PAYLOAD_ALTERED packs/${detail.place.pack?.slice(0, 2)}/${detail.place.pack} 300`,
    'TILE log/tile/0/002.p/88 512',
    'ENTRY log/tile/entries/002.p/88 513',
  ]);
  const { problems } = await again.fsck();
  expect((await again.scrubbed()).last).toMatchObject({ position: 600, problems });
  await again.close();
}, 60_000);
