import type { Cell, Document } from './report.ts';
import { performedFrom, span } from './words.ts';

/** GitHub-flavoured Markdown. */
export function renderMarkdown({ title, stamp, blocks }: Document): string {
  const lines = [`# ${escaped(title)}: ${escaped(stamp.company)}`, ''];
  if (stamp.demo) lines.push('> Made-up data of the demo company. Evidence of nothing.', '');
  lines.push(`Observation period: ${span(stamp.period, stamp.timezone)}.`, '');
  for (const block of blocks) {
    if (block.kind === 'heading') lines.push(`## ${escaped(block.text)}`, '');
    if (block.kind === 'text') lines.push(escaped(block.text), '');
    if (block.kind === 'notice') lines.push(`> **Take note.** ${escaped(block.text)}`, '');
    if (block.kind === 'table') {
      lines.push(`| ${block.columns.map(escaped).join(' | ')} |`, `|${' --- |'.repeat(block.columns.length)}`);
      for (const row of block.rows) lines.push(`| ${row.map((cell) => escaped(plain(cell))).join(' | ')} |`);
      lines.push('');
    }
  }
  return `${[...lines, '---', '', escaped(performedFrom(stamp))].join('\n')}\n`;
}

export const plain = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.records.join(', '));

/** What a source said is text, never markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replace(/\s+/g, ' ');
}
