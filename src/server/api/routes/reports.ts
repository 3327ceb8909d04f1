import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, renderReport } from '../../../app/render.ts';
import { iso } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { reports as contract } from '../contract/reports.ts';
import { csvReply, fileName, streamReply } from '../files.ts';
import { notFound, problem } from '../problem.ts';

const endpoints = implementing(contract);

/** Workspaces of which a bundle is being written: it takes the disk, and time. */
const busy = new WeakSet<object>();

export const reportRoutes = endpoints.router({
  accessReview: endpoints.accessReview.handler(async ({ input: { month, format }, context }) => {
    context.reply = rendered(await context.reads.accessReview(month), `access-review-${month ?? 'now'}`, format);
  }),

  evidence: endpoints.evidence.handler(async ({ input: { period, control, format }, context }) => {
    admitControls(context, control);
    const document = await context.reads.evidenceReport({ period, controls: control ?? null });
    context.reply = rendered(document, `evidence-${iso(period.from).slice(0, 10)}`, format);
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
      context.reply = streamReply(`tickmark-${iso(period.from).slice(0, 10)}.tar`, 'application/x-tar', createReadStream(file), clear);
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

function rendered(document: Document, name: string, format: 'html' | 'md' | 'csv'): Response {
  const text = renderReport(document, format);
  if (format === 'csv') return csvReply(`${name}.csv`, text);
  const headers = {
    'cache-control': 'private, no-store',
    'content-disposition': `${format === 'html' ? 'inline' : 'attachment'}; filename="${fileName(name)}.${format}"`,
  };
  if (format === 'md') return new Response(text, { headers: { ...headers, 'content-type': 'text/markdown; charset=utf-8' } });
  // The report carries its own style sheet, so that it can be saved and printed as one file: allowed by its digest.
  const style = createHash('sha256')
    .update(/<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '')
    .digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${style}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return new Response(text, { headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy } });
}
