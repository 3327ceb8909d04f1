import { randomUUID } from 'node:crypto';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Principal } from '../../auth/roles.ts';
import { answersOf } from './answers.ts';
import type { Asking, Services } from './asking.ts';
import { bounded } from './bounded.ts';
import { contract } from './contract/index.ts';
import { gate, keptAlready, refusing, SAFE } from './gate.ts';
import { methodsAt } from './methods.ts';
import { openApi } from './openapi.ts';
import { documentOf, notFound, problem, PROBLEMS, type ProblemName, type Refusal, refusalOf } from './problem.ts';
import { problemExplained, referencePage } from './reference.ts';
import { routes } from './routes/index.ts';

export interface ApiOptions {
  readonly services: Services;
  /** Who asks; `null`: nobody has signed in. Asked once for each request, and again by streams while they last. */
  principalOf(request: Request): Promise<Principal | null>;
}

/** Bytes of a request's body. */
const MOST = 1024 * 1024;
/** How often a stream says that it is still there, in milliseconds. */
const KEEP_ALIVE = 15_000;

/** The API, to be mounted at `/`. Hosts and headers are the business of whoever mounts it. */
export function api({ services, principalOf }: ApiOptions): Hono {
  const app = new Hono();
  const answers = answersOf(services.workspace);
  const whole = bounded(services.workspace, null);
  const handler = new OpenAPIHandler<Asking>(routes, { interceptors: [refusing], clientInterceptors: [gate], eventIteratorKeepAliveInterval: KEEP_ALIVE });
  let document: Promise<string> | null = null;
  const described = () => (document ??= openApi(contract).then((its) => JSON.stringify(its)));

  const limit = bodyLimit({ maxSize: MOST, onError: ({ req }) => refuse(req.raw, problem('too-large', `A body holds at most ${MOST} bytes.`)) });
  app.use('/api/*', (context, next) => (SAFE.includes(context.req.method) ? next() : limit(context, next)));
  app.get('/api', (context) => context.html(referencePage(contract)));
  app.get('/api/openapi.json', async (context) => context.body(await described(), 200, { 'content-type': 'application/json; charset=utf-8' }));
  app.get('/api/problems/:name', (context) => {
    const name = context.req.param('name');
    return Object.hasOwn(PROBLEMS, name)
      ? context.html(problemExplained(name as ProblemName))
      : refuse(context.req.raw, notFound(`problem ${name}`, 'of this API'));
  });
  app.all('/api/*', ({ req }) => answered(req.raw).catch((error: unknown) => refuse(req.raw, error)));
  return app;

  async function answered(raw: Request): Promise<Response> {
    const principal = await principalOf(raw);
    if (!SAFE.includes(raw.method)) refuseOther(raw, principal);
    const already = await keptAlready({ request: raw, principal, answers });
    if (already) return raw.method === 'HEAD' ? new Response(null, already) : already;
    const asking: Asking = {
      request: raw,
      principal,
      reads: principal?.bounds ? bounded(services.workspace, principal.bounds) : whole,
      services,
      answers,
      again: () => principalOf(raw),
      refused: null,
      reply: null,
      cookies: [],
    };
    const asked = raw.method === 'HEAD' ? new Request(raw.url, { headers: raw.headers, signal: raw.signal }) : raw;
    const { matched, response } = await handler.handle(asked, { prefix: '/api', context: asking });
    if (!matched) throw unmatched(raw, principal);
    if (asking.refused) throw asking.refused;
    const its = asking.reply ?? response;
    for (const cookie of asking.cookies) its.headers.append('set-cookie', cookie);
    return raw.method === 'HEAD' ? new Response(null, its) : its;
  }

  function refuse(request: Request, error: unknown): Response {
    const refusal = refusalOf(error);
    const instance = `${new URL(request.url).pathname}#${randomUUID()}`;
    const document = documentOf(refusal, instance);
    if (refusal.data.problem === 'broken') services.failed(refusal.cause ?? refusal, instance);
    return new Response(request.method === 'HEAD' ? null : JSON.stringify(document), {
      status: document.status,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        ...(document.status === 401 ? { 'www-authenticate': 'Bearer realm="Tickmark"' } : {}),
        ...(document.status === 405 ? { allow: methodsAt(contract, new URL(request.url).pathname).join(', ') } : {}),
      },
    });
  }
}

/** What changes something is taken as JSON alone, which no form of another site can send. */
function refuseOther(request: Request, principal: Principal | null): void {
  if (!methodsAt(contract, new URL(request.url).pathname).includes(request.method)) throw unmatched(request, principal);
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw problem('not-json', `The Content-Type is ${type || 'not given'}.`);
}

function unmatched(request: Request, principal: Principal | null): Refusal {
  const { pathname } = new URL(request.url);
  if (!principal) return problem('not-signed-in', 'Nothing is told to somebody who is not known.');
  const methods = methodsAt(contract, pathname);
  return methods.length > 0 ? problem('method-not-allowed', `${pathname} takes ${methods.join(', ')}.`) : problem('not-found', `Nothing is at ${pathname}.`);
}
