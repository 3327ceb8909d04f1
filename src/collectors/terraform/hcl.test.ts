import { expect, it } from 'vitest';
import { parseHcl } from './hcl.ts';

// What HashiCorp's own parser says of a large corpus is compared in test/peers/hcl.peers.test.ts.
it('keeps lines, labels and nested blocks', () => {
  const text = '# head\nresource "aws_ebs_volume" "data" {\n  size = 1\n\n  tags = {\n    a = "b"\n  }\n  timeouts { create = "1m" }\n}\n';
  expect(parseHcl('main.tf', text)).toEqual({
    attributes: [],
    blocks: [
      {
        type: 'resource',
        labels: ['aws_ebs_volume', 'data'],
        firstLine: 2,
        lastLine: 9,
        body: {
          attributes: [
            { name: 'size', value: 1, firstLine: 3, lastLine: 3 },
            { name: 'tags', value: { a: 'b' }, firstLine: 5, lastLine: 7 },
          ],
          blocks: [
            {
              type: 'timeouts',
              labels: [],
              firstLine: 8,
              lastLine: 8,
              body: { attributes: [{ name: 'create', value: '1m', firstLine: 8, lastLine: 8 }], blocks: [] },
            },
          ],
        },
      },
    ],
  });
});

it.each([
  ['1.5', '1.5'],
  ['-3', -3],
  [`"a\${var.b}"`, { $expression: `"a\${var.b}"` }],
  ['[1, var.x]', [1, { $expression: 'var.x' }]],
  ['{ (var.k) = 1 }', { $expression: '{ (var.k) = 1 }' }],
  ['{ "$sensitive" = true }', { $expression: '{ "$sensitive" = true }' }],
  ['<<-E\n    a\n      b\n    E\n', 'a\n  b\n'],
  ['true', true],
  ['null', null],
])('gives literals their value, and anything else its source: %s', (source, value) => {
  expect(parseHcl('a.tf', `x = ${source}`).attributes[0]?.value).toEqual(value);
});

it.each([
  ['a = [1\n', 'a.tf, line 2: expected "," or "]", found the end of the file'],
  ['a = 1\na = 2\n', 'a.tf, line 2: "a" is set twice, found " 2\\n"'],
  ['a "b" {\n', 'a.tf, line 2: expected "}", found the end of the file'],
])('says where it cannot read on: %j', (text, says) => expect(() => parseHcl('a.tf', text)).toThrow(new RangeError(says)));
