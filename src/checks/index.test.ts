import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checks } from './index.ts';

const files = readdirSync(import.meta.dirname);

it('lists every check of the folder, each with its cases and its prose', () => {
  const ids = files.filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3));
  expect(checks.map(({ id }) => id)).toEqual(ids.sort());
  for (const id of ids) expect(files).toEqual(expect.arrayContaining([`${id}.ts`, `${id}.test.ts`]));
});
