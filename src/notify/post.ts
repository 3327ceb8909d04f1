import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duration } from '../core/instant.ts';
import { type Address, guard, type Resolve, systemResolve } from './guard.ts';

export type Answer =
  | { readonly status: number; readonly retryAfter: Duration | null }
  /** `retry`: it may go better another time. */
  | { readonly failed: string; readonly retry: boolean };

/** Sends one body to an address that a person gave. */
export type Send = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<Answer>;

export interface SendOptions {
  /** Networks that may be reached though they are not public. */
  readonly allowed: readonly string[];
  readonly resolve?: Resolve;
  readonly timeout?: Duration;
  /** Certificates trusted besides the usual ones, PEM. */
  readonly ca?: string | undefined;
}

/** What the other side answers is not read beyond this: it is not shown either. */
const LIMIT = 64 * 1024;

/**
 * Posts to public addresses only. The name is resolved once, every address of it is looked at, and the connection is
 * made to the one that was looked at, so that a name which points elsewhere a moment later leads nowhere else. A redirect
 * is an answer like any other and is not followed; no proxy of the environment is used.
 */
export function guardedSend({ allowed, resolve = systemResolve, timeout = 15_000, ca }: SendOptions): Send {
  const may = guard(allowed);
  return async (text, headers, body) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      return { failed: 'it is not an address like https://hooks.example/path', retry: false };
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const found = await addressesOf(host, resolve, timeout);
    if ('failed' in found) return found;
    const [address] = found.addresses;
    if (!address || !found.addresses.every((it) => may(it.address)))
      return { failed: `${host} is at an address that may not be reached from here. Allow its network under alerts.allow if it is meant`, retry: false };
    // In the clear only to networks that the configuration names.
    if (url.protocol === 'http:' && guard([])(address.address)) return { failed: `${host} is to be reached by https`, retry: false };
    return exchange(url, { headers, body, address, timeout, ca });
  };
}

async function addressesOf(
  host: string,
  resolve: Resolve,
  timeout: Duration,
): Promise<{ readonly addresses: readonly Address[] } | { readonly failed: string; readonly retry: true }> {
  const family = isIP(host);
  if (family !== 0) return { addresses: [{ address: host, family: family === 6 ? 6 : 4 }] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), timeout);
  });
  try {
    const addresses = await Promise.race([resolve(host), late]);
    return addresses.length > 0 ? { addresses } : { failed: `${host} has no address`, retry: true };
  } catch {
    return { failed: `the name ${host} cannot be resolved`, retry: true };
  } finally {
    clearTimeout(timer);
  }
}

interface Exchange {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address: Address;
  readonly timeout: Duration;
  readonly ca: string | undefined;
}

function exchange(url: URL, { headers, body, address, timeout, ca }: Exchange): Promise<Answer> {
  const bytes = Buffer.from(body);
  const options: RequestOptions & { readonly ca?: string } = {
    method: 'POST',
    agent: false, // a connection of another request might lead to another address
    headers: { 'user-agent': 'tickmark', ...headers, 'content-length': bytes.length },
    lookup: (_, { all }, found) => (all ? found(null, [address]) : found(null, address.address, address.family)),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((done) => {
    const sent = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    const stop = setTimeout(() => end({ failed: `no answer within ${timeout / 1000} s`, retry: true }), timeout);
    const end = (answer: Answer) => {
      clearTimeout(stop);
      sent.destroy();
      done(answer);
    };
    sent.on('error', (error: NodeJS.ErrnoException) => end({ failed: `it cannot be reached (${error.code ?? error.message})`, retry: true }));
    sent.on('response', (response) => {
      const answer = { status: response.statusCode ?? 0, retryAfter: retryAfter(response.headers['retry-after']) };
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT) end(answer);
      });
      response.on('end', () => end(answer));
      response.on('error', () => end({ failed: 'the answer broke off', retry: true }));
    });
    sent.end(bytes);
  });
}

/** RFC 9110: seconds. A date is left to the usual distance. */
const retryAfter = (header: string | undefined): Duration | null => (header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : null);
