import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { ConfigurationError, IncompleteError } from '../core/error.ts';
import { type Address, guard, isNetwork, type Resolve, systemResolve } from '../notify/guard.ts';
import { gitWire } from '../sources/git-wire.ts';
import { tlsWire } from '../sources/tls-wire.ts';
import { type Wire, type WireAnswer, type WireRequest, worldWire } from '../sources/wire.ts';

const VARIABLE = 'TICKMARK_SOURCE_NETWORKS';

export interface Guarded {
  /** Networks that may be asked though they are not public: `10.1.0.0/16`. */
  readonly allowed: readonly string[];
  readonly resolve?: Resolve | undefined;
  readonly timeout?: number;
}

export interface TrialWay {
  readonly wire?: Wire;
  readonly resolve?: Resolve;
}

/** Networks that whoever runs the process lets the form reach, though they are not public. Throws `ConfigurationError`. */
export function networksAllowed(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const networks = (env[VARIABLE] ?? '').split(/[\s,]+/).filter((it) => it !== '');
  const strange = networks.find((it) => !isNetwork(it));
  if (strange !== undefined) throw new ConfigurationError(`${VARIABLE}: ${strange} is no network. Write them like 10.1.0.0/16, separated by commas.`);
  return networks;
}

/** Why a host may not be asked by what somebody typed into a form; `null`: it may. A name is looked up, and each of its addresses looked at. */
export async function refusalOfHost(host: string, { allowed, resolve = systemResolve }: Guarded): Promise<string | null> {
  const found = await addressesOf(host, resolve);
  if (found === null) return `the name ${host} cannot be resolved. Check how it is written`;
  const may = guard(allowed);
  return found.every(({ address }) => may(address)) ? null : inside(bare(host));
}

/**
 * Asks public addresses only, and those that are allowed. The name is resolved once, and the connection is made to the
 * address that was looked at. Redirects are answers like any other; no proxy of the environment is used.
 */
export function guardedWire({ allowed, resolve = systemResolve, timeout = 20_000 }: Guarded): Wire {
  const isPublic = guard([]);
  return async (request) => {
    const url = new URL(request.url);
    if (!/^https?:$/.test(url.protocol)) throw new IncompleteError(`${url.protocol} is not asked`);
    const host = bare(url.hostname);
    const address = await guardedAddress(host, { allowed, resolve });
    if (url.protocol === 'http:' && isPublic(address.address)) throw new IncompleteError(`${host} is to be reached by https`);
    return exchange(url, request, address, timeout);
  };
}

/** How a source is asked that somebody tries out: by whichever protocol, at addresses that may be reached. Throws `ConfigurationError` where what is allowed is spelled wrongly. */
export function trialWire(env: Readonly<Record<string, string | undefined>>, { resolve }: Pick<TrialWay, 'resolve'>): Wire {
  const guarded = { allowed: networksAllowed(env), resolve };
  const addressOf = async (host: string) => (await guardedAddress(host, guarded)).address;
  return worldWire({ GIT: gitWire, TLS: tlsWire({ addressOf }) }, guardedWire(guarded));
}

/** The address of a host, by one look at its name; throws `IncompleteError` where one of its addresses may not be reached. */
export async function guardedAddress(host: string, { allowed, resolve = systemResolve }: Guarded): Promise<Address> {
  const [may, found] = [guard(allowed), await addressesOf(host, resolve)];
  const [address] = found ?? [];
  if (found === null || !address) throw new IncompleteError(`the name ${bare(host)} cannot be resolved`);
  if (!found.every((it) => may(it.address))) throw new IncompleteError(inside(bare(host)));
  return address;
}

const inside = (host: string): string =>
  `${host} is at an address that may not be reached from here. Whoever runs the server can allow its network: ${VARIABLE}=10.1.0.0/16`;

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

async function addressesOf(given: string, resolve: Resolve): Promise<readonly Address[] | null> {
  const host = bare(given);
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  return resolve(host).then(
    (addresses) => (addresses.length > 0 ? addresses : null),
    () => null,
  );
}

/** An answer larger than this is none that a form has to wait for. */
const LIMIT = 32 * 1024 * 1024;

function exchange(url: URL, { method, headers, body }: WireRequest, address: Address, timeout: number): Promise<WireAnswer> {
  const options: RequestOptions = {
    method,
    agent: false, // a connection of another request might lead to another address
    headers: { ...headers, 'accept-encoding': 'identity', ...(body === null ? {} : { 'content-length': body.length }) },
    lookup: (_, { all }, found) => (all ? found(null, [address]) : found(null, address.address, address.family)),
  };
  return new Promise((done, fail) => {
    const sent = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    const stop = setTimeout(() => end(new IncompleteError(`gave no answer within ${timeout / 1000} s`)), timeout);
    const end = (result: WireAnswer | Error) => {
      clearTimeout(stop);
      sent.destroy();
      if (result instanceof Error) fail(result);
      else done(result);
    };
    sent.on('error', end);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LIMIT) end(new IncompleteError('gave an answer larger than 32 MB'));
      });
      response.on('error', end);
      response.on('end', () => end({ status: response.statusCode ?? 0, headers: flat(response.headers), body: Buffer.concat(chunks) }));
    });
    sent.end(body === null ? undefined : Buffer.from(body));
  });
}

const flat = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]])),
  );
