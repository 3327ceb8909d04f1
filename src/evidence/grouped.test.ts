import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openArchive } from './directory.ts';
import { grouped } from './grouped.ts';
import type { Draft } from './record.ts';

const root = mkdtempSync(join(tmpdir(), 'grouped-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const AT = Date.parse('2026-03-01T02:00:00Z');
const draft = (id?: string): Draft => ({ ...(id === undefined ? {} : { id }), body: { kind: 'configuration', at: AT }, demo: true, subjects: [] });

describe('appending in groups', () => {
  it('puts what comes while a batch is on its way under one checkpoint, and gives each call its own', async () => {
    const batches: number[] = [];
    let size = 0;
    const { append, idle } = grouped(async (drafts) => {
      batches.push(drafts.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return drafts.map(() => size++);
    });
    const receipts = await Promise.all([append([draft()]), append([draft(), draft()]), append([]), append([draft()])]);
    await idle();
    expect(receipts).toEqual([[0], [1, 2], [], [3]]);
    expect(batches).toEqual([4]);
  });

  it('puts no more under one checkpoint than fits, and tells of what comes next while a batch is on its way', async () => {
    const said: string[] = [];
    const of = (drafts: readonly Draft[]) => `${drafts[0]?.id} ${drafts.length}`;
    const { append } = grouped(
      async (drafts) => {
        said.push(`appends ${of(drafts)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        said.push('done');
        return drafts.map((_, place) => place);
      },
      (drafts, isWhole) => said.push(`prepares ${of(drafts)}${isWhole ? ', whole' : ''}`),
    );
    const many = (id: string, count: number) => append(Array.from({ length: count }, () => draft(id)));
    await Promise.all([many('a', 200), many('b', 100), many('c', 300), many('d', 1)]);
    expect(said).toEqual(['appends a 300', 'prepares c 300, whole', 'done', 'appends c 300', 'prepares d 1', 'done', 'appends d 1', 'done']);
  });

  it('tells of what comes next once more when nothing can join it any more, and of nothing else', async () => {
    const said: string[] = [];
    const { append } = grouped(
      async (drafts) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        said.push(`${drafts.length} appended`);
        return drafts.map((_, place) => place);
      },
      (drafts, isWhole) => said.push(`${drafts.length} told${isWhole ? ', whole' : ''}`),
    );
    const all: Promise<unknown>[] = [];
    for (const count of [256, 100, 100, 56, 40]) {
      all.push(append(Array.from({ length: count }, () => draft())));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(all);
    expect(said).toEqual(['100 told', '256 told, whole', '256 appended', '40 told', '256 appended', '40 appended']);
  });

  it('tries each on its own where a batch fails, under the ids that it had', async () => {
    const tried: (readonly (string | undefined)[])[] = [];
    const { append } = grouped(async (drafts) => {
      tried.push(drafts.map(({ id }) => id));
      if (drafts.some(({ id }) => id === 'bad')) throw new Error('bad');
      return drafts.map((_, place) => place);
    });
    const outcomes = await Promise.allSettled([append([draft()]), append([draft('bad')]), append([draft('good')])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const [all = [], ...each] = tried;
    expect(all[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(each).toEqual([[all[0]], ['bad'], ['good']]);
  });

  it('seals a record once that is handed in a hundred times at once in four places', async () => {
    const dir = join(root, 'log');
    const archives = [];
    for (let place = 0; place < 4; place++) archives.push(await openArchive({ dir, clock: () => AT, origin: 'acme.example/test' }));
    const receipts = await Promise.all(archives.flatMap((archive) => Array.from({ length: 25 }, () => archive.append([draft('00ff')]))));
    expect(receipts).toEqual(Array.from({ length: 100 }, () => [0]));
    expect((await archives[0]?.checkpoint())?.size).toBe(1);
    for (const archive of archives) await archive.close();
  });
});
