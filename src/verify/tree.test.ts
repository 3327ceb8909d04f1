import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeLog } from '../../test/made-log.ts';
import { Files } from '../evidence/files.ts';
import { leafHash } from '../log/merkle.ts';
import { LogReader } from '../log/reader.ts';
import { type Problem, reporting } from './problems.ts';
import { type Claims, verifyTree } from './tree.ts';

const dir = mkdtempSync(join(tmpdir(), 'tree-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('reports a record that names a checkpoint younger than itself, or one that nobody signed', async () => {
  const archive = await makeLog(dir, 4, { batch: 2 });
  const { size, root } = await archive.checkpoint();
  const files = new Files(dir);
  const reader = new LogReader(files, archive.verifier);
  const leaves = (await reader.entries(0, size)).map(leafHash);
  const [first] = await files.list('log/checkpoints').then((names) => names.filter((name) => Number(name.slice(0, 20)) === 2));
  const its = (await files.read(`log/checkpoints/${first}`))?.toString().split('\n')[2] ?? '';
  await archive.close();
  const problems: Problem[] = [];
  const check = (claims: Claims) => verifyTree({ files, reader, size, root: Buffer.from(root, 'base64'), ...reporting(problems) }, leaves, claims);

  await check(new Map([['honest', { size: 4, root, index: 4 }]]));
  expect(problems).toEqual([]);
  await check(
    new Map([
      ['younger', { size: 4, root, index: 3 }],
      ['alike', { size: 2, root: Buffer.concat([Buffer.from(its, 'base64').subarray(0, 8), Buffer.alloc(24)]).toString('base64'), index: 3 }],
      ['unsigned', { size: 2, root: Buffer.alloc(32).toString('base64'), index: 3 }],
    ]),
  );
  expect(problems.map(({ code, index }) => [code, index])).toEqual([
    ['AFTER', 3],
    ['FORK', 3],
    ['CHECKPOINT_MISSING', 3],
  ]);
});
