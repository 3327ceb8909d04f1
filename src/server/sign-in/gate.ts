import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { From, Means } from '../../auth/means.ts';
import type { Principal } from '../../auth/roles.ts';
import { principalBehind } from '../../auth/tokens.ts';
import { ConfigurationError, TickmarkError } from '../../core/error.ts';
import { account, Forbidden } from './account.ts';
import { doorOf, doors } from './doors.ts';
import { withTo } from './going.ts';
import { hostsOf, isOurs, isSameOrigin } from '../hosts.ts';
import { type Env, fromOf, heldBy, type Its } from './http.ts';
import { passkeys } from './passkey.ts';
import { stopScreen } from './screens.ts';
import { singleSignOn } from './single.ts';
import { users } from './users.ts';

const CSP =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const LARGEST = 512 * 1024;
const file = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

/** Open to everybody: how the sign-in page looks. */
const OPEN = ['/tickmark.css', '/icon.svg', '/favicon.ico'];

/** Who asks, where they asked from unless it is known: for the API, by cookie or by `Authorization: Bearer`. */
export function principals(means: Means): { principalOf(request: Request): Promise<Principal | null>; from(request: Request, from: From): void } {
  const known = new WeakMap<Request, From>();
  return {
    from: (request, from) => void known.set(request, from),
    async principalOf(request) {
      const [scheme = '', secret = ''] = (request.headers.get('authorization') ?? '').split(' ');
      const from = known.get(request) ?? { address: 'unknown', agent: '' };
      if (scheme !== '') return scheme.toLowerCase() === 'bearer' ? principalBehind(means, secret, from) : null;
      const who = await heldBy(means, request);
      return who && !who.lacksFactor ? who.principal : null;
    },
  };
}

/** The whole server: the doors, and behind them the pages, which show nothing to who has not come through one. */
export function withSignIn(means: Means, inner: Hono, { principalOf, from } = principals(means)): Hono<Env> {
  const app = new Hono<Env>();
  const door = doorOf(means);

  app.use(async (context, next) => {
    if (!isOurs(hostsOf(means.url()), context.req.header('host')))
      return context.text('Ask for this server by the name that it was given: 127.0.0.1, localhost, or the one of --url.', 421);
    await next();
    const { headers } = context.res; // "context.header" would make the answer anew for each
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', CSP);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'same-origin'); // with none at all a browser would not say that our forms are ours
    headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('cross-origin-opener-policy', 'same-origin');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (means.url().startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
    return undefined;
  });

  // Forms and scripts of ours only. A provider posts its answer from its own site, and proves what it says; SCIM brings a token, and no cookie.
  app.on(['POST', 'PUT', 'PATCH', 'DELETE'], '*', async (context, next) => {
    const { path } = context.req;
    const isTheirs = /^\/sign-in\/saml\/[^/]+\/callback$/.test(path) || path.startsWith('/scim/') || path.startsWith('/api');
    if (isTheirs || isSameOrigin(context.req.raw)) return next();
    return context.html(
      stopScreen(door, {
        title: 'Another site sent this',
        why: 'What changes something is taken from pages of Tickmark only.',
        next: 'Open the page here, and do it there.',
      }),
      403,
    );
  });
  app.use('/sign-in/*', bodyLimit({ maxSize: LARGEST }));
  app.use('/account/*', bodyLimit({ maxSize: LARGEST }));
  app.use('/users/*', bodyLimit({ maxSize: LARGEST }));
  app.use('/scim/*', bodyLimit({ maxSize: 2 * LARGEST }));

  app.get('/sign-in/sign-in.css', (context) =>
    context.body(file('sign-in.css'), 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }),
  );
  app.get('/sign-in/passkeys.js', (context) =>
    context.body(file('passkeys.js'), 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }),
  );
  for (const part of [passkeys, singleSignOn, doors, account, users]) app.route('/', part(means));
  app.all('/scim/v2/*', async (context) => {
    const { answerScim } = await import('../../auth/scim.ts'); // a large library that most never ask
    return answerScim(means, context.req.raw, fromOf(means, context));
  });

  app.all('*', async (context) => {
    const { path, raw } = context.req;
    from(raw, fromOf(means, context));
    if (OPEN.includes(path) || path === '/api' || path.startsWith('/api/')) return inner.fetch(raw, context.env);
    const who = await heldBy(means, raw);
    const principal = who?.lacksFactor ? null : (who?.principal ?? (await principalOf(raw)));
    if (!principal) return who ? context.redirect('/account', 303) : unknown(context);
    return inner.fetch(raw, context.env); // the pages show what the API tells, and that tells nobody more than they may see
  });

  app.onError((error, context) => {
    if (error instanceof Forbidden)
      return context.html(
        stopScreen(door, { title: 'Not yours to see', why: error.message, next: html`<a class="link" href="/account">Your account</a>` }),
        403,
      );
    if (error instanceof ConfigurationError) return context.html(stopScreen(door, { title: 'This cannot be done', why: error.message, next: '' }), 400);
    process.stderr.write(`tickmark: ${context.req.method} ${context.req.path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const says = error instanceof TickmarkError ? error.message : 'The server says more on its terminal.';
    return context.html(stopScreen(door, { title: 'Something broke', why: says, next: 'Try again.' }), 500);
  });

  return app;

  function unknown(context: Its): Response {
    const asksForPage = context.req.method === 'GET' && (context.req.header('accept') ?? 'text/html').includes('text/html');
    if (!asksForPage) return context.text('Sign in first.', 401, { 'www-authenticate': 'Bearer' });
    const { pathname, search } = new URL(context.req.url);
    return context.redirect(withTo('/sign-in', `${pathname}${search}`), 303);
  }
}
