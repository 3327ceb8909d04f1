import { describe, expect, it } from 'vitest';
import { tested } from '../../../test/recorded.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Collector, Table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { SOUND, WEAK } from './ciphers.ts';
import { tlsEndpointsCollector } from './endpoints.ts';

tested(tlsEndpointsCollector, { endpoints: [{ host: 'legacy.acme.example' }] }, 'legacy.acme.example:443', (rows) => {
  expect(rows('crypto.tls-endpoints')).toEqual([
    {
      systemId: 'web',
      endpointId: 'legacy.acme.example:443',
      host: 'legacy.acme.example',
      port: 443,
      accepted: ['TLSv1.2', 'TLSv1.3'],
      refused: ['SSLv3', 'TLSv1', 'TLSv1.1'],
      notExamined: ['SSLv2'],
      weakCiphers: [],
      cipher: 'TLS_AES_256_GCM_SHA384',
      chainTrusted: 'yes',
      chainProblem: null,
      nameMatches: 'yes',
      hstsSeconds: 31_536_000,
      plain: 'redirected',
      fingerprint: rows('crypto.certificates').find(({ role }) => role === 'leaf')?.fingerprint,
    },
  ]);
  expect(rows('crypto.certificates')).toMatchObject([
    { role: 'leaf', subject: 'CN=legacy.acme.example', names: ['legacy.acme.example'], keyType: 'ec', keyBits: 256, signature: 'ecdsa-with-SHA384' },
    { role: 'issuer', subject: 'C=ZZ, O=Made-up Trust, CN=Made-up Issuing CA 3', names: [], keyBits: 384 },
  ]);
});

const AT = Date.parse('2026-06-01T00:00:00Z');
const leaf = {
  der: 'bWFkZSB1cA==',
  fingerprint: 'ab'.repeat(32),
  subject: 'CN=app.acme.example',
  issuer: 'CN=Made-up',
  names: 'DNS:app.acme.example, IP Address:192.0.2.1, DNS:"a, b"',
  notBefore: '2026-05-01T00:00:00.000Z',
  notAfter: '2026-08-01T00:00:00.000Z',
  key: { type: 'rsa-pss', bits: 3072, curve: null },
  signature: 'rsassaPss',
  selfSigned: false,
};
const session = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', verdict: 'trusted', anchored: true, nameMatches: true, certificates: [leaf] };
const took = (version: string) => ({ version, exhaust: false, accepted: ['c02f'], ended: null });
const ended = (version: string, by: string, more: object = {}) => ({ version, exhaust: false, accepted: [], ended: { by, ...more } });
const weakly = (version: string, accepted: readonly string[], by: string) => ({ version, exhaust: true, accepted, ended: { by } });

interface Said {
  readonly outcomes?: readonly object[];
  readonly session?: object;
  readonly secure?: object;
  readonly plain?: object;
  readonly endpoint?: object;
}

async function artifactsOf({
  outcomes = [took('TLSv1.2')],
  session: its = session,
  secure = { status: 200, headers: {} },
  plain = { failed: 'ECONNREFUSED' },
  endpoint = {},
}: Said) {
  const config = tlsEndpointsCollector.config.parse({ endpoints: [{ host: 'app.acme.example', ...endpoint }] });
  const [partition = ''] = tlsEndpointsCollector.partitions(config);
  const asked: string[] = [];
  const wire = async ({ url, body }: { readonly url: string; readonly body: Uint8Array | null }) => {
    const { ask, secure: over } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as { readonly ask: string; readonly secure?: boolean };
    asked.push(url);
    const told = ask === 'examine' ? { address: '192.0.2.1', outcomes, session: its } : { address: '192.0.2.1', ...(over ? secure : plain) };
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(told)) };
  };
  const options = { config, partition, credentials: {}, endpoint: null, root: '/', wire, clock: () => AT, sleep: async () => undefined };
  const { source } = openSource(tlsEndpointsCollector as unknown as Collector, options);
  const of = { config, partition, at: AT, after: null, since: AT, timezone: 'UTC' };
  const artifacts: Artifact[] = [];
  for await (const artifact of tlsEndpointsCollector.collect(source as never, of)) artifacts.push(artifact);
  const [endpoints, certificates] = tlsEndpointsCollector.normalize(artifacts, of) as readonly Table[];
  return { row: endpoints?.rows[0] ?? {}, certificates: certificates?.rows ?? [], asked };
}

describe('what becomes of each offer', () => {
  it.each([
    ['an alert refuses', ended('TLSv1', 'alert', { code: 70 }), { refused: ['TLSv1'], notExamined: ['SSLv2'] }],
    ['the answer of another version refuses', ended('TLSv1', 'hello', { version: 'SSLv3' }), { refused: ['TLSv1'] }],
    ['a connection that was cut twice refuses, as another handshake was taken', ended('TLSv1', 'closed'), { refused: ['TLSv1'] }],
    ['so does one that was reset twice', ended('TLSv1', 'reset'), { refused: ['TLSv1'] }],
    ['silence says nothing', ended('TLSv1', 'silence'), { refused: [], notExamined: ['SSLv2', 'TLSv1'] }],
    ['what is no TLS says nothing', ended('TLSv1', 'other'), { refused: [], notExamined: ['SSLv2', 'TLSv1'] }],
    ['a cipher that was not offered is taken with its version', ended('TLSv1', 'hello', { version: 'TLSv1' }), { accepted: ['TLSv1', 'TLSv1.2'], refused: [] }],
    [
      'weak ciphers are named with their version',
      weakly('TLSv1.2', ['000a', '002f'], 'alert'),
      { weakCiphers: ['TLSv1.2 AES128-SHA', 'TLSv1.2 DES-CBC3-SHA'] },
    ],
    [
      'silence after some of them leaves the rest unknown',
      weakly('TLSv1.2', ['0005'], 'silence'),
      { weakCiphers: ['TLSv1.2 RC4-SHA'], notExamined: ['SSLv2', 'weak ciphers of TLSv1.2'] },
    ],
  ] as const)('%s', async (_, outcome, expected) => {
    const { row } = await artifactsOf({ outcomes: [took('TLSv1.2'), outcome] });
    expect(row).toMatchObject(expected);
  });

  it('is incomplete where no handshake was taken at all: then a refusal proves nothing', async () => {
    const asked = artifactsOf({ outcomes: [ended('TLSv1.2', 'alert', { code: 40 }), ended('TLSv1.3', 'reset')] });
    await expect(asked).rejects.toThrow(IncompleteError);
    await expect(asked).rejects.toThrow('app.acme.example:443 took no handshake at all (alert 40, reset)');
  });

  it('offers every weak cipher under one name', () => {
    expect(new Set(WEAK.values()).size).toBe(WEAK.size);
    expect([...WEAK.keys()].filter((number) => !/^[0-9a-f]{4}$/.test(number))).toEqual([]);
    expect(WEAK.size).toBe(83);
    expect(SOUND.filter((number) => WEAK.has(number))).toEqual([]);
    expect(new Set(SOUND).size).toBe(SOUND.length);
  });
});

describe('the chain', () => {
  it.each([
    ['is trusted', {}, { chainTrusted: 'yes', chainProblem: null }],
    ['is no worse for the date of its first certificate', { verdict: 'CERT_HAS_EXPIRED' }, { chainTrusted: 'yes', chainProblem: null }],
    [
      'is not made good by it either',
      { verdict: 'CERT_NOT_YET_VALID', anchored: false },
      { chainTrusted: 'no', chainProblem: 'it is not valid yet and does not lead to a trusted root, or an issuer is not valid yet (CERT_NOT_YET_VALID)' },
    ],
    ['is not trusted for a reason of its own', { verdict: 'INVALID_PURPOSE' }, { chainTrusted: 'no', chainProblem: 'it does not verify (INVALID_PURPOSE)' }],
    [
      'is none',
      { verdict: null, certificates: [], nameMatches: false },
      { chainTrusted: 'no', chainProblem: 'it serves no certificate', nameMatches: 'no', fingerprint: null },
    ],
  ])('%s', async (_, over, expected) => {
    const { row } = await artifactsOf({ session: { ...session, ...over } });
    expect(row).toMatchObject(expected);
  });

  it('is unknown where no handshake came to its end, and then nothing more is asked', async () => {
    const { row, certificates, asked } = await artifactsOf({ session: { failed: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' } });
    expect(row).toMatchObject({ chainTrusted: 'unknown', nameMatches: 'unknown', cipher: null, plain: 'not-examined' });
    expect(certificates).toEqual([]);
    expect(asked).toEqual(['tls://app.acme.example:443']);
  });

  it('is read field by field', async () => {
    const { certificates } = await artifactsOf({
      session: {
        ...session,
        certificates: [leaf, { ...leaf, fingerprint: 'cd'.repeat(32), subject: '', names: null, issuer: '', key: { type: null, bits: null, curve: null } }],
      },
    });
    expect(certificates).toMatchObject([
      { role: 'leaf', names: ['app.acme.example', '192.0.2.1', 'a, b'], keyType: 'rsa', keyBits: 3072, notAfter: Date.parse('2026-08-01T00:00:00Z') },
      { role: 'issuer', subject: 'certificate cdcdcdcdcdcdcdcd', issuer: 'an issuer without a name', names: [], keyType: 'other', keyBits: null },
    ]);
  });
});

describe('requests', () => {
  it.each([
    ['https://app.acme.example/', 301, 'redirected'],
    ['https://elsewhere.acme.example/', 308, 'redirected'],
    ['http://app.acme.example/', 302, 'served'],
    ['/', 301, 'served'],
    ['https://app.acme.example/', 200, 'served'],
    [undefined, 404, 'served'],
  ])('to %s with %d is %s', async (location, status, plain) => {
    const { row } = await artifactsOf({ plain: { status, headers: location === undefined ? {} : { location } } });
    expect(row).toMatchObject({ plain });
  });

  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'silent'],
    ['ESILENCE', 'unknown'],
    ['ECONNRESET', 'unknown'],
    ['HPE_INVALID_CONSTANT', 'unknown'],
  ])('that fail with %s are %s', async (failed, plain) => {
    const { row } = await artifactsOf({ plain: { failed } });
    expect(row).toMatchObject({ plain });
  });

  it.each([
    ['max-age=31536000; includeSubDomains; preload', 31_536_000],
    ['includeSubDomains ; Max-Age = "600"', 600],
    ['max-age=0', 0],
    ['max-age=forever', null],
    ['xmax-age=5', null],
    [undefined, null],
  ])('tell by %s to insist for %s seconds', async (hsts, hstsSeconds) => {
    const { row } = await artifactsOf({ secure: { status: 200, headers: hsts === undefined ? {} : { 'strict-transport-security': hsts } } });
    expect(row).toMatchObject({ hstsSeconds });
  });

  it('must be answered over TLS, unless it is said that no HTTP is spoken', async () => {
    const asked = artifactsOf({ secure: { failed: 'ECONNRESET' } });
    await expect(asked).rejects.toThrow(IncompleteError);
    await expect(asked).rejects.toThrow('gave no answer to a request over TLS: ECONNRESET. If it speaks no HTTP, set "http: false".');
    const { row, asked: urls } = await artifactsOf({ secure: { failed: 'ECONNRESET' }, endpoint: { http: false } });
    expect(row).toMatchObject({ plain: 'not-examined', hstsSeconds: null });
    expect(urls).toEqual(['tls://app.acme.example:443']);
  });

  it('go to port 80 beside 443 only, and nowhere else unless said', async () => {
    expect((await artifactsOf({})).asked).toEqual(['tls://app.acme.example:443', 'https://app.acme.example:443', 'http://app.acme.example:80']);
    expect((await artifactsOf({ endpoint: { port: 8443 } })).asked).toEqual(['tls://app.acme.example:8443']);
    expect((await artifactsOf({ endpoint: { port: 8443, http: true, plainPort: 8080 } })).asked).toEqual([
      'tls://app.acme.example:8443',
      'https://app.acme.example:8443',
      'http://app.acme.example:8080',
    ]);
    expect((await artifactsOf({ endpoint: { port: 587, starttls: 'smtp' } })).asked).toEqual(['tls://app.acme.example:587']);
  });
});

describe('configuration', () => {
  const reads = (endpoints: readonly object[]) => tlsEndpointsCollector.config.safeParse({ endpoints });

  it('names each endpoint once, by host, port and name', () => {
    expect(reads([{ host: 'a.acme.example' }, { host: 'a.acme.example', servername: 'a.acme.example' }]).success).toBe(false);
    const config = tlsEndpointsCollector.config.parse({
      endpoints: [
        { host: '192.0.2.1', servername: 'a.acme.example' },
        { host: 'a.acme.example', port: 8443 },
      ],
    });
    expect(tlsEndpointsCollector.partitions(config)).toEqual(['a.acme.example at 192.0.2.1:443', 'a.acme.example:8443']);
    expect(tlsEndpointsCollector.endpoints?.(config)).toEqual(['192.0.2.1:443', '192.0.2.1:80', 'a.acme.example:8443']);
  });

  it.each([[[]], [[{ host: 'https://a.acme.example' }]], [[{ host: 'a.acme.example', port: 0 }]], [[{ host: 'a.acme.example', starttls: 'ftp' }]]])(
    'refuses %j',
    (endpoints) => {
      expect(reads(endpoints).success).toBe(false);
    },
  );
});
