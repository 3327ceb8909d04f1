import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { CASE_STATES } from '../app/findings.ts';
import type { PeriodQuery } from '../app/period.ts';
import type { Workspace } from '../app/views.ts';
import { ConfigurationError, TickmarkError } from '../core/error.ts';
import { days, type Instant, instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Posture } from '../engine/posture.ts';
import { controlPage } from './pages/control.ts';
import { criterionPage } from './pages/criterion.ts';
import { findingPage, findingsPage } from './pages/findings.ts';
import { posturePage } from './pages/posture.ts';
import { artifactPage, fileName, problemPage, recordPage, recordsPage, sourcesPage } from './pages/records.ts';
import type { Frame, Html } from './shell.ts';

const CSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const PAGE = 100;
const css = readFileSync(new URL('./tickmark.css', import.meta.url), 'utf8');
const icon = readFileSync(new URL('./icon.svg', import.meta.url), 'utf8');

/** The read-only pages. Every one of them obeys `?at=INSTANT`. */
export function pages(workspace: Workspace, { rendersReport }: { readonly rendersReport: (month: string | undefined) => Promise<string> }): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    // A name that is not ours in the Host header is how a hostile page reaches a server on localhost.
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '');
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return context.text('Ask for this server as 127.0.0.1 or localhost.', 421);
    await next();
    if (!context.res.headers.has('content-security-policy')) context.header('content-security-policy', CSP);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
    return undefined;
  });

  app.get('/tickmark.css', (context) => context.body(css, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }));
  app.get('/favicon.ico', (context) => context.redirect('/icon.svg')); // asked for by browsers on pages that name none, like the reports
  app.get('/icon.svg', (context) => context.body(icon, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' }));

  app.get('/', async (context) => {
    const { frame, posture, query } = await held(context);
    return page(context, posturePage(frame, posture, await workspace.statuses(query)));
  });

  app.get('/criteria/:id', async (context) => {
    const { frame, posture } = await held(context);
    const criterion = posture.criteria.find(({ id }) => id === context.req.param('id'));
    return criterion
      ? page(context, criterionPage(frame, posture, criterion))
      : missing(context, frame, 'No such criterion', `There is no criterion ${context.req.param('id')} among the 61.`);
  });

  app.get('/controls/:id', async (context) => {
    const { frame, posture, query } = await held(context);
    const control = posture.controls.find(({ id }) => id === context.req.param('id'));
    const period = { from: posture.period.from, to: Math.min(posture.period.to, posture.asOf + 1) };
    return control
      ? page(
          context,
          controlPage(frame, posture, control, {
            view: await workspace.period({ ...query, controls: [control.id] }),
            occurrences: await workspace.occurrences({ period, controls: [control.id], asOf: posture.asOf }),
          }),
        )
      : missing(context, frame, 'No such control', `The catalogue and its overlay have no control ${context.req.param('id')}.`);
  });

  app.get('/findings', async (context) => {
    const { frame, posture } = await held(context);
    const state = context.req.query('state') ?? null;
    const shown = [...CASE_STATES, 'overdue' as const].find((known) => known === state) ?? null;
    if (state !== null && shown === null) throw new ConfigurationError(`"state" is ${CASE_STATES.join(', ')} or overdue, not ${state}`);
    return page(context, findingsPage(frame, await workspace.cases({ asOf: posture.asOf }), await workspace.waivers(posture.asOf), shown));
  });

  app.get('/findings/:id', async (context) => {
    const { frame, posture } = await held(context);
    const { cases } = await workspace.cases({ asOf: posture.asOf });
    const one = cases.find(({ id }) => id === context.req.param('id'));
    return one
      ? page(context, findingPage(frame, one, await workspace.waivers(posture.asOf)))
      : missing(context, frame, 'No such finding', `By this instant no deviation has the id ${context.req.param('id')}.`);
  });

  app.get('/records', async (context) => {
    const { frame } = await held(context);
    const before = context.req.query('before');
    if (before !== undefined && !/^\d{1,15}$/.test(before)) throw new ConfigurationError(`"before" is the index of a record, not ${before}`);
    const lines = await workspace.records(before === undefined ? null : Number(before), PAGE);
    return page(
      context,
      recordsPage(frame, lines, {
        older: lines.length === PAGE && lines.at(-1)?.index !== 0 ? (lines.at(-1)?.index ?? null) : null,
        scrubbed: await workspace.scrubbed(),
        status: await workspace.logStatus(),
      }),
    );
  });

  app.get('/records/:index{[0-9]{1,15}}', async (context) => {
    const { frame } = await held(context);
    return page(context, recordPage(frame, await workspace.record(Number(context.req.param('index')))));
  });

  app.get('/records/:index{[0-9]{1,15}}/artifacts/:name', async (context) => {
    const { frame } = await held(context);
    const index = Number(context.req.param('index'));
    const artifact = await workspace.artifact(index, context.req.param('name'));
    if (context.req.query('bytes') === undefined) return page(context, artifactPage(frame, index, artifact));
    const name = fileName(index, artifact.subject.name, artifact.subject.startedAt);
    return context.body(new Uint8Array(artifact.bytes), 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
    });
  });

  app.get('/sources', async (context) => {
    const { frame } = await held(context);
    return page(context, sourcesPage(frame, await workspace.sources(), workspace.now()));
  });

  app.get('/reports/access-review', async (context) => {
    // The report carries its own style sheet, so that it can be saved and printed as one file: allowed by its digest.
    const document = await rendersReport(context.req.query('month'));
    const style = createHash('sha256')
      .update(/<style>([\s\S]*?)<\/style>/.exec(document)?.[1] ?? '')
      .digest('base64');
    context.header('content-security-policy', `${CSP}; style-src 'sha256-${style}'`.replace("style-src 'self'; ", ''));
    return context.html(document);
  });

  app.notFound(async (context) => missing(context, (await held(context)).frame, 'No such page', `Nothing is at ${context.req.path}.`));

  app.onError(async (error, context) => {
    const known = error instanceof TickmarkError;
    const code = error instanceof ConfigurationError ? 400 : 500;
    if (!known) process.stderr.write(`tickmark: ${context.req.method} ${context.req.path}: ${error.stack ?? error.message}\n`);
    return context.html(
      problemPage(
        null,
        known ? 'This cannot be shown' : 'Something broke',
        known ? error.message : 'The server says more on its terminal. No evidence is lost: pages only read.',
      ),
      code,
    );
  });

  return app;

  async function held(context: Context): Promise<{ readonly frame: Frame; readonly posture: Posture; readonly query: PeriodQuery }> {
    const [at, period] = [asked(context.req.query('at')), askedPeriod(context.req.query('period'))];
    const posture = await workspace.posture(at ?? undefined);
    const frame = { posture, at, period, command: `npx tickmark status${at === null ? '' : ` --as-of ${iso(at)}`}` };
    return { posture, frame, query: { asOf: posture.asOf, ...(period === null ? {} : { period }) } };
  }

  function page(context: Context, body: Html): Response | Promise<Response> {
    return context.html(body);
  }

  function missing(context: Context, frame: Frame, title: string, says: string): Response | Promise<Response> {
    return context.html(problemPage(frame, title, says), 404);
  }
}

function asked(at: string | undefined): Instant | null {
  if (at === undefined || at === '') return null;
  try {
    return instant(at);
  } catch (cause) {
    throw new ConfigurationError(`"at" is not an instant: ${at}. Write it like 2026-11-06T23:00:00Z.`, cause);
  }
}

/** More than a lifetime of records is a slip of the keyboard, and nothing that a page could draw. */
const LONGEST = days(200 * 366);

function askedPeriod(period: string | undefined): Period | null {
  if (period === undefined || period === '') return null;
  const [from = '', to = '', more] = period.split('..');
  try {
    const asked = { from: instant(from), to: instant(to) };
    if (more === undefined && asked.from < asked.to && asked.to - asked.from < LONGEST) return asked;
  } catch (cause) {
    throw new ConfigurationError(`"period" is not a period: ${period}. Write it like 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z.`, cause);
  }
  throw new ConfigurationError(`"period" is not a period: ${period}. It ends before it begins, or lasts more than 200 years.`);
}

/** Listens on 127.0.0.1, unless another address is said. Throws `ConfigurationError` where the port is taken; port 0 takes a free one. */
export async function listen(app: Hono, port: number, host = '127.0.0.1'): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createHttpServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is taken: stop what listens there, or choose another with --port N (npm start -- --port N)`
          : `cannot listen on port ${port}: ${cause.message}`;
      reject(new ConfigurationError(taken, cause));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new ConfigurationError('the server has no port');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
