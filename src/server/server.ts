import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { ConfigurationError } from '../core/error.ts';
import { type Hosts, hostsOf, isOurs } from './hosts.ts';

const CSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const css = readFileSync(new URL('./tickmark.css', import.meta.url), 'utf8');
const icon = readFileSync(new URL('./icon.svg', import.meta.url), 'utf8');

interface Site {
  /** Under which names it answers; this machine's unless said. */
  readonly hosts?: Hosts;
  readonly api: Hono;
  /** What every other address shows. */
  readonly dashboard: Hono;
}

/** Everything that is served of a workspace, but the doors before it. */
export function site({ hosts = hostsOf(null), api, dashboard }: Site): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    if (!isOurs(hosts, context.req.header('host'))) return context.text(`Ask for this server as ${[...hosts].join(' or ')}.`, 421);
    await next();
    // Set where they are: "context.header" would make the answer anew for each, body and all.
    const { headers } = context.res;
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', CSP);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    headers.set('cross-origin-resource-policy', 'same-origin');
    return undefined;
  });

  app.route('/', api);
  app.get('/tickmark.css', (context) => context.body(css, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }));
  app.get('/favicon.ico', (context) => context.redirect('/icon.svg')); // asked for by browsers on pages that name none, like the reports
  app.get('/icon.svg', (context) => context.body(icon, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' }));
  app.route('/', dashboard);
  return app;
}

/** Listens on 127.0.0.1, unless another address is said. Throws `ConfigurationError` where the port is taken; port 0 takes a free one. */
export async function listen(app: Hono, port: number, host = '127.0.0.1'): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createHttpServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, getRequestListener(app.fetch));
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
