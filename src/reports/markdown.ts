import { printable } from '../core/printable.ts';
import type { Cell, Document } from './report.ts';
import { performedFrom, span } from './words.ts';

/** GitHub-flavoured Markdown. */
export function* markdownPieces({ title, stamp, blocks }: Document): Iterable<string> {
  yield `# ${escaped(title)}: ${escaped(stamp.company)}\n\n`;
  if (stamp.demo) yield '> Made-up data of the demo company. Evidence of nothing.\n\n';
  yield `Observation period: ${span(stamp.period, stamp.timezone)}.\n\n`;
  for (const block of blocks) {
    if (block.kind === 'heading') yield `## ${escaped(block.text)}\n\n`;
    if (block.kind === 'text') yield `${escaped(block.text)}\n\n`;
    if (block.kind === 'notice') yield `> **Take note.** ${escaped(block.text)}\n\n`;
    if (block.kind === 'table') {
      yield `| ${block.columns.map(escaped).join(' | ')} |\n|${' --- |'.repeat(block.columns.length)}\n`;
      for (const row of block.rows) yield `| ${row.map((cell) => escaped(plain(cell))).join(' | ')} |\n`;
      yield '\n';
    }
  }
  yield `---\n\n${escaped(performedFrom(stamp))}\n`;
}

export const plain = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.records.join(', '));

/** What a source said is text, never markup, and moves no terminal. */
function escaped(text: string): string {
  const line = text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replace(/\s+/g, ' ');
  return line.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, printable);
}
