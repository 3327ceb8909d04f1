import { ConfigurationError } from '../core/error.ts';

/** Under which names this server answers: a name that is not ours in the Host header is how a hostile page reaches a server on localhost. */
export type Hosts = ReadonlySet<string>;

const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];

/** @param url under which people reach it, through whatever stands before it: `https://tickmark.acme.example`; `null`: on this machine alone */
export function hostsOf(url: string | null): Hosts {
  if (url === null) return new Set(LOCAL);
  const { hostname, protocol, pathname, search } = parsed(url);
  if (!['http:', 'https:'].includes(protocol) || pathname !== '/' || search !== '')
    throw new ConfigurationError(`the address of the server is ${url}: expected scheme and name alone, like https://tickmark.acme.example`);
  return new Set([...LOCAL, hostname.toLowerCase()]);
}

function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new ConfigurationError(`the address of the server is ${url}: expected one like https://tickmark.acme.example`, cause);
  }
}

/** @param host the Host header, with or without a port */
export const isOurs = (hosts: Hosts, host: string | null | undefined): boolean => hosts.has((host ?? '').toLowerCase().replace(/:\d+$/, ''));

/**
 * Whether a request comes from a page of our own, by the word of the browser that sends it (Fetch Metadata), or of one
 * that does not say by its Origin. Neither is a page: what a session does has to come from one.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  try {
    return origin !== null && new URL(origin).host === request.headers.get('host');
  } catch {
    return false;
  }
}

/** Whether a page of another site asks, rather than somebody who follows a link: browsers say both. */
export const isForeignPage = ({ headers }: Pick<Request, 'headers'>): boolean =>
  ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '') && headers.get('sec-fetch-mode') !== 'navigate';
