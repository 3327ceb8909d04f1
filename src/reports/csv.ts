import { stringify } from 'csv-stringify/sync';
import { plain } from './markdown.ts';
import type { Document } from './report.ts';

/** RFC 4180: every table one below the other, each row led by its table's caption. A cell never starts a formula. */
export function renderCsv({ title, stamp, blocks }: Document): string {
  const rows: string[][] = [];
  rows.push([title, stamp.company, stamp.demo ? 'made-up data of the demo company' : '', `log size ${stamp.checkpoint.size}`, `root ${stamp.checkpoint.root}`]);
  for (const block of blocks) {
    if (block.kind === 'notice') rows.push(['Take note', block.text]);
    if (block.kind !== 'table') continue;
    rows.push(['Table', ...block.columns]);
    for (const row of block.rows) rows.push([block.caption, ...row.map(plain)]);
  }
  return stringify(rows, { escape_formulas: true, record_delimiter: 'windows' });
}
