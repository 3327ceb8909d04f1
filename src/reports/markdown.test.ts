import { expect, it } from 'vitest';
import { markdownPieces } from './markdown.ts';

it('what a source said is text of one line, and moves no terminal', () => {
  const stamp = {
    company: 'Acme',
    demo: false,
    period: { from: 0, to: 1 },
    timezone: 'UTC',
    asOf: 0,
    checkpoint: { origin: 'acme.example', size: 1, root: 'x' },
    catalog: 'x',
    code: 'x',
  };
  const text = [...markdownPieces({ title: 'Evidence', stamp, blocks: [{ kind: 'text', text: '# a\u001b[2J\n*b*\u009b\u202e Zoë' }] })].join('');
  expect(text).toContain('\n\\# a\\u{1b}\\[2J \\*b\\*\\u{9b}\\u{202e} Zoë\n');
});
