import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checks } from './index.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');
const files = readdirSync(import.meta.dirname);

it('lists every check of the folder, each with its cases and its prose', () => {
  const ids = files.filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3));
  expect(checks.map(({ id }) => id)).toEqual(ids.sort());
  for (const id of ids) expect(files).toEqual(expect.arrayContaining([`${id}.ts`, `${id}.test.ts`]));
});

it('holds every check to the laws of the tester', () => expect(checks.filter(({ id }) => !/^checkTester\(/m.test(read(`${id}.test.ts`)))).toEqual([]));

it('says of every check that tolerates a share that one more item may turn fail into pass', () => {
  const tolerant = checks.filter(({ tolerates }) => tolerates > 0).map(({ id }) => id);
  expect(tolerant).toContain('elevated-access-used');
  expect(tolerant.filter((id) => !read(`${id}.md`).includes('one more item that conforms can turn fail into pass'))).toEqual([]);
});
