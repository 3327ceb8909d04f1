import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, type Format, REPORT_STYLE, reportPieces } from '../../../app/render.ts';
import { iso } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { reports as contract } from '../contract/reports.ts';
import { fileName, streamReply } from '../files.ts';
import { notFound, problem } from '../problem.ts';

const endpoints = implementing(contract);

/** Workspaces of which a bundle is being written: it takes the disk, and time. */
const busy = new WeakSet<object>();

export const reportRoutes = endpoints.router({
  accessReview: endpoints.accessReview.handler(async ({ input: { month, format }, context }) => {
    context.reply = rendered(context, await context.reads.accessReview(month), `access-review-${month ?? 'now'}`, format);
  }),

  evidence: endpoints.evidence.handler(async ({ input: { period, control, format }, context }) => {
    admitControls(context, control);
    const document = await context.reads.evidenceReport({ period, controls: control ?? null });
    context.reply = rendered(context, document, `evidence-${iso(period.from).slice(0, 10)}`, format);
  }),

  bundle: endpoints.bundle.handler(async ({ input: { period, control, sealed }, context }) => {
    const { workspace } = context.services;
    admitControls(context, control);
    if (busy.has(workspace)) throw problem('busy', 'A bundle is being written for somebody else.');
    busy.add(workspace);
    const folder = await mkdtemp(join(tmpdir(), 'tickmark-bundle-'));
    const clear = () => rm(folder, { recursive: true, force: true });
    try {
      const file = join(folder, 'bundle.tar');
      const { size, records } = await context.reads.exportBundle({ period, controls: control ?? null, sealed: sealed === 'true', earlier: null }, file);
      const says = { from: iso(period.from), to: iso(period.to), size, records, sealed: sealed === 'true' };
      await workspace.recordActs([{ act: 'bundle-export', by: principalOf(context).name, target: null, says }]);
      context.reply = streamReply(`tickmark-${iso(period.from).slice(0, 10)}.tar`, 'application/x-tar', createReadStream(file), { ended: clear });
    } catch (error) {
      await clear();
      throw error;
    } finally {
      busy.delete(workspace);
    }
  }),
});

function admitControls({ services }: Asking, named: readonly string[] | undefined): void {
  const there = services.workspace.catalog().controls;
  const strange = named?.find((id) => !there.some((control) => control.id === id));
  if (strange !== undefined) throw notFound(`control ${strange}`, 'in the catalogue');
}

const TYPES = { html: 'text/html', md: 'text/markdown', csv: 'text/csv' } as const;
// A report in HTML carries its own style sheet, so that it can be saved and printed as one file: allowed by its digest.
const STYLE = createHash('sha256').update(REPORT_STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Put aside at once, for it tells of this moment, and given out as it is taken. */
function rendered({ services }: Asking, document: Document, name: string, format: Format): Response {
  const { size, pieces } = services.workspace.putAside(reportPieces(document, format));
  return streamReply(`${name}.${format}`, `${TYPES[format]}; charset=utf-8`, pieces(), {
    headers: {
      'content-length': String(size),
      ...(format === 'html' ? { 'content-disposition': `inline; filename="${fileName(name)}.html"`, 'content-security-policy': POLICY } : {}),
    },
  });
}
