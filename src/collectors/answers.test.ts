import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { arrayOf, parse, readAll } from './answers.ts';
import type { Artifact } from './source.ts';

const answer = (body: Uint8Array, name = 'people'): Artifact => ({
  name,
  request: { method: 'GET', url: 'https://source.example/people', body: null },
  status: 200,
  headers: {},
  body,
  startedAt: 0,
  finishedAt: 0,
});
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const Person = z.object({ name: z.string() });

describe('an answer', () => {
  it('is read once by each schema, however often the same bytes are handed out', () => {
    let times = 0;
    const Counted = Person.transform((person) => ({ ...person, time: ++times }));
    const body = bytes({ name: 'Ada' });
    expect([parse(answer(body), Counted), parse(answer(body, 'another'), Counted)]).toEqual([
      { name: 'Ada', time: 1 },
      { name: 'Ada', time: 1 },
    ]);
    expect(parse(answer(body), Person)).toEqual({ name: 'Ada' });
    expect(parse(answer(bytes({ name: 'Ada' })), Counted)).toEqual({ name: 'Ada', time: 2 });
  });

  it('that cannot be read is refused again, with the question and the field', () => {
    const body = bytes([{ name: 'Ada' }, { name: 3 }]);
    for (const _ of [1, 2])
      expect(() => readAll([answer(body)], 'people', Person)).toThrow(
        new RangeError('"people" cannot be read: 1.name Invalid input: expected string, received number'),
      );
  });

  it('that is large, or comes when there is no more room, is read anew', () => {
    let times = 0;
    const Counted = arrayOf(z.string().transform((text) => `${text.length} ${++times}`));
    const large = bytes(['x'.repeat(600_000)]);
    expect([parse(answer(large), Counted), parse(answer(large), Counted)]).toEqual([['600000 1'], ['600000 2']]);
    const first = bytes(['first']);
    expect([parse(answer(first), Counted), parse(answer(first), Counted)]).toEqual([['5 3'], ['5 3']]);
    for (let filled = 0; filled < 20; filled++) parse(answer(bytes(['x'.repeat(500_000)])), Counted);
    expect(parse(answer(first), Counted)).toEqual(['5 24']);
  });
});

it('a list of a schema is one schema', () => {
  expect(arrayOf(Person)).toBe(arrayOf(Person));
  expect(arrayOf(Person).parse([{ name: 'Ada' }])).toEqual([{ name: 'Ada' }]);
});
