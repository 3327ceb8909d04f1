import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as tlsConnect, DEFAULT_CIPHERS, type PeerCertificate, rootCertificates, type SecureVersion, type TLSSocket } from 'node:tls';
import type { Endpoint, Offer } from '../collectors/source.ts';
import { anchored, decode, holds, pems } from './tls-certificate.ts';
import { reach } from './tls-connect.ts';
import { type Answered, clientHello, readAnswer } from './tls-hello.ts';
import type { Wire } from './wire.ts';

type Examine = { readonly ask: 'examine'; readonly endpoint: Endpoint; readonly offers: readonly Offer[]; readonly roots: string | null };
type Plain = { readonly ask: 'request'; readonly endpoint: Endpoint; readonly secure: boolean };
/** What became of one hello. Whether a connection cut without a word is a refusal is for the reader to say. */
type Outcome = Answered | { readonly by: 'closed' | 'reset' | 'silence' };
interface Taken {
  readonly version: string;
  readonly exhaust: boolean;
  readonly accepted: readonly string[];
  /** What ended it; `null` where all that was offered is taken. */
  readonly ended: Outcome | null;
}

/** The endpoint at the one address that is asked throughout. */
type At = Endpoint & { readonly address: string; readonly timeout: number };

/** Nothing old is held back: what a client of today would refuse is to be seen, not avoided. */
const ANYTHING = { minVersion: 'TLSv1' as SecureVersion, rejectUnauthorized: false, minDHSize: 1 } as const;
const CIPHERS = [`${DEFAULT_CIPHERS}:@SECLEVEL=0`, 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'];

interface Reach {
  readonly timeout?: number;
  /** The one address of a host that is asked; throws where none may be. */
  readonly addressOf?: (host: string) => Promise<string>;
}

const anyAddressOf = async (host: string): Promise<string> => (await lookup(host, { order: 'ipv4first' })).address;

/** Over the network. Throws where the host cannot be reached, also in the midst of an examination. */
export function tlsWire({ timeout = 8000, addressOf = anyAddressOf }: Reach = {}): Wire {
  return async ({ body }) => {
    const asked = JSON.parse(Buffer.from(body ?? []).toString('utf8')) as Examine | Plain;
    const address = await addressOf(asked.endpoint.host);
    const at = { ...asked.endpoint, address, timeout };
    const told = asked.ask === 'examine' ? await examine(at, asked) : await plain(at, asked.secure);
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify({ address, ...told })) };
  };
}

async function examine(at: At, { offers, roots }: Examine) {
  const outcomes: Taken[] = [];
  for (const offer of offers) outcomes.push(await take(at, offer));
  const session = await wholeHandshake(at, roots);
  await stillThere(at, offers, outcomes);
  return { outcomes, session, roots: roots === null ? `${rootCertificates.length} of Node ${process.versions.node}` : `${pems(roots).length} configured` };
}

/** Offers, again and again without what was chosen, until nothing is taken. */
async function take(at: At, offer: Offer): Promise<Taken> {
  const { version, exhaust } = offer;
  const accepted: string[] = [];
  for (let left = offer.ciphers; left.length > 0; ) {
    const outcome = await hello(at, { ...offer, ciphers: left });
    if (outcome.by !== 'hello' || outcome.version !== version || !left.includes(outcome.cipher)) return { version, exhaust, accepted, ended: outcome };
    accepted.push(outcome.cipher);
    left = exhaust ? left.filter((cipher) => cipher !== outcome.cipher) : [];
  }
  return { version, exhaust, accepted, ended: null };
}

/** A connection that is cut without a word, or on which nothing is said, is tried once more. */
async function hello(at: At, offer: Offer): Promise<Outcome> {
  const first = await helloOnce(at, offer);
  return first.by === 'closed' || first.by === 'reset' || first.by === 'silence' ? helloOnce(at, offer) : first;
}

async function helloOnce(at: At, { version, ciphers }: Offer): Promise<Outcome> {
  const socket = await reach({ ...at, host: at.address });
  return new Promise((done) => {
    let bytes = Buffer.alloc(0);
    const over = (outcome: Outcome) => {
      socket.destroy();
      done(outcome);
    };
    socket.setTimeout(at.timeout, () => over({ by: 'silence' }));
    socket.on('error', () => over({ by: 'reset' }));
    socket.on('end', () => over({ by: 'closed' }));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const answered = readAnswer(bytes);
      if (answered) over(answered);
    });
    socket.write(clientHello(version, ciphers, at.servername));
    socket.resume();
  });
}

/** A guard on the way may begin to cut connections: then what was cut is no refusal. What was accepted must be so again. */
async function stillThere(at: At, offers: readonly Offer[], outcomes: readonly Taken[]) {
  const place = outcomes.findIndex(({ accepted }) => accepted.length > 0);
  const offer = offers[place];
  if (!offer || outcomes.every(({ ended }) => ended === null || ended.by === 'alert' || ended.by === 'hello')) return;
  const { by } = await hello(at, offer);
  if (by !== 'hello') throw new Error(`it accepted ${offer.version} at first and did not in the end (${by}): something on the way cuts connections`);
}

/** The first whole handshake that succeeds: what was chosen of all, and what was served. */
async function wholeHandshake(at: At, roots: string | null) {
  const failures: string[] = [];
  for (const ciphers of CIPHERS) {
    const served = await handshake(at, ciphers, []);
    if (typeof served === 'string') failures.push(served);
    else return { ...served.said, ...(await trust(at, ciphers, served.chain, roots)) };
  }
  return { failed: failures.join('; ') };
}

/** With no root at all the chain is as it was served; with them OpenSSL says whether it trusts it. */
async function trust(at: At, ciphers: string, chain: readonly Buffer[], roots: string | null) {
  const [leaf] = chain;
  if (!leaf) return { verdict: null, anchored: false, nameMatches: false, certificates: [] };
  const judged = await handshake(at, ciphers, roots === null ? rootCertificates : pems(roots));
  if (typeof judged === 'string') throw new Error(`the second handshake failed where the first did not: ${judged}`);
  return {
    verdict: judged.verdict,
    anchored: anchored(chain, roots, Date.now()),
    nameMatches: holds(leaf, at.servername),
    certificates: chain.map(decode),
  };
}

async function handshake(at: At, ciphers: string, ca: readonly string[]) {
  const socket = await reach({ ...at, host: at.address });
  const { servername } = at;
  return new Promise<string | { readonly verdict: string; readonly chain: readonly Buffer[]; readonly said: object }>((done) => {
    const tls = tlsConnect({ ...ANYTHING, socket, ciphers, ca: [...ca], ...sni(servername), checkServerIdentity: () => undefined });
    tls.setTimeout(at.timeout, () => tls.destroy(new Error(`no answer within ${at.timeout} ms`)));
    tls.on('error', (error: Error & { code?: string }) => {
      socket.destroy();
      done(error.code ?? error.message);
    });
    tls.on('secureConnect', () => {
      const verdict = tls.authorized ? 'trusted' : String(tls.authorizationError);
      done({ verdict, chain: chainOf(tls), said: { protocol: tls.getProtocol(), cipher: tls.getCipher().name } });
      tls.destroy();
    });
  });
}

function chainOf(tls: TLSSocket): readonly Buffer[] {
  const chain: Buffer[] = [];
  let next: (PeerCertificate & { issuerCertificate?: unknown }) | undefined = tls.getPeerCertificate(true);
  while (next?.raw && !chain.some((raw) => raw.equals(next?.raw ?? Buffer.alloc(0)))) {
    chain.push(next.raw);
    next = next.issuerCertificate as typeof next;
  }
  return chain;
}

/** Twice, where nothing answers: a packet that was lost is not a port that is closed. */
async function plain(at: At, secure: boolean) {
  const first = await plainOnce(at, secure);
  return 'status' in first || first.failed === 'ECONNREFUSED' ? first : plainOnce(at, secure);
}

function plainOnce({ address, host, port, servername, timeout }: At, secure: boolean) {
  return new Promise<{ readonly status: number; readonly headers: object } | { readonly failed: string }>((done) => {
    const name = servername.includes(':') ? `[${servername}]` : servername;
    const headers = { host: port === (secure ? 443 : 80) ? name : `${name}:${port}`, 'user-agent': 'tickmark', connection: 'close' };
    const options = { host: address, port, path: '/', method: 'GET', headers, agent: false } as const;
    const request = secure ? httpsRequest({ ...options, ...ANYTHING, ciphers: CIPHERS[0], ...sni(servername) }) : httpRequest(options);
    request.setTimeout(timeout, () => request.destroy(Object.assign(new Error(host), { code: request.socket?.connecting ? 'ETIMEDOUT' : 'ESILENCE' })));
    request.on('error', (error: Error & { code?: string }) => done({ failed: error.code ?? error.message }));
    request.on('response', ({ statusCode = 0, headers: { location, 'strict-transport-security': hsts } }) => {
      done({
        status: statusCode,
        headers: { ...(location === undefined ? {} : { location }), ...(hsts === undefined ? {} : { 'strict-transport-security': hsts }) },
      });
      request.destroy();
    });
    request.end();
  });
}

/** An address may not be sent as a name. */
const sni = (servername: string): { readonly servername?: string } => (/^[\d.]+$|:/.test(servername) ? {} : { servername });
