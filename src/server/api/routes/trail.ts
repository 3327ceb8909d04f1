import { DONE, type Done, type TrailLine, trailCsv, trailLine } from '../../../app/trail.ts';
import type { RecordLine } from '../../../app/views.ts';
import { iso } from '../../../core/instant.ts';
import type { Period } from '../../../core/interval.ts';
import { type Asking, implementing } from '../asking.ts';
import { trail as contract } from '../contract/trail.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { streamReply } from '../files.ts';

const endpoints = implementing(contract);

interface Asked {
  readonly kind?: Done | undefined;
  readonly by?: string | undefined;
  readonly act?: string | undefined;
  readonly text?: string | undefined;
  readonly period?: Period | undefined;
}

export const trailRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { limit, cursor, ...asked }, context }) => {
    const [before = null] = placeOf(asked, cursor)?.after ?? [];
    const { lines, next } = await pageOf(context, asked, typeof before === 'number' ? before : null, limit);
    return {
      lines: lines.map((line) => ({ ...line, sealedAt: iso(line.sealedAt) })),
      next: next === null ? null : cursorOf(asked, { after: [next], asOf: null }),
    };
  }),

  csv: endpoints.csv.handler(async ({ input, context }) => {
    // The first page is read before anything is sent: what goes wrong with it is still said as a refusal.
    const first = await pageOf(context, input, null, PIECE);
    context.reply = streamReply('audit-trail.csv', 'text/csv; charset=utf-8', pieces(context, input, first));
  }),
});

/** Records that are read for one piece of a file. */
const PIECE = 500;

type Page = Awaited<ReturnType<typeof pageOf>>;

async function* pieces(context: Asking, asked: Asked, first: Page): AsyncIterable<string> {
  yield trailCsv(first.lines, true);
  for (let { next } = first; next !== null; ) {
    const page: Page = await pageOf(context, asked, next, PIECE);
    yield trailCsv(page.lines, false);
    ({ next } = page);
  }
}

/** What the title of a record cannot tell is asked of the record itself, and may leave a page with fewer lines than were asked. */
async function pageOf(
  { reads }: Asking,
  asked: Asked,
  before: number | null,
  limit: number,
): Promise<{ readonly lines: readonly TrailLine[]; readonly next: number | null }> {
  const [text, by, act] = [asked.text, asked.by, asked.act].map((its) => its?.toLowerCase());
  const has = (title: string, its: string | undefined) => its === undefined || title.toLowerCase().includes(its);
  const wanted = ({ title, outcome, sealedAt }: RecordLine) =>
    has(title, text) &&
    (outcome !== 'act' || (has(title, by) && has(title, act))) &&
    (asked.period === undefined || (asked.period.from <= sealedAt && sealedAt < asked.period.to));
  const { lines, next } = await reads.recordPage(before, limit, wanted, asked.kind === undefined ? DONE : [asked.kind]);
  const shown: TrailLine[] = [];
  for (const { index } of lines) {
    const line = trailLine(await reads.sealed(index));
    if ((by === undefined || line.by?.toLowerCase().includes(by)) && (act === undefined || line.act.toLowerCase().startsWith(act))) shown.push(line);
  }
  return { lines: shown, next };
}
