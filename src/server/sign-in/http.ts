import type { Context } from 'hono';
import type { From, Means } from '../../auth/means.ts';
import { type SignedIn, signedIn } from '../../auth/sessions.ts';
import { goesTo } from './going.ts';

/** What the HTTP server hands along with a request: the socket it came by. */
export interface Env {
  readonly Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } } };
}
export type Its = Context<Env>;

/** The origin that the browser sees: the one we were given, or this machine under another of its names. */
export function originOf({ url }: Means, context: Its): string {
  const host = (context.req.header('host') ?? '').toLowerCase();
  const ours = new URL(url());
  return host === ours.host ? ours.origin : `${ours.hostname === '127.0.0.1' || ours.hostname === 'localhost' ? ours.protocol : 'http:'}//${host}`;
}

/** The network that a request comes from. Of IPv6 the part that one subscriber has. */
export function fromOf({ settings }: Means, context: Its): From {
  const socket = context.env?.incoming?.socket?.remoteAddress ?? 'unknown';
  // Each proxy appends whom it was asked by: only what our own have written is believed.
  const passed = settings.proxies === 0 ? [] : (context.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  const address = (passed.at(-settings.proxies) ?? '') || socket;
  return { address: networkOf(address).slice(0, 60), agent: (context.req.header('user-agent') ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200) };
}

function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const [before = [], after = []] = groups;
  const all = [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

type Cookie = 'session' | 'second' | 'sso';

/**
 * Cookies by name: over https bound to this very host, and never sent along with what another site posts. Without
 * https two workspaces on one machine would share them, so there the port is part of the name. The made-up company has
 * sessions of its own: it may be served beside a real one.
 */
const nameOf = ({ url, demo }: Means, cookie: Cookie): string => {
  const { protocol, port } = new URL(url());
  const its = demo ? `demo-${cookie}` : cookie;
  return protocol === 'https:' ? `__Host-tickmark-${its}` : `tickmark-${its}-${port || 80}`;
};

export function readCookie(means: Means, headers: Headers, cookie: Cookie): string | null {
  const name = nameOf(means, cookie);
  const [found] = (headers.get('cookie') ?? '').split(/;\s*/).filter((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

/** Who holds the session that a request comes with. */
export const heldBy = (means: Means, request: Request): Promise<SignedIn | null> => signedIn(means, readCookie(means, request.headers, 'session') ?? '');

/** `seconds` of `null`: until the browser is closed; 0: it goes. */
export const setCookie = (means: Means, context: Its, cookie: Cookie, value: string, seconds: number | null): void =>
  context.header('set-cookie', cookieOf(means, cookie, value, seconds), { append: true });

function cookieOf(means: Means, cookie: Cookie, value: string, seconds: number | null): string {
  const secure = new URL(means.url()).protocol === 'https:' ? '; Secure' : '';
  const age = seconds === null ? '' : `; Max-Age=${seconds}`;
  return `${nameOf(means, cookie)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

/** What puts the secret of a session in the place of the one before. */
export const sessionCookie = (means: Means, secret: string): string => cookieOf(means, 'session', secret, Math.floor(means.settings.lasts / 1000));

/** Lets the browser in, under a cookie that it did not have before, and sends it where it wanted to go. */
export function letIn(means: Means, context: Its, secret: string, to: string | undefined): Response {
  setCookie(means, context, 'session', secret, Math.floor(means.settings.lasts / 1000));
  setCookie(means, context, 'second', '', 0);
  return context.redirect(goesTo(to), 303);
}

/** Fields of a form, each once and as text. */
export async function fields(context: Its): Promise<Readonly<Record<string, string>>> {
  const form = await context.req.parseBody();
  return Object.fromEntries(Object.entries(form).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value.slice(0, 4000)]] : [])));
}
