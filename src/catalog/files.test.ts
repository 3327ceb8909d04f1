import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCatalog } from './catalog.ts';
import { controlSchema, EXAMPLE_CONTROL, exampleControl } from './files.ts';
import { OverlayHead } from './front.ts';

const shipped = join(import.meta.dirname, '../../catalog');
const laid = (body: string) => readCatalog(shipped, [{ file: 'controls/AC-15.md', body }]).controls.find(({ id }) => id === 'AC-15');

it('gives an example that can be laid over the catalogue, and changes what it names', () => {
  const was = readCatalog(shipped).controls.find(({ id }) => id === 'AC-15');
  const is = laid(exampleControl());
  expect(is).toMatchObject({ title: was?.title, statement: was?.statement, checks: was?.checks, severity: 'high' });
  expect(is?.parameters).toEqual({ ...was?.parameters, 'access-keys-rotated': { maxAge: '60 days' } });
  expect(was?.severity).not.toBe('high');
});

it('gives an example that is read by nobody until it is renamed', () => {
  expect(EXAMPLE_CONTROL).toMatch(/^controls\/[A-Z]+-\d+\.md\.example$/);
});

it('has a schema with every field that front matter takes, and no more', () => {
  const schema = JSON.parse(controlSchema()) as { readonly properties: object; readonly required: readonly string[]; readonly additionalProperties: boolean };
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(OverlayHead.shape).sort());
  expect(schema).toMatchObject({ required: ['id'], additionalProperties: false });
});
