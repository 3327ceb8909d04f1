import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '../../src/collectors/collector.ts';
import { WEAK } from '../../src/collectors/tls/ciphers.ts';
import { tlsEndpointsCollector } from '../../src/collectors/tls/endpoints.ts';
import type { Certificate } from '../../src/datasets/crypto/certificates.ts';
import type { TlsEndpoint } from '../../src/datasets/crypto/tls-endpoints.ts';
import { tlsSource } from '../../src/sources/tls.ts';
import { tlsWire } from '../../src/sources/tls-wire.ts';
import { freePort, missing } from '../postgres.ts';
import { type Lab, onMachine, tlsLab } from './tls-lab.ts';

const NEEDED = { openssl: 'openssl', sslscan: 'sslscan', nginx: 'nginx-light', 'gnutls-serv': 'gnutls-bin' };
const absent = Object.entries(NEEDED).filter(([program]) => !onMachine(program));

const ANY = ['-cipher', 'DEFAULT:@SECLEVEL=0'];
const OLD = '-no_tls1_3';
/** Servers by OpenSSL: the certificate, what it is told, and what must be found. */
const SERVERS: Readonly<
  Record<
    string,
    { readonly making?: Parameters<Lab['openssl']>[1]; readonly args: readonly string[]; readonly chain?: boolean; readonly finds: Partial<TlsEndpoint> }
  >
> = {
  modern: { args: ['-cipher', 'ECDHE+AESGCM'], finds: { accepted: ['TLSv1.2', 'TLSv1.3'], weakCiphers: [], chainTrusted: 'yes', nameMatches: 'yes' } },
  'only-13': { args: ['-tls1_3'], finds: { accepted: ['TLSv1.3'], weakCiphers: [] } },
  'only-12': { args: ['-tls1_2', '-cipher', 'ECDHE+AESGCM'], finds: { accepted: ['TLSv1.2'], weakCiphers: [] } },
  'only-11': { args: ['-tls1_1', ...ANY], finds: { accepted: ['TLSv1.1'] } },
  'only-10': { args: ['-tls1', ...ANY], finds: { accepted: ['TLSv1'], weakCiphers: ['TLSv1 AES128-SHA', 'TLSv1 AES256-SHA'] } },
  'to-12': { args: [OLD, ...ANY], finds: { accepted: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] } },
  expired: { making: { from: -30, to: -2 }, args: [], finds: { chainTrusted: 'yes', nameMatches: 'yes' } },
  early: { making: { from: 3 }, args: [], finds: { chainTrusted: 'yes', nameMatches: 'yes' } },
  soon: { making: { to: 5 }, args: [], finds: { chainTrusted: 'yes' } },
  'wrong-host': { making: { name: 'elsewhere.acme.example' }, args: [], finds: { chainTrusted: 'yes', nameMatches: 'no' } },
  'self-signed': { making: { by: 'itself' }, args: [], finds: { chainTrusted: 'no', chainProblem: 'it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)' } },
  'self-signed-expired': { making: { by: 'itself', from: -30, to: -2 }, args: [], finds: { chainTrusted: 'no' } },
  'no-intermediate': { args: [], chain: false, finds: { chainTrusted: 'no', nameMatches: 'yes' } },
  'no-intermediate-expired': { making: { from: -30, to: -2 }, args: [], chain: false, finds: { chainTrusted: 'no' } },
  'short-key': { making: { key: ['-newkey', 'rsa:1024'] }, args: ANY, finds: { chainTrusted: 'yes' } },
  'sha-1': { making: { digest: 'sha1' }, args: ANY, finds: { chainTrusted: 'yes' } },
  ecdsa: { making: { key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] }, args: [], finds: { chainTrusted: 'yes' } },
  'no-forward-secrecy': { args: [OLD, '-cipher', 'kRSA'], finds: { accepted: ['TLSv1.2'] } },
  everything: { args: ['-cipher', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], finds: { accepted: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] } },
  anonymous: { args: [OLD, '-cipher', 'aNULL:@SECLEVEL=0'], finds: { chainTrusted: 'no', chainProblem: 'it serves no certificate', fingerprint: null } },
  unencrypted: { args: [OLD, '-cipher', 'NULL:!aNULL:@SECLEVEL=0'], finds: { chainTrusted: 'yes', cipher: 'ECDHE-RSA-NULL-SHA' } },
};

interface Scanned {
  readonly accepted: readonly string[];
  readonly weak: readonly string[];
  readonly certificate: Readonly<Record<string, unknown>> | null;
}

const run = promisify(execFile);
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => ['protocol', 'cipher', 'certificate'].includes(name),
  parseTagValue: false,
});

/** What sslscan says; which of its ciphers are weak follows from their names, by rules of this test alone. */
async function scan(port: number, servername: string): Promise<Scanned> {
  const { stdout } = await run('sslscan', ['--xml=-', '--no-colour', '--no-heartbleed', '--no-groups', `--sni-name=${servername}`, `127.0.0.1:${port}`]);
  const { ssltest } = (
    xml.parse(stdout) as {
      document: { ssltest: Record<string, readonly Record<string, string>[]> & { certificates?: { certificate?: readonly Record<string, unknown>[] } } };
    }
  ).document;
  const version = (said: string) => said.replace('TLSv1.0', 'TLSv1');
  const ciphers = (ssltest.cipher ?? []).map(({ sslversion = '', cipher = '', id = '' }) => ({
    version: version(sslversion),
    cipher,
    id: id.slice(2).toLowerCase(),
  }));
  return {
    accepted: (ssltest.protocol ?? [])
      .filter(({ enabled }) => enabled === '1')
      .map(({ type, version: number }) => version(type === 'ssl' ? `SSLv${number}` : `TLSv${number}`))
      .sort(),
    weak: ciphers
      .filter(
        ({ version: its, cipher }) => its !== 'TLSv1.3' && (!/^(TLS_)?(EC)?DHE[-_]/.test(cipher) || /NULL|RC4|3DES|DES-CBC|DES_|EXP|SEED|IDEA/.test(cipher)),
      )
      .map(({ version: its, id }) => `${its} ${id}`)
      .sort(),
    certificate: (ssltest.certificates?.certificate ?? []).find((it) => typeof it === 'object' && it.subject !== undefined) ?? null,
  };
}

async function examine(lab: Lab, port: number, servername: string, more: object = {}) {
  const config = tlsEndpointsCollector.config.parse({ endpoints: [{ host: '127.0.0.1', port, servername, ...more }], roots: lab.roots });
  const [partition = ''] = tlsEndpointsCollector.partitions(config);
  const of = { config, partition, at: Date.now(), after: null, since: 0, timezone: 'UTC' };
  const source = tlsSource({ wire: tlsWire({ timeout: 3000 }), clock: Date.now, allowed: tlsEndpointsCollector.endpoints?.(config) ?? [] });
  const artifacts = [];
  for await (const artifact of tlsEndpointsCollector.collect(source, of)) artifacts.push(artifact);
  const [endpoints, certificates] = tlsEndpointsCollector.normalize(artifacts, of) as readonly Table[];
  return {
    endpoint: endpoints?.rows[0] as unknown as TlsEndpoint,
    leaf: (certificates?.rows ?? []).find(({ role }) => role === 'leaf') as unknown as Certificate | undefined,
    served: certificates?.rows.length ?? 0,
  };
}

/** Whether this machine's OpenSSL, asked from the outside, trusts the chain whatever the date. */
async function opensslTrusts(lab: Lab, port: number, servername: string): Promise<boolean> {
  const args = [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    servername,
    '-CAfile',
    join(lab.dir, 'root.pem'),
    '-no_check_time',
    '-verify_return_error',
  ];
  const asked = run('openssl', [...args, '-cipher', 'ALL:eNULL:@SECLEVEL=0', '-min_protocol', 'TLSv1', '-brief'], { timeout: 10_000 });
  asked.child.stdin?.end();
  const { stderr } = await asked.catch((error: Error & { stderr?: string }) => ({ stderr: error.stderr ?? '' }));
  return /Verification: OK/.test(stderr);
}

const NUMBERS = new Map([...WEAK].map(([number, name]) => [name, number]));
const byNumber = (ciphers: readonly string[]) =>
  ciphers
    .map((it) => it.split(' '))
    .map(([version, name = '']) => `${version} ${NUMBERS.get(name)}`)
    .sort();

if (absent.length > 0)
  it.skipIf(missing(absent.map(([program]) => program).join(', '), `apt install ${absent.map(([, name]) => name).join(' ')}`))(
    'TLS against sslscan',
    () => undefined,
  );
else {
  describe('TLS endpoints, against sslscan and openssl', () => {
    let lab: Lab;
    const ports = new Map<string, number>();
    let plain = 0;

    beforeAll(async () => {
      lab = tlsLab();
      for (const [name, { making = {}, args, chain }] of Object.entries(SERVERS)) ports.set(name, await lab.openssl(name, making, args, chain));
      ports.set('gnutls', await gnutls(lab));
      plain = await nginx(lab, ports);
    }, 60_000);
    afterAll(() => lab.stop());

    const port = (name: string): number => ports.get(name) ?? 0;

    it.concurrent.each([...Object.keys(SERVERS), 'gnutls', 'nginx', 'nginx-bare'])('%s: versions, weak ciphers, certificate and chain', async (name) => {
      const servername = `${name}.acme.example`;
      const { endpoint, leaf } = await examine(lab, port(name), servername);
      const scanned = await scan(port(name), servername);
      expect(endpoint.accepted).toEqual(scanned.accepted);
      expect([...endpoint.accepted, ...endpoint.refused].sort()).toEqual(['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
      expect(endpoint.notExamined).toEqual(['SSLv2']);
      expect(byNumber(endpoint.weakCiphers)).toEqual(scanned.weak);
      expect(leaf === undefined).toBe(scanned.certificate === null);
      if (leaf && scanned.certificate) expect(asScanned(leaf)).toEqual(shortOf(scanned.certificate));
      expect(endpoint).toMatchObject(SERVERS[name]?.finds ?? {});
      if (leaf) expect(endpoint.chainTrusted).toBe((await opensslTrusts(lab, port(name), servername)) ? 'yes' : 'no');
    });

    it('takes RC4 and 3DES for what they are, which no OpenSSL of today can offer', async () => {
      const { endpoint } = await examine(lab, port('gnutls'), 'gnutls.acme.example');
      expect(endpoint.weakCiphers).toEqual(expect.arrayContaining(['TLSv1 RC4-MD5', 'TLSv1.2 RC4-SHA', 'TLSv1.2 DES-CBC3-SHA']));
    });

    it('tells the chain as it was served, without the root', async () => {
      expect((await examine(lab, port('modern'), 'modern.acme.example')).served).toBe(2);
      expect((await examine(lab, port('no-intermediate'), 'no-intermediate.acme.example')).served).toBe(1);
    });

    it('tells HSTS and the redirect of plain HTTP', async () => {
      const { endpoint } = await examine(lab, port('nginx'), 'nginx.acme.example', { http: true, plainPort: plain });
      expect(endpoint).toMatchObject({ hstsSeconds: 31_536_000, plain: 'redirected', chainTrusted: 'yes' });
    });

    it('tells their absence, by the name that was asked for', async () => {
      const { endpoint } = await examine(lab, port('nginx-bare'), 'nginx-bare.acme.example', { http: true, plainPort: plain });
      expect(endpoint).toMatchObject({ hstsSeconds: null, plain: 'served' });
    });

    it('tells that nothing listens', async () => {
      const { endpoint } = await examine(lab, port('nginx'), 'nginx.acme.example', { http: true, plainPort: await freePort() });
      expect(endpoint.plain).toBe('refused');
    });
  });
}

/** The one server at hand that still speaks RC4 and 3DES. */
async function gnutls(lab: Lab): Promise<number> {
  const port = await freePort();
  const { certificate, key } = lab.certificate('gnutls', {});
  const priority = 'NORMAL:+VERS-TLS1.0:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1';
  await lab.start('gnutls-serv', ['--http', '--port', String(port), '--x509certfile', certificate, '--x509keyfile', key, '--priority', priority], port);
  return port;
}

/** One nginx with two names on one port, and plain HTTP for both on another, which is returned. */
async function nginx(lab: Lab, ports: Map<string, number>): Promise<number> {
  const [secure, plain] = [await freePort(), await freePort()];
  const server = (name: string, says: string, plainly: string) => {
    const { certificate, key } = lab.certificate(name, {});
    return `
    server { listen 127.0.0.1:${secure} ssl; server_name ${name}.acme.example; ssl_certificate ${certificate}.chain; ssl_certificate_key ${key}; ssl_protocols TLSv1.2 TLSv1.3; ${says} location / { return 200 ok; } }
    server { listen 127.0.0.1:${plain}; server_name ${name}.acme.example; location / { ${plainly} } }`;
  };
  const servers = [
    server(
      'nginx',
      'ssl_ciphers ECDHE+AESGCM; add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;',
      'return 301 https://$host/;',
    ),
    server('nginx-bare', 'ssl_ciphers ECDHE+AESGCM;', 'return 404;'),
  ];
  for (const name of ['nginx', 'nginx-bare'])
    writeFileSync(join(lab.dir, `${name}.pem.chain`), ['', 'intermediate'].map((it) => readFileSync(join(lab.dir, `${it || name}.pem`), 'utf8')).join(''));
  mkdirSync(join(lab.dir, 'nginx'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${lab.dir}/nginx;`).join(' ');
  const text = `daemon off; master_process off; pid ${lab.dir}/nginx.pid; error_log stderr; events {} http { access_log off; ${temporary} ${servers.join('')} }`;
  writeFileSync(join(lab.dir, 'nginx.conf'), text);
  await lab.start('nginx', ['-p', lab.dir, '-c', join(lab.dir, 'nginx.conf')], secure);
  ports.set('nginx', secure).set('nginx-bare', secure);
  return plain;
}

/** The fields of sslscan's short certificate. */
function shortOf(certificate: Readonly<Record<string, unknown>>) {
  const { type, bits } = certificate.pk as Readonly<Record<string, string>>;
  const expired = String(certificate.expired) === 'true';
  return {
    subject: String(certificate.subject),
    issuer: String(certificate.issuer),
    signature: String(certificate['signature-algorithm']).trim(),
    // Of an elliptic key it tells the strength, half its length.
    key: `${type} ${type === 'EC' ? 2 * Number(bits) : bits}`,
    notBefore: Date.parse(`${certificate['not-valid-before']}`),
    notAfter: Date.parse(`${certificate['not-valid-after'] ?? certificate['not-yet-valid']}`),
    expired,
    selfSigned: String(certificate['self-signed']) === 'true',
  };
}

function asScanned({ subject, issuer, signature, keyType, keyBits, notBefore, notAfter }: Certificate): ReturnType<typeof shortOf> {
  const name = (text: string) => text.replace('CN=', '');
  return {
    subject: name(subject),
    issuer: name(issuer),
    signature: signature ?? '',
    key: `${keyType.toUpperCase()} ${keyBits}`,
    notBefore,
    notAfter,
    expired: notAfter < Date.now(),
    selfSigned: subject === issuer,
  };
}
