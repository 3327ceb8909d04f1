import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { datasets } from './index.ts';

const NO_DATASETS = ['change/approval.ts'];

it('lists every dataset of the folder, by its path', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.includes('/') && path.endsWith('.ts') && !path.endsWith('.test.ts') && !NO_DATASETS.includes(path));
  expect(datasets.map(({ id }) => `${id.replace('.', '/')}.ts`).sort()).toEqual(files.sort());
});
