import { createHash, timingSafeEqual } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import { type Context, Hono } from 'hono';
import type { Health } from '../app/job-views.ts';
import type { Metrics } from '../app/metrics.ts';

const tracer = trace.getTracer('tickmark');

interface Means {
  readonly health: () => Promise<Health>;
  readonly metrics: Metrics;
  /** Who may read the metrics from elsewhere; `null`: nobody. */
  readonly token: string | null;
}

/**
 * What operators and their machines ask: whether the process lives, whether it is ready, what it counts. Asked under any
 * name, for a probe knows an address and no host. Everything else is passed on.
 */
export function operations({ health, metrics, token }: Means, rest: Hono | null): Hono {
  const app = new Hono();

  app.get('/healthz', (context) => plain(context, 'alive\n', 200));

  app.get('/readyz', async (context) => {
    const its = await health();
    // What is wrong is for operators: from elsewhere it is told whether, and not what.
    const local = isLocal(context) || bears(context, token);
    return plain(context, local ? lines(its) : its.ready ? 'ready\n' : 'not ready\n', its.ready ? 200 : 503);
  });

  app.get('/metrics', async (context) => {
    if (!isLocal(context) && !bears(context, token)) {
      context.header('www-authenticate', 'Bearer');
      return plain(context, 'Metrics are told to this machine, or to whoever bears the token of TICKMARK_METRICS_TOKEN.\n', 401);
    }
    const text = await metrics.scrape();
    return context.body(text, 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
  });

  if (rest !== null)
    app.all('*', async (context) => {
      const started = performance.now();
      const attributes = { 'http.request.method': context.req.method, 'url.path': context.req.path };
      const answer = await tracer.startActiveSpan('request', { attributes }, async (span) => {
        try {
          return await rest.fetch(context.req.raw, context.env);
        } finally {
          span.end();
        }
      });
      metrics.request(context.req.method, answer.status, performance.now() - started);
      return answer;
    });
  return app;
}

function lines({ ready, checks, troubles }: Health): string {
  return [
    ready ? 'ready' : 'not ready',
    ...checks.map(({ what, ok, says }) => `${ok ? 'ok ' : 'NOT'} ${what}: ${says}`),
    ...troubles.map(({ kind, says }) => `trouble ${kind}: ${says}`),
    '',
  ].join('\n');
}

const plain = (context: Context, text: string, status: 200 | 401 | 503) =>
  context.body(text, status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });

/** By the connection, not by a header: a proxy on this machine has to be given the token, or be kept from the path. */
function isLocal({ env, req }: Context): boolean {
  const address = (env as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress;
  const forwarded = req.header('x-forwarded-for') ?? req.header('forwarded');
  return forwarded === undefined && (address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1');
}

function bears({ req }: Context, token: string | null): boolean {
  const given = /^Bearer (.+)$/.exec(req.header('authorization') ?? '')?.[1];
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return token !== null && given !== undefined && timingSafeEqual(digest(given), digest(token));
}
