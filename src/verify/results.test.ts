import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical, type Json } from '../core/canonical.ts';
import { findingAt, readResults } from './results.ts';

/** A bundle whose results come so many bytes at a time. */
const bundle = (spelled: string | Buffer, size: number) => {
  const bytes = Buffer.from(spelled as string);
  return {
    *pieces() {
      // As in a bundle, each is overwritten by the next.
      const window = Buffer.alloc(size);
      for (let from = 0; from < bytes.length; from += size) yield window.subarray(0, bytes.copy(window, 0, from));
    },
    slice: (_: string, from: number, length: number) => bytes.subarray(from, from + length),
  };
};

const read = (text: string | Buffer, size: number) => {
  const findings: Json[] = [];
  const files = bundle(text, size);
  const rest = readResults(files, (finding, spelled) => {
    expect(findingAt(files, spelled)).toEqual(finding);
    findings.push(finding);
  });
  return { rest, findings };
};

/** Texts that look like what stands around findings. */
const text = fc.oneof(fc.constantFrom('findings', '"findings":[', '}],', '\\', '"', '[{', '\\"findings":[', 'é€😀'), fc.string({ unit: 'grapheme' }));
/** Names of members without a backslash or a quotation mark: the engine of Node 26 reads one for the other in `JSON.parse` where an object of the other came before. */
const name = fc.oneof(fc.constantFrom('findings', '', '}],', '[{', 'é€😀'), fc.string({ unit: 'grapheme' })).map((its) => its.replaceAll(/[\\"]/g, '_'));
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constantFrom(null, true, [], {}),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.record({ findings: tie('value') }, { noNullPrototype: true }),
  ),
})).value;
const objects = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
const rests = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true }).map(({ findings: _, ...rest }) => rest);

it('reads findings one by one, and the rest without them, however the bytes come', () => {
  fc.assert(
    fc.property(rests, fc.array(objects, { maxLength: 6 }), fc.integer({ min: 1, max: 64 }), (rest, findings, size) => {
      expect(read(`${canonical({ ...rest, findings })}\n`, size)).toEqual({ rest: { ...rest, findings: [] }, findings });
    }),
  );
});

it('reads results that name no findings', () => {
  expect(read('{"a":{"findings":[1]},"b":"findings"}\n', 5)).toEqual({ rest: { a: { findings: [1] }, b: 'findings' }, findings: [] });
});

it.each([
  ['a space between findings', '{"findings":[{}, {}]}\n', /not spelled canonically/],
  ['two commas', '{"findings":[{},,{}]}\n', /not spelled canonically/],
  ['a comma at the end', '{"findings":[{},]}\n', /not spelled canonically/],
  ['no comma', '{"findings":[{}{}]}\n', /not spelled canonically/],
  ['what is no finding', '{"findings":[1]}\n', /not spelled canonically/],
  ['a finding whose members are out of order', '{"findings":[{"b":1,"a":2}]}\n', /not spelled canonically/],
  ['a finding in which a member comes twice', '{"findings":[{"a":1,"a":1}]}\n', /not spelled canonically/],
  ['a finding that is not JSON', '{"findings":[{"a":}]}\n', /not JSON/],
  ['bytes that are no text', Buffer.from('{"findings":[{"a":"\xff"}]}\n', 'latin1'), /not spelled canonically/],
  ['a list that does not end', '{"findings":[{"a":1}', /ends within/],
  ['a finding that does not end', '{"findings":[{"a":"', /ends within/],
  ['two lists', '{"findings":[],"findings":[]}\n', /two lists/],
  ['a list and something else of its name', '{"findings":[],"findings":1}\n', /not spelled canonically/],
  ['members out of order', '{"z":1,"findings":[{}]}\n', /not spelled canonically/],
  ['no newline', '{"findings":[{}]}', /not spelled canonically/],
  ['something after it', '{"findings":[{}]}\n\n', /not spelled canonically/],
  ['nothing', '', /not JSON/],
])('refuses %s', (_, text, says) => {
  for (const size of [1, 7, 1000]) expect(() => read(text, size)).toThrow(says);
});

it('refuses what would fill the memory of its reader', () => {
  const long = 'x'.repeat(17 * 1024 * 1024);
  expect(() => read(`{"findings":[{"a":"${long}"}]}\n`, 4_000_000)).toThrow(/a finding of more than 16777216 bytes/);
  expect(() => read(`{"a":"${'x'.repeat(65 * 1024 * 1024)}"}\n`, 4_000_000)).toThrow(/more than 67108864 bytes beside/);
});
