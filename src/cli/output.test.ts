import { expect, it } from 'vitest';
import { columns, output } from './output.ts';

const EVIL = 'a\u001b[2J\nVerified: 7 records\u009b\u202e';

it('columns are of one line a row, whatever a cell holds', () => {
  expect(
    columns([
      ['Digest', EVIL, 'x'],
      ['Sealed', 'now'],
    ]).split('\n'),
  ).toEqual(['Digest  a\\u{1b}[2J\\u{a}Verified: 7 records\\u{9b}\\u{202e}  x', 'Sealed  now']);
});

it('what machines are given holds nothing that moves a terminal, and means the same', () => {
  const written: string[] = [];
  const streams = { stdout: { write: (text: string | Uint8Array) => void written.push(String(text)) }, stderr: { write: () => undefined } };
  output({ json: true, quiet: false }, streams).give({ [EVIL]: EVIL });
  expect(written.join('')).not.toMatch(/[\p{Cf}\u001b\u009b]/u);
  expect(JSON.parse(written.join(''))).toEqual({ [EVIL]: EVIL });
});
