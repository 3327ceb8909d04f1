import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableJson } from './printable.ts';

const UNSEEN = ['\n', '\r', '\u001b', '\u0000', '\u007f', '\u009b', '\u200b', '\u202e', '\u2028', '\u2029', '\u2066', '\ufeff', '\u{e0041}', '\ud800'];

it.each(UNSEEN)('spells %j out', (sign) => {
  expect(printable(`a${sign}b`)).toBe(`a\\u{${sign.codePointAt(0)?.toString(16)}}b`);
  expect(printableJson({ [sign]: sign })).not.toContain(sign === '\n' ? '"\n"' : sign);
});

it('leaves what is seen as it is', () => {
  expect(printable('Zoë – 日本語 €😀 "a\\b"')).toBe('Zoë – 日本語 €😀 "a\\b"');
});

it('gives JSON of the same meaning', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(JSON.parse(printableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(JSON.parse(printableJson(UNSEEN))).toEqual(UNSEEN);
});
