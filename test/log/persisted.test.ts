import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CALLS, type Calls } from '../../src/evidence/files.ts';
import { draft } from './drafts.ts';
import { doubted, examine, type Fault, open } from './examine.ts';
import { cases, folder, spread } from './scale.ts';
import { tally } from './tally.ts';

/** Carries the n-th call out, and says that it failed: a reply that was lost. */
function losing(at: number): { readonly calls: Calls; count(): number } {
  let count = 0;
  const lost =
    <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>) =>
    async (...all: Arguments): Promise<Result> => {
      count++;
      const now = count;
      const result = await call(...all);
      if (now === at) throw Object.assign(new Error('the reply was lost'), { code: 'EIO' });
      return result;
    };
  const { open: o, write, fsync, close, rename, unlink, mkdir } = CALLS;
  return {
    calls: { open: lost(o), write: lost(write), fsync: lost(fsync), close: lost(close), rename: lost(rename), unlink: lost(unlink), mkdir: lost(mkdir) },
    count: () => count,
  };
}

async function lose(dir: string, at: number): Promise<{ readonly faults: readonly Fault[]; readonly calls: number }> {
  const before = await open(dir);
  await before.append([draft('0'), draft('1')]);
  const seen = await before.checkpoint();
  await before.close();
  const { calls, count } = losing(at);
  const archive = await open(dir, { calls });
  const batches = [['2', '3'], ['4']];
  const acknowledged: (readonly string[])[] = [['0', '1']];
  for (const batch of batches) {
    const done = await archive.append(batch.map((text) => draft(text))).then(
      () => true,
      () => false,
    );
    if (done) acknowledged.push(batch);
  }
  await archive.close();
  await doubted(dir);
  const attempted = batches.filter((batch) => !acknowledged.includes(batch));
  return { faults: await examine(dir, { acknowledged, attempted, seen: [seen] }), calls: count() };
}

it('a call that was carried out and seemed to fail leaves a log that goes on', async () => {
  const root = folder();
  const { calls, faults } = await lose(join(root, 'whole'), Number.POSITIVE_INFINITY);
  expect(faults).toEqual([]);
  expect(calls).toBeGreaterThan(100);
  const points = spread(
    Array.from({ length: calls }, (_, place) => place + 1),
    cases(12, Number.POSITIVE_INFINITY),
  );
  const found: (readonly [at: number, faults: readonly Fault[]])[] = [];
  for (const at of points) found.push([at, (await lose(join(root, `${at}`), at)).faults]);
  const harmed = found.filter(([, its]) => its.length > 0);
  tally('lost replies', 'a call that was carried out and seemed to fail', points.length, harmed.length);
  expect(harmed).toEqual([]);
}, 600_000);
