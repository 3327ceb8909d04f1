import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ProcedureClientInterceptorOptions } from '@orpc/server';
import type { StandardHandleResult } from '@orpc/server/standard';
import { type Instant, instant } from '../../core/instant.ts';
import { may } from '../../auth/roles.ts';
import { isForeignPage, isSameOrigin } from '../hosts.ts';
import { etagOf, type Footing, holds, type Remembered } from './answers.ts';
import type { Asking } from './asking.ts';
import type { Demands } from './contract/endpoint.ts';
import { isRefusal, problem, refusalOf } from './problem.ts';

/** Methods that change nothing. */
export const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

type Passing = Pick<ProcedureClientInterceptorOptions<Asking, never, Partial<Demands>>, 'context' | 'path' | 'input'> & {
  readonly procedure: { readonly '~orpc': { readonly meta: Partial<Demands> } };
  next(): Promise<unknown>;
};

/** Before every handler: refuses whoever may not, and gives an answer that is kept already. There is no way around it. */
export async function gate(passing: Passing): Promise<unknown> {
  const demands = passing.procedure['~orpc'].meta;
  try {
    admit(passing, demands);
    return demands.answer === 'kept' ? await kept(passing, demands) : await passing.next();
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Around all of it: keeps what went wrong for {@link Asking.refused}. What is not refused by the gate came from reading the body. */
export async function refusing({ context, next }: { readonly context: Asking; next(): Promise<StandardHandleResult> }): Promise<StandardHandleResult> {
  try {
    return await next();
  } catch (error) {
    context.refused = isRefusal(error) ? error : problem('invalid-request', 'The body cannot be read: it is not JSON, or not in UTF-8.');
    throw context.refused;
  }
}

/** Says in every answer that is kept by which log, code and catalogue it was made. */
const RESTS_ON = 'tickmark-rests-on';
type Named = Pick<Remembered, 'etag' | 'footing'>;

interface Entering {
  readonly context: Pick<Asking, 'principal' | 'request'>;
  readonly path: readonly string[];
}

function admit({ context: { principal, request }, path }: Entering, { permission, bounds, answer }: Partial<Demands>): void {
  const what = path.join('.');
  if (request.method === 'HEAD' && answer === 'stream') throw problem('method-not-allowed', `${what} takes GET.`);
  if (permission === 'anyone') {
    refuseForeign(request);
    return;
  }
  if (!principal) throw problem('not-signed-in', `${what} is not for everyone.`);
  // An endpoint that names no permission is nobody's: deny by default.
  if (!permission || !may(principal, permission)) {
    const lacks = permission ? `the permission ${permission}` : 'a permission, and names none';
    throw problem(
      'not-permitted',
      `${what} needs ${lacks}. ${principal.name} has the role ${principal.role}${principal.scopes ? ' and a token with fewer scopes' : ''}.`,
    );
  }
  if (principal.kind === 'user') refuseForeign(request);
  if (principal.bounds && bounds !== 'clipped' && bounds !== 'free')
    throw problem('out-of-bounds', `${what} tells of more than the period and the controls that the view of ${principal.name} is bounded to.`);
}

/** What a session changes comes from a page of our own: a cookie is sent along from any site. What it reads does not come from a page of another, unless somebody follows a link. */
function refuseForeign(request: Request): void {
  if (!SAFE.includes(request.method) && !isSameOrigin(request))
    throw problem('not-same-origin', 'Neither Sec-Fetch-Site nor Origin says that a page of this server sent it.');
  if (isForeignPage(request)) throw problem('not-same-origin', 'By the word of the browser, a page of another site sent it.');
}

/** Answers by what is kept where nothing it follows from has changed. */
async function kept({ context, path, input, next }: Passing, demands: Partial<Demands>): Promise<unknown> {
  const { answers, principal, request, services } = context;
  const footing = await answers.footing();
  const now = services.workspace.now();
  const etag = etagOf([path, sorted(input), principal?.bounds ?? null, footing.log, untilOf(input, now, footing)]);
  answers.remember(askedBy(request, principal), { etag, footing, path, demands });
  if (holds(request.headers.get('if-none-match'), etag)) {
    context.reply = unchanged({ etag, footing });
    return undefined;
  }
  const { body } = await answers.answer(etag, async () => Buffer.from(JSON.stringify(await next())));
  const packs = isPacked(request, body);
  context.reply = replied({ etag, footing }, packs ? (await answers.answer(packedName(etag), () => gzipped(body))).body : body, packs);
  return undefined;
}

/**
 * The answer that was given to the same question, by the same bounds and before anything has changed: whether it may be
 * read is asked as ever, and nothing is read or worked out for it. `null` where there is none.
 */
export async function keptAlready({ request, principal, answers }: Pick<Asking, 'request' | 'principal' | 'answers'>): Promise<Response | null> {
  const known = SAFE.includes(request.method) ? answers.remembered(askedBy(request, principal)) : undefined;
  if (!known) return null;
  admit({ context: { principal, request }, path: known.path }, known.demands);
  if ((await answers.footing()) !== known.footing) return null;
  if (holds(request.headers.get('if-none-match'), known.etag)) return unchanged(known);
  const body = answers.kept(known.etag);
  if (!body) return null;
  const packs = isPacked(request, body);
  const sent = packs ? answers.kept(packedName(known.etag)) : body;
  return sent ? replied(known, sent, packs) : null;
}

/** The question as it was sent, and the bounds of who asks: what is told follows from nothing else of them. */
const askedBy = ({ url }: Request, principal: Asking['principal']): string => `${url.slice(url.indexOf('/', 8))} ${JSON.stringify(principal?.bounds ?? null)}`;

const headersOf = ({ etag, footing: { rests } }: Named) => ({
  etag,
  [RESTS_ON]: rests,
  'cache-control': 'private, no-cache',
  vary: 'Accept-Encoding, Authorization, Cookie',
});
const unchanged = (named: Named): Response => new Response(null, { status: 304, headers: headersOf(named) });

/** As it is kept: no copy is made of it on its way to the socket. */
const replied = (named: Named, body: Uint8Array, packs: boolean): Response =>
  new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { ...headersOf(named), 'content-type': 'application/json; charset=utf-8', ...(packs ? { 'content-encoding': 'gzip' } : {}) },
  });

const packedName = (etag: string): string => `${etag} gzip`;
const isPacked = (request: Request, { byteLength }: Uint8Array): boolean =>
  byteLength >= WORTH && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');

/** Fewer bytes are not worth packing. */
const WORTH = 4096;
const gzipped = promisify(gzip);

/** What is asked of an instant that has passed does not change by the passage of time. */
function untilOf(input: unknown, now: Instant, { until }: Footing): Instant | null {
  const asked = typeof input === 'object' && input !== null && 'asOf' in input ? input.asOf : undefined;
  try {
    return typeof asked === 'string' && instant(asked) <= now ? null : until;
  } catch {
    return until;
  }
}

/** The question in one spelling. */
function sorted(input: unknown): unknown {
  return typeof input === 'object' && input !== null ? Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)) : input;
}
