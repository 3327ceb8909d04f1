import { days, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { ENDPOINT_DAYS } from './endpoints-stories.ts';
import { during } from './stories.ts';
import type { World } from './world.ts';

/** Names that Acme shows to the world, all on port 443. */
export const ENDPOINTS = ['app.acme.example', 'api.acme.example', 'status.acme.example', 'legacy.acme.example'] as const;

/** What the public endpoints answer to handshakes and to single requests; certificates are data, and no key exists. */
export function endpoints(world: World, at: Instant, { method, body }: WireRequest): WireAnswer | null {
  if (method !== 'TLS') return null;
  const { ask, secure, offers, endpoint } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as Asked;
  const place = (ENDPOINTS as readonly string[]).indexOf(endpoint.host);
  const address = `192.0.2.${10 + place}`;
  if (place < 0) throw new TypeError(`getaddrinfo ENOTFOUND ${endpoint.host}`);
  if (ask === 'examine') return told({ address, ...handshakes(world, at, endpoint.host, offers), roots: '121 of Node 26.10.0' });
  return told({ address, ...(secure ? overTls(world, at, endpoint.host) : { status: 301, headers: { location: `https://${endpoint.host}/` } }) });
}

interface Asked {
  readonly ask: 'examine' | 'request';
  readonly secure: boolean;
  readonly offers: readonly { readonly version: string; readonly exhaust: boolean }[];
  readonly endpoint: { readonly host: string };
}

const told = (answer: unknown): WireAnswer => ({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) });

/** Ciphers taken, by version: a list of what is sound, and of what is weak. */
const SOUND: Readonly<Record<string, string>> = { 'TLSv1.3': '1302', 'TLSv1.2': 'c02c', 'TLSv1.1': 'c00a', TLSv1: 'c00a' };
const TRIPLE_DES = '000a';
const PROTOCOL_VERSION = 70;
const HANDSHAKE_FAILURE = 40;

function handshakes(world: World, at: Instant, host: string, offers: Asked['offers']) {
  const old = host === 'legacy.acme.example' && during(world, at, ENDPOINT_DAYS.oldVersions);
  const spoken = old ? ['TLSv1.2', 'TLSv1.1', 'TLSv1'] : ['TLSv1.3', 'TLSv1.2'];
  const outcomes = offers.map(({ version, exhaust }) => {
    if (!spoken.includes(version)) return { version, exhaust, accepted: [], ended: { by: 'alert', code: PROTOCOL_VERSION } };
    if (!exhaust) return { version, exhaust, accepted: [SOUND[version]], ended: null };
    return { version, exhaust, accepted: old ? [TRIPLE_DES] : [], ended: { by: 'alert', code: HANDSHAKE_FAILURE } };
  });
  const leaf = certificateOf(world, at, host);
  const current = leaf.from <= at && at < leaf.to;
  const session = {
    protocol: spoken[0],
    cipher: old ? 'ECDHE-ECDSA-AES256-GCM-SHA384' : 'TLS_AES_256_GCM_SHA384',
    verdict: current ? 'trusted' : 'CERT_HAS_EXPIRED',
    anchored: true,
    nameMatches: true,
    certificates: [decoded(`CN=${host}`, [host], leaf), issuer(world)],
  };
  return { outcomes, session };
}

function overTls(world: World, at: Instant, host: string) {
  const silent = host === 'app.acme.example' && during(world, at, ENDPOINT_DAYS.noHsts);
  return { status: 200, headers: silent ? {} : { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } };
}

interface Validity {
  readonly from: Instant;
  readonly to: Instant;
}

/** Certificates of ninety days, each replaced thirty days before its end: but for the two that the stories tell of. */
function certificateOf(world: World, at: Instant, host: string): Validity {
  const { lapsed, ending } = ENDPOINT_DAYS;
  if (host === 'api.acme.example' && at >= world.ago(ending.made)) return { from: world.ago(ending.made), to: world.ago(ending.ends) };
  if (host !== 'status.acme.example') return renewed(world.ago(ending.made + 480), at);
  if (at >= world.ago(lapsed.to)) return renewed(world.ago(lapsed.to), at);
  const last = world.ago(lapsed.from) - LIFE;
  return at >= last ? { from: last, to: last + LIFE } : renewed(last, at);
}

const LIFE = days(90);
const CYCLE = days(60);

function renewed(first: Instant, at: Instant): Validity {
  const from = first + Math.floor((at - first) / CYCLE) * CYCLE;
  return { from, to: from + LIFE };
}

const ISSUER = 'C=ZZ\nO=Made-up Trust\nCN=Made-up Issuing CA 3';

function decoded(subject: string, names: readonly string[], { from, to }: Validity) {
  return {
    der: base64(`made up: ${subject} ${iso(from)}`),
    fingerprint: digits(`${subject} ${from}`),
    subject,
    issuer: ISSUER,
    names: names.map((name) => `DNS:${name}`).join(', '),
    notBefore: iso(from),
    notAfter: iso(to),
    key: { type: 'ec', bits: 256, curve: 'prime256v1' },
    signature: 'ecdsa-with-SHA384',
    selfSigned: false,
  };
}

const issuer = (world: World) => ({
  ...decoded(ISSUER, [], { from: world.ago(900), to: world.ago(-1800) }),
  issuer: 'C=ZZ\nO=Made-up Trust\nCN=Made-up Root 1',
  names: null,
  key: { type: 'ec', bits: 384, curve: 'secp384r1' },
});

const base64 = (text: string): string => btoa(text);

/** Sixty-four digits that differ as the text does; no digest of anything. */
function digits(text: string): string {
  let state = 0x811c9dc5;
  return Array.from({ length: 64 }, (_, place) => {
    for (const letter of `${text}${place}`) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    return (state & 15).toString(16);
  }).join('');
}
