import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryState } from '../../test/memory-state.ts';
import { Files } from '../evidence/files.ts';
import type { SaidFiles } from '../evidence/shared-state.ts';
import { type Database, openDatabase } from './database.ts';
import { openSharedState } from './shared-state.ts';

const root = mkdtempSync(join(tmpdir(), 'said-'));
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ dir: join(root, 'database') });
});
afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true, force: true });
});

const bytes = (text: string): Buffer => Buffer.from(text);

describe.each<readonly [string, () => Promise<readonly [its: SaidFiles, another: SaidFiles]>]>([
  ['a folder', async () => [new Files(mkdtempSync(join(root, 'one-'))), new Files(mkdtempSync(join(root, 'other-')))]],
  ['memory', async () => ((shared) => [shared('one'), shared('other')] as const)(memoryState()).map(({ said }) => said) as [SaidFiles, SaidFiles]],
  ['a database', async () => ((shared) => [shared('one').said, shared('other').said] as const)(await openSharedState(database))],
])('what others said of a log, in %s', (_, open) => {
  it('is read as it was written, listed by folder, replaced where that is meant, and is of one log alone', async () => {
    const [its, another] = await open();
    expect([await its.read('log/checkpoints/1.a.tsr'), await its.list('log/checkpoints')]).toEqual([null, []]);
    await its.create([
      ['log/checkpoints/2.a.tsr', bytes('two')],
      ['log/checkpoints/1.a.tsr', bytes('one')],
      ['log/checkpoints-of-another/3', bytes('three')],
      ['log/signatures/000001/1000.a.tsr', bytes('of a record')],
      ['log/signatures/000000/7.a.tsr', bytes('of a record')],
      ['log/signatures/000000/8.a.tsr', bytes('of a record')],
    ]);
    expect(await its.list('log/checkpoints')).toEqual(['1.a.tsr', '2.a.tsr']);
    expect(await its.list('log/signatures')).toEqual(['000000', '000001']);
    expect(await its.list('log/signatures/000000')).toEqual(['7.a.tsr', '8.a.tsr']);
    expect(await its.read('log/checkpoints/2.a.tsr')).toEqual(bytes('two'));

    await its.create([['log/checkpoints/1.a.tsr', bytes('one')]]);
    await expect(its.create([['log/checkpoints/1.a.tsr', bytes('another')]])).rejects.toMatchObject({ code: 'IMMUTABLE' });
    expect(await its.read('log/checkpoints/1.a.tsr')).toEqual(bytes('one'));
    for (const text of ['first', 'second']) await its.replace('log/.state/anchors.json', bytes(text));
    expect(await its.read('log/.state/anchors.json')).toEqual(bytes('second'));

    expect([await another.read('log/checkpoints/1.a.tsr'), await another.list('log/signatures')]).toEqual([null, []]);
  });
});
