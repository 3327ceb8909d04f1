import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { memoryState } from '../../test/memory-state.ts';
import { NOW } from '../../test/run-draft.ts';
import type { Archive } from './archive.ts';
import { CALLS, Files } from './files.ts';
import { masterKey } from './master-key.ts';
import { openSharedArchive } from './shared.ts';

const root = mkdtempSync(join(tmpdir(), 'shared-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const key = masterKey(Buffer.alloc(32, 7));

/** Processes on one log: each call opens another. */
function processes(name: string): () => Promise<Archive> {
  const shared = memoryState();
  const calls = { ...CALLS, fsync: async () => undefined };
  return () => openSharedArchive({ files: new Files(join(root, name), calls), shared, masterKey: key, clock: () => NOW, origin: 'acme.example/shared' });
}
const append = (archive: Archive, text: string) => archive.append([runDraft(text, { at: NOW })]);
async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it.each<[string, (archive: Archive) => Promise<unknown>]>([
  ['the checkpoint', async (archive) => (await archive.checkpoint()).size],
  ['records', async (archive) => (await all(archive.records(0))).length],
  ['statements', async (archive) => (await all(archive.statements(0))).length],
  ['a record', async (archive) => (await archive.record(0)).index + 4],
  ['what speaks of the log', async (archive) => (await archive.about()).length + 2],
  ['a proof', async (archive) => (await archive.proof(0)).checkpoint.size],
])('a process that writes nothing goes on reading %s after another has replaced the key of the log', async (name, read) => {
  const open = processes(name);
  const [worker, server] = [await open(), await open()];
  await append(worker, 'a');
  expect((await server.checkpoint()).size).toBe(1);
  await worker.rotateKey('log', 0);
  await worker.retireKey();
  await append(worker, 'b');
  expect(await read(server)).toBe(4);
  expect(await append(server, 'c')).toEqual([4]);
  for (const archive of [worker, server]) await archive.close();
});
