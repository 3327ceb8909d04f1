import type { Block, Cell, Document } from './report.ts';
import { performedFrom, span } from './words.ts';

/** One self-contained page that prints on A4: table heads repeat, every page carries the stamp. */
export function* htmlPieces({ title, stamp, blocks }: Document): Iterable<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}: ${text(stamp.company)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)}: ${text(stamp.company)}</h1>
${stamp.demo ? '<p class="notice">Made-up data of the demo company. Evidence of nothing.</p>' : ''}
<p>Observation period: ${text(span(stamp.period, stamp.timezone))}.</p>
</header>
<main>
`;
  yield* between('\n', blocks, block);
  yield `
</main>
<footer>${text(performedFrom(stamp))}</footer>
</body>
</html>
`;
}

function* block(it: Block): Iterable<string> {
  if (it.kind === 'heading') yield `<h2>${text(it.text)}</h2>`;
  else if (it.kind === 'text') yield `<p>${text(it.text)}</p>`;
  else if (it.kind === 'notice') yield `<p class="notice" role="note">${text(it.text)}</p>`;
  else {
    const head = it.columns.map((column) => `<th scope="col">${text(column)}</th>`).join('');
    yield `<div class="scroll" tabindex="0" role="region" aria-label="${text(it.caption)}"><table><caption>${text(it.caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n`;
    yield* between('\n', it.rows, (row) => [`<tr>${row.map(cell).join('')}</tr>`]);
    yield '\n</tbody></table></div>';
  }
}

function* between<Entry>(sign: string, all: Iterable<Entry>, write: (entry: Entry) => Iterable<string>): Iterable<string> {
  let isFirst = true;
  for (const entry of all) {
    if (!isFirst) yield sign;
    yield* write(entry);
    isFirst = false;
  }
}

const cell = (it: Cell): string =>
  typeof it === 'string'
    ? `<td${/^\d{4}-\d\d-\d\d$/.test(it) ? ' class="date"' : ''}><bdi>${text(it)}</bdi></td>`
    : `<td class="mono">${it.records.join(', ')}</td>`;

/** What a source said is text, never markup. */
export const text = (said: string): string =>
  said.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign);

/** The style sheet in it, as it stands between its tags. */
export const STYLE = `
:root { color-scheme: light; --ink: #17191c; --ink-2: #4d525a; --line: #e4e4df; --unknown: #835400; --unknown-bg: #fdf4df; }
body { margin: 24px auto; max-width: 1320px; padding: 0 28px; font: 400 13px/20px -apple-system, "Segoe UI", Inter, Roboto, "Noto Sans", system-ui, sans-serif; color: var(--ink); background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 22px; line-height: 30px; margin: 0 0 4px; letter-spacing: -.015em; } h2 { font-size: 14px; margin: 24px 0 8px; break-after: avoid; }
p { margin: 4px 0; max-width: 104ch; } .notice { border: 1px dashed var(--unknown); background: var(--unknown-bg); color: var(--unknown); border-radius: 6px; padding: 6px 10px; font-weight: 550; }
.date { white-space: nowrap; } .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); } th { font-size: 12px; font-weight: 500; color: var(--ink-2); }
.mono { font: 400 12px/19px ui-monospace, Menlo, Consolas, monospace; } footer { margin-top: 28px; padding-top: 10px; border-top: 1px solid var(--line); color: var(--ink-2); font-size: 12px; overflow-wrap: anywhere; }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10px; line-height: 14px; } thead { display: table-header-group; } tr { break-inside: avoid; } .scroll { overflow: visible; } }
`;
