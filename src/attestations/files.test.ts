import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleFile, registerSchema } from './files.ts';
import { kinds } from './index.ts';

it.each(kinds.map((kind) => [kind.id, kind] as const))('%s begins as comments alone, and its example is what it was', (_, kind) => {
  const text = exampleFile(kind);
  expect(parse(text)).toBeNull();
  expect(parse(text.replace(/^#(- | {2})/gm, '$1'))).toEqual([kind.example]);
});

it('has a schema for editors, which names every field and what must be there', () => {
  const kind = kinds.find(({ id }) => id === 'access-sod-rules') ?? expect.fail('it is gone');
  const schema = JSON.parse(registerSchema(kind));
  expect(schema.title).toBe('access-sod-rules.yaml');
  expect(schema.$defs.entry.required).toEqual(['id', 'title', 'active', 'reason']);
  expect(schema.$defs.entry.additionalProperties).toBe(false);
  expect(schema.$defs.entry.properties.reason.description).toBe('What one person with both could do');
  expect(Object.keys(schema.$defs.entry.properties)).toEqual([
    ...['id', 'title', 'active', 'one', 'other', 'reason', 'compensating', 'owner', 'subject', 'reviewed', 'reviewer', 'until', 'withdrawn', 'notes'],
  ]);
});
