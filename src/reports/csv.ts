import { stringify } from 'csv-stringify/sync';
import { plain } from './markdown.ts';
import type { Document } from './report.ts';

/** So many rows are written at once. */
const ROWS = 500;

/** RFC 4180: every table one below the other, each row led by its table's caption. A cell never starts a formula. */
export function* csvPieces(document: Document): Iterable<string> {
  const waiting: (readonly string[])[] = [];
  const written = () => stringify(waiting.splice(0), { escape_formulas: true, record_delimiter: 'windows' });
  for (const row of rowsOf(document)) if (waiting.push(row) === ROWS) yield written();
  yield written();
}

function* rowsOf({ title, stamp, blocks }: Document): Iterable<readonly string[]> {
  yield [title, stamp.company, stamp.demo ? 'made-up data of the demo company' : '', `log size ${stamp.checkpoint.size}`, `root ${stamp.checkpoint.root}`];
  for (const block of blocks) {
    if (block.kind === 'notice') yield ['Take note', block.text];
    if (block.kind !== 'table') continue;
    yield ['Table', ...block.columns];
    for (const row of block.rows) yield [block.caption, ...row.map(plain)];
  }
}
