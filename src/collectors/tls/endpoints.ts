import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { instant } from '../../core/instant.ts';
import { ternary } from '../../core/ternary.ts';
import { type Certificate, certificates } from '../../datasets/crypto/certificates.ts';
import { type TlsEndpoint, tlsEndpoints } from '../../datasets/crypto/tls-endpoints.ts';
import { parse, read, wasAsked } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact, Endpoint, Offer, TlsVersion } from '../source.ts';
import { type Decoded, Examined, type Outcome, Requested, type Session } from './answers.ts';
import { SOUND, SOUND_13, WEAK } from './ciphers.ts';

const port = z.int().min(1).max(65_535);
const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'expected a name or an address, without scheme, port or path');
const Named = z.strictObject({
  host: host.describe('Name or address to connect to'),
  port: port.default(443),
  servername: host.optional().describe('Name to ask for and to find in the certificate; the host unless said'),
  starttls: z.enum(['smtp', 'imap', 'postgres']).optional().describe('Protocol in which TLS is begun'),
  http: z.boolean().optional().describe('Whether it speaks HTTP: on port 443 yes, unless said'),
  plainPort: port.optional().describe('Port of HTTP without TLS; of port 443 it is 80, unless said'),
});
type Named = z.infer<typeof Named>;
export const EndpointsConfig = z.strictObject({
  endpoints: z
    .array(Named)
    .min(1)
    .refine((all) => new Set(all.map(idOf)).size === all.length, 'an endpoint is named twice')
    .describe('Names and ports to examine'),
  system: z.string().min(1).default('web').describe('System of the scope that they belong to'),
  roots: z.string().includes('-----BEGIN CERTIFICATE-----').optional().describe('Roots of your own in PEM, trusted in place of those that Node brings'),
});
type EndpointsConfig = z.infer<typeof EndpointsConfig>;

const OLD: readonly TlsVersion[] = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'];
const OFFERS: readonly Offer[] = [
  { version: 'TLSv1.3', ciphers: SOUND_13, exhaust: false },
  ...OLD.map((version): Offer => ({ version, ciphers: [...SOUND, ...WEAK.keys()], exhaust: false })),
  ...OLD.map((version): Offer => ({ version, ciphers: [...WEAK.keys()], exhaust: true })),
];

export const tlsEndpointsCollector = defineCollector<EndpointsConfig, 'tls'>({
  id: 'tls/endpoints',
  title: 'TLS endpoints as they answer: versions, weak ciphers, certificates, plain HTTP',
  version: 1,
  transport: 'tls',
  hosts: ({ endpoints }) => endpoints.map((it) => it.host),
  endpoints: ({ endpoints }) => endpoints.flatMap((it) => [`${it.host}:${it.port}`, ...(plainPort(it) === null ? [] : [`${it.host}:${plainPort(it)}`])]),
  operations: [],
  permissions: [{ right: 'connect to the endpoints', why: 'handshakes are begun from where Tickmark runs: what only answers elsewhere is not seen' }],
  credentials: {},
  every: '1d',
  config: EndpointsConfig,
  feeds: [tlsEndpoints, certificates],
  cannotTell: [
    'SSLv2, PSK and SRP, compression, renegotiation, and ciphers that are forward secret and yet of the old kind (CBC)',
    'endpoints that nobody has named: compare with the DNS zones',
    'the other addresses behind a name: the first that is resolved is asked. Name each, with `servername`, to have all asked',
    'a second certificate for another kind of key, or for clients that send no name',
    'what others see who come from elsewhere; a firewall on the way out looks like a closed port',
    'revocation, and whether the private key is kept well',
    'the certificate of an endpoint that asks its clients for one before TLS 1.3',
  ],
  partitions: ({ endpoints }) => endpoints.map(idOf),

  async *collect(source, { config, partition }) {
    const named = namedOf(config, partition);
    const endpoint = endpointOf(named);
    const handshakes = await source.examine('handshakes', endpoint, OFFERS, config.roots ?? null);
    yield handshakes;
    const { outcomes, session } = parse(handshakes, Examined);
    if (outcomes.every(({ accepted }) => accepted.length === 0))
      throw new IncompleteError(
        `${partition} took no handshake at all (${endings(outcomes)}), so that it refused one version proves nothing. It speaks no TLS there, or lets in only others.`,
      );
    if (!http(named) || 'failed' in session) return;
    const secure = await source.request('request over TLS', endpoint, true);
    yield secure;
    const answer = parse(secure, Requested);
    if ('failed' in answer)
      throw new IncompleteError(`${partition} gave no answer to a request over TLS: ${answer.failed}. If it speaks no HTTP, set "http: false".`);
    const plain = plainPort(named);
    if (plain !== null) yield await source.request('request without TLS', { ...endpoint, port: plain }, false);
  },

  normalize(artifacts, { config, partition }) {
    const endpoint = endpointOf(namedOf(config, partition));
    const { session, outcomes } = read(artifacts, 'handshakes', Examined);
    const its = 'failed' in session ? null : session;
    const row: TlsEndpoint = {
      systemId: config.system,
      endpointId: partition,
      host: endpoint.servername,
      port: endpoint.port,
      ...versions(outcomes),
      weakCiphers: weak(outcomes),
      cipher: its?.cipher ?? null,
      ...trust(session),
      nameMatches: ternary(its?.nameMatches),
      hstsSeconds: hsts(artifacts),
      plain: plainly(artifacts),
      fingerprint: its?.certificates[0]?.fingerprint ?? null,
    };
    const served = (its?.certificates ?? []).map(
      (decoded, place): Certificate => ({
        systemId: config.system,
        endpointId: partition,
        ...certificate(decoded),
        role: place === 0 ? 'leaf' : 'issuer',
      }),
    );
    return [table(tlsEndpoints, [row]), table(certificates, served)];
  },
});

function idOf(it: Pick<Named, 'host' | 'port' | 'servername'>): string {
  return it.servername === undefined || it.servername === it.host ? `${it.host}:${it.port}` : `${it.servername} at ${it.host}:${it.port}`;
}

function namedOf({ endpoints }: EndpointsConfig, partition: string): Named {
  const found = endpoints.find((it) => idOf(it) === partition);
  if (!found) throw new RangeError(`no endpoint is called ${partition}`);
  return found;
}

const endpointOf = (it: Named): Endpoint => ({ host: it.host, port: it.port, servername: it.servername ?? it.host, starttls: it.starttls ?? null });
const http = (it: Named): boolean => it.http ?? (it.port === 443 && it.starttls === undefined);
const plainPort = (it: Named): number | null => (http(it) ? (it.plainPort ?? (it.port === 443 ? 80 : null)) : null);
const endings = (outcomes: readonly Outcome[]): string => [...new Set(outcomes.map(({ ended }) => [ended?.by, ended?.code].join(' ').trim()))].join(', ');

/**
 * An alert refuses, and so does a hello of another version. A connection that was cut refuses too: it was cut twice, and
 * the same endpoint took another handshake before and after. Silence, and what is no TLS, say nothing.
 */
function versions(outcomes: readonly Outcome[]): Pick<TlsEndpoint, 'accepted' | 'refused' | 'notExamined'> {
  const said = outcomes.map(({ version, exhaust, accepted, ended }) => {
    const took = accepted.length > 0 || (ended?.by === 'hello' && ended.version === version);
    const untold = ended?.by === 'silence' || ended?.by === 'other';
    return { version, exhaust, what: untold ? 'nothing' : took ? 'accepted' : 'refused' };
  });
  const of = (what: string) => said.flatMap((it) => (it.what === what && !it.exhaust ? [it.version] : [])).sort();
  const quiet = said.flatMap((it) => (it.what === 'nothing' && it.exhaust ? [`weak ciphers of ${it.version}`] : []));
  return { accepted: of('accepted'), refused: of('refused'), notExamined: ['SSLv2', ...of('nothing'), ...quiet] };
}

const weak = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap(({ version, exhaust, accepted }) => (exhaust ? accepted.map((cipher) => `${version} ${WEAK.get(cipher) ?? cipher}`) : [])).sort();

const TIME = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'an intermediate certificate is missing, or its issuer is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'an intermediate certificate is missing, or its issuer is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'an intermediate certificate is missing, or its issuer is not trusted here',
  CERT_HAS_EXPIRED: 'it has expired and does not lead to a trusted root, or an issuer has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet and does not lead to a trusted root, or an issuer is not valid yet',
};

/** The dates of the endpoint's own certificate are told by themselves; they are no matter of the chain. */
function trust(session: Session | { readonly failed: string }): Pick<TlsEndpoint, 'chainTrusted' | 'chainProblem'> {
  if ('failed' in session) return { chainTrusted: 'unknown', chainProblem: `no handshake came to its end: ${session.failed}` };
  const { verdict, anchored } = session;
  if (verdict === null) return { chainTrusted: 'no', chainProblem: 'it serves no certificate' };
  if (verdict === 'trusted' || (TIME.includes(verdict) && anchored)) return { chainTrusted: 'yes', chainProblem: null };
  return { chainTrusted: 'no', chainProblem: `${WORDS[verdict] ?? 'it does not verify'} (${verdict})` };
}

function hsts(artifacts: readonly Artifact[]): number | null {
  if (!wasAsked(artifacts, 'request over TLS')) return null;
  const answer = read(artifacts, 'request over TLS', Requested);
  const header = 'failed' in answer ? undefined : answer.headers['strict-transport-security'];
  const seconds = Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)"?\s*(?:;|$)/i.exec(header ?? '')?.[1] ?? Number.NaN);
  return Number.isSafeInteger(seconds) ? seconds : null;
}

/** Any answer but a way to TLS is an answer without TLS, an error page among them. */
function plainly(artifacts: readonly Artifact[]): TlsEndpoint['plain'] {
  if (!wasAsked(artifacts, 'request without TLS')) return 'not-examined';
  const answer = read(artifacts, 'request without TLS', Requested);
  if ('failed' in answer) return answer.failed === 'ECONNREFUSED' ? 'refused' : answer.failed === 'ETIMEDOUT' ? 'silent' : 'unknown';
  const { status, headers } = answer;
  return status >= 300 && status < 400 && /^https:\/\//i.test(headers.location ?? '') ? 'redirected' : 'served';
}

const KEYS: Readonly<Record<string, Certificate['keyType']>> = { rsa: 'rsa', 'rsa-pss': 'rsa', ec: 'ec', ed25519: 'ed25519', dsa: 'dsa' };

function certificate({
  fingerprint,
  subject,
  issuer,
  names,
  notBefore,
  notAfter,
  key,
  signature,
}: Decoded): Omit<Certificate, 'systemId' | 'endpointId' | 'role'> {
  const its = [...(names ?? '').matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)]
    .map(([, name = '']) => name.replaceAll('"', ''))
    .flatMap((name) => (name ? [name] : []));
  return {
    fingerprint,
    subject: spoken(subject) || its[0] || `certificate ${fingerprint.slice(0, 16)}`,
    issuer: spoken(issuer) || 'an issuer without a name',
    names: its,
    keyType: KEYS[key.type ?? ''] ?? 'other',
    keyBits: key.bits,
    signature,
    notBefore: instant(notBefore),
    notAfter: instant(notAfter),
  };
}

/** Node writes one attribute a line. */
const spoken = (name: string): string => name.split('\n').join(', ');
