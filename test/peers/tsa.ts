import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the authority does with the next queries. */
export type Mode =
  | 'good'
  | 'wrong nonce'
  | 'wrong imprint'
  | 'no key usage'
  | 'key usage not critical'
  | 'key usage not alone'
  | 'expired'
  | 'stranger'
  | 'rejected'
  | 'garbage'
  | 'long'
  | 'slow'
  | 'redirect'
  | 'wrong type'
  | 'down';

const run = promisify(execFile);
const SIGNERS = ['good', 'no key usage', 'key usage not critical', 'key usage not alone', 'expired', 'stranger'] as const;
const USAGE: Readonly<Record<string, string>> = {
  'no key usage': '',
  'key usage not critical': 'extendedKeyUsage=timeStamping',
  'key usage not alone': 'extendedKeyUsage=critical,timeStamping,codeSigning',
};

/**
 * A time-stamping authority: `openssl ts` behind HTTP, with a root and an intermediate of its own. It shares no code with us.
 *
 * @param digits of the fraction of a second that it tells, at most: it leaves zeros at the end out
 */
export async function startTsa(kind: 'ec' | 'rsa', digits = 3) {
  const dir = mkdtempSync(join(tmpdir(), 'tsa-'));
  makeCertificates(dir, kind, digits);
  let mode: Mode = 'good';
  let queries = 0;
  const server = createServer((request, response) => {
    queries++;
    void bodyOf(request).then(async (query) => {
      if (mode === 'down') return request.socket.destroy();
      if (mode === 'slow') return undefined; // and never answers
      if (mode === 'redirect') return response.writeHead(307, { location: '/elsewhere' }).end();
      const body = mode === 'garbage' ? Buffer.from('<html>maintenance</html>') : mode === 'long' ? Buffer.alloc(1_000_000) : await reply(dir, mode, query);
      return response.writeHead(200, { 'content-type': mode === 'wrong type' ? 'text/html' : 'application/timestamp-reply' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/tsr`,
    root: readFileSync(join(dir, 'root.crt'), 'utf8'),
    rootFile: join(dir, 'root.crt'),
    does(next: Mode) {
      mode = next;
    },
    queries: () => queries,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      rmSync(dir, { recursive: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

let replies = 0;

async function reply(dir: string, mode: Mode, query: Buffer): Promise<Buffer> {
  const base = join(dir, `reply${replies++}`);
  const asked = Buffer.from(query);
  // The imprint ends before the nonce, which ends before the three bytes that ask for the certificate.
  const nonce = asked.length - 4;
  if (mode === 'wrong nonce') asked[nonce] = (asked[nonce] ?? 0) ^ 1;
  if (mode === 'wrong imprint') asked[40] = (asked[40] ?? 0) ^ 1;
  writeFileSync(`${base}.tsq`, asked);
  const signer = SIGNERS.find((it) => it === mode) ?? 'good';
  const config = join(dir, mode === 'rejected' ? 'strict.cnf' : 'tsa.cnf');
  const canSign = !(signer in USAGE);
  const its = join(dir, slug(canSign ? signer : 'good'));
  const words = ['ts', '-reply', '-config', config, '-queryfile', `${base}.tsq`, '-signer', `${its}.crt`, '-inkey', `${its}.key`, '-chain', `${its}.chain`];
  await run('openssl', [...words, '-out', `${base}.tsr`]);
  if (canSign) return readFileSync(`${base}.tsr`);
  // openssl ts refuses to sign with such a certificate, openssl cms does not.
  await run('openssl', ['ts', '-reply', '-in', `${base}.tsr`, '-token_out', '-out', `${base}.token`]);
  await run('openssl', ['cms', '-verify', '-noverify', '-inform', 'DER', '-in', `${base}.token`, '-out', `${base}.info`]);
  const bad = join(dir, slug(signer));
  const sign = ['cms', '-sign', '-binary', '-nodetach', '-cades', '-md', 'sha256', '-econtent_type', '1.2.840.113549.1.9.16.1.4', '-outform', 'DER'];
  await run('openssl', [...sign, '-in', `${base}.info`, '-signer', `${bad}.crt`, '-inkey', `${bad}.key`, '-certfile', `${bad}.chain`, '-out', `${base}.cms`]);
  const token = readFileSync(`${base}.cms`);
  const head = Buffer.from([0x30, 0x82, 0, 0, 0x30, 0x03, 0x02, 0x01, 0x00]);
  head.writeUInt16BE(token.length + 5, 2);
  return Buffer.concat([head, token]);
}

const slug = (name: string) => name.replaceAll(' ', '-');

function makeCertificates(dir: string, kind: 'ec' | 'rsa', digits: number): void {
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: dir, stdio: 'pipe' });
  const key = (name: string) =>
    kind === 'ec' ? openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`) : openssl('genrsa', '-out', `${name}.key`, '2048');
  const authority = (name: string, subject: string) => {
    key(name);
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${subject}`,
      '-days',
      '3650',
      '-out',
      `${name}.crt`,
      '-addext',
      'keyUsage=critical,keyCertSign',
    );
  };
  mkdirSync(join(dir, 'ca'));
  writeFileSync(join(dir, 'ca/index.txt'), '');
  writeFileSync(
    join(dir, 'ca.cnf'),
    `[ca]\ndefault_ca=it\n[it]\ndatabase=ca/index.txt\nnew_certs_dir=ca\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n`,
  );
  const issue = (name: string, subject: string, issuer: string, extensions: string, from = '20200101000000Z', to = '20991231235959Z') => {
    key(name);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${subject}`, '-out', `${name}.csr`);
    writeFileSync(join(dir, `${name}.ext`), extensions);
    const its = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-cert', `${issuer}.crt`, '-keyfile', `${issuer}.key`, '-extfile', `${name}.ext`];
    openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...its, '-startdate', from, '-enddate', to);
    writeFileSync(join(dir, `${name}.chain`), readFileSync(join(dir, `${issuer}.crt`)));
  };
  authority('root', 'Test root');
  authority('elsewhere', 'Root of strangers');
  issue('middle', 'Test intermediate', 'root', 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign');
  for (const signer of SIGNERS) {
    const usage = `${USAGE[signer] ?? 'extendedKeyUsage=critical,timeStamping'}\nkeyUsage=critical,digitalSignature`;
    const [from, to] = signer === 'expired' ? ['20200101000000Z', '20210101000000Z'] : [];
    issue(slug(signer), `Test authority: ${signer}`, signer === 'stranger' ? 'elsewhere' : 'middle', usage, from, to);
  }
  const tsa = (policy: string) =>
    `[tsa]\ndefault_tsa=it\n[it]\nserial=${dir}/serial\ndefault_policy=1.2.3.4.1\n${policy}\nsigner_digest=sha256\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\nclock_precision_digits=${digits}\ness_cert_id_alg=sha256\n`;
  writeFileSync(join(dir, 'tsa.cnf'), tsa('other_policies=1.2.3.4.2'));
  writeFileSync(join(dir, 'strict.cnf'), tsa('').replace('digests=sha256,sha512', 'digests=sha512'));
}
