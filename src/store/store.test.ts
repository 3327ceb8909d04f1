import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openDatabase } from './database.ts';
import { openStore } from './store.ts';
import { storeTester } from './store-tester.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'store-'));

storeTester('the embedded database', async () => {
  const dir = fresh();
  const database = await openDatabase({ dir });
  return {
    database,
    async close() {
      await database.close();
      rmSync(dir, { recursive: true });
    },
  };
});

it('is not reached by way of a folder that somebody else may have laid', async () => {
  const [dir, temporary] = [fresh(), fresh()];
  mkdirSync(join(temporary, `tickmark-${process.getuid?.()}`));
  chmodSync(join(temporary, `tickmark-${process.getuid?.()}`), 0o777);
  vi.stubEnv('TMPDIR', temporary);
  await expect(openDatabase({ dir })).rejects.toThrow('is open to other users');
  vi.unstubAllEnvs();
  for (const its of [dir, temporary]) rmSync(its, { recursive: true });
});

it('asks the disk to confirm what it saves, lets others in, and is there when it is opened again', async () => {
  const dir = fresh();
  const first = await openDatabase({ dir });
  const store = await openStore(first);
  const position = { size: 3, root: 'r', code: '1', catalog: 'c' };
  const before = (await first.fsyncs()) ?? 0;
  await store.save(null, { position, records: [], blocks: [] });
  expect((await first.fsyncs()) ?? 0).toBeGreaterThan(before);

  const second = await openDatabase({ dir });
  expect(await (await openStore(second)).position()).toEqual(position);
  await second.close();
  await first.close();

  const again = await openDatabase({ dir });
  expect(await (await openStore(again)).position()).toEqual(position);
  await again.close();
  rmSync(dir, { recursive: true });
});
