import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../src/evidence/archive.ts';
import type { LogDescription } from '../../src/log/description.ts';
import { sigstoreBundle } from '../../src/evidence/sigstore.ts';
import { trustedRoot } from '../../src/log/trusted-root.ts';
import { makeLog } from '../made-log.ts';
import { missing } from '../postgres.ts';
import { stockSigstore } from '../stock-sigstore.ts';

// sigstore-go brings a hundred modules and takes minutes to build: in the full form only.
const FULL = process.env.TICKMARK_FULL === '1';
const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const INDEXES = [0, 7, 255, 256, 299];

if (spawnSync('openssl', ['version']).status !== 0) it.skipIf(missing('openssl', 'Install openssl.'))('a bundle with a timestamp', () => undefined);
else {
  const root = mkdtempSync(join(tmpdir(), 'bundles-'));
  const at = (name: string) => join(root, name);
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const authority = () => ({
    uri: 'https://tsa.example/',
    subject: { organization: 'TSA', commonName: 'tsa.example' },
    certificates: [readFileSync(at('tsa.der')), readFileSync(at('ca.der'))],
  });
  let archive: Archive;
  let keys: readonly string[];

  beforeAll(async () => {
    archive = await makeLog(at('state'), 300, { origin: 'acme-1a2b3c4d.tickmark.internal', batch: 150 });
    keys = Object.values((JSON.parse(readFileSync(at('state/log/log.json'), 'utf8')) as LogDescription).statementKeys);
    writeFileSync(at('tsa.cnf'), CONFIGURATION);
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key');
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/O=TSA/CN=root', '-days', '3650', '-out', 'ca.pem', '-config', 'tsa.cnf', '-extensions', 'ca');
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'tsa.key');
    openssl('req', '-new', '-key', 'tsa.key', '-subj', '/O=TSA/CN=tsa.example', '-out', 'tsa.csr', '-config', 'tsa.cnf');
    const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '3650', '-extfile', 'tsa.cnf', '-extensions', 'signer'];
    openssl('x509', '-req', '-in', 'tsa.csr', ...sign, '-out', 'tsa.pem');
    for (const name of ['ca', 'tsa']) openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
    writeFileSync(at('serial'), '01\n');
  });
  afterAll(async () => {
    await archive.close();
    rmSync(root, { recursive: true });
  });

  /** A bundle with the word of a timestamp authority on the signature in it, or on something else. */
  async function timestamped(index: number, over?: Buffer): Promise<string> {
    const [envelope, entry, proof] = [await archive.envelope(index), await archive.entry(index), await archive.proof(index)];
    const { signatures } = JSON.parse(envelope) as { readonly signatures: readonly [{ readonly sig: string }] };
    writeFileSync(at('signature'), over ?? Buffer.from(signatures[0].sig, 'base64'));
    openssl('ts', '-query', '-data', 'signature', '-sha256', '-cert', '-out', 'query.tsq');
    openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr');
    return sigstoreBundle({ ...proof, envelope, entry, verifierKey: archive.verifierKey, timestamps: [readFileSync(at('reply.tsr'))] });
  }

  describe('a bundle with a timestamp that openssl made', () => {
    const stock = () => stockSigstore(trustedRoot(archive.verifierKey, [authority()]), keys, { timestamps: 1 });

    it('is accepted where one is asked for', async () => expect(stock()(await timestamped(7))).toBe(null));

    it('is refused without it, over another signature, and by an authority that is not trusted', async () => {
      const { verificationMaterial, ...rest } = JSON.parse(await timestamped(7)) as { verificationMaterial: object };
      const without = { ...rest, verificationMaterial: { ...verificationMaterial, timestampVerificationData: { rfc3161Timestamps: [] } } };
      expect(stock()(JSON.stringify(without))).toBe('TIMESTAMP_ERROR');
      expect(stock()(await timestamped(7, Buffer.from('another signature')))).toBe('TIMESTAMP_ERROR');
      expect(stockSigstore(trustedRoot(archive.verifierKey), keys, { timestamps: 1 })(await timestamped(7))).toBe('TIMESTAMP_ERROR');
    });
  });

  describe.skipIf(!FULL || go === undefined)('sigstore-go, which writes the entry of the log again from the statement', () => {
    const verify = (bundles: readonly string[], { timestamps = 0, known = keys, trusted = trustedRoot(archive.verifierKey, [authority()]) } = {}) => {
      writeFileSync(at('trusted_root.json'), trusted);
      const files = bundles.map((bundle, place) => {
        writeFileSync(at(`${place}.json`), bundle);
        return at(`${place}.json`);
      });
      return spawnSync(at('verify-sigstore'), [at('trusted_root.json'), String(timestamps), ...files], { input: `${known.join('\n')}\n`, encoding: 'utf8' });
    };
    const plain = async (index: number) => {
      const [envelope, entry, proof] = [await archive.envelope(index), await archive.entry(index), await archive.proof(index)];
      return sigstoreBundle({ ...proof, envelope, entry, verifierKey: archive.verifierKey });
    };

    beforeAll(() => {
      execFileSync(go ?? 'go', ['build', '-o', at('verify-sigstore'), '.'], { cwd: join(import.meta.dirname, 'verify-sigstore') });
    }, 900_000);

    it('accepts them, with timestamps and without', async () => {
      expect(verify(await Promise.all(INDEXES.map(plain)))).toMatchObject({ status: 0, stderr: '', stdout: 'VERIFIED 5 bundles\n' });
      expect(verify([await timestamped(7)], { timestamps: 1 })).toMatchObject({ status: 0, stderr: '', stdout: 'VERIFIED 1 bundles\n' });
    });

    it.each<[string, (bundle: string) => string, RegExp]>([
      ['an edited payload', (it) => it.replace(/(?<="payload": ".{400})./, (is) => (is === 'A' ? 'B' : 'A')), /could not verify|failed to verify/],
      ['another index', (it) => it.replaceAll('"logIndex": "7"', '"logIndex": "8"'), /inclusion/],
      ['another size', (it) => it.replace('\\n300\\n', '\\n299\\n'), /checkpoint/],
      ['a hash left out', (it) => it.replace(/(?<="hashes": \[\s*)"[^"]*",/, ''), /inclusion|proof/],
      ['the hint of nobody', (it) => it.replace(/(?<="hint": ")[^"]*/, 'nobody'), /key/],
    ])('refuses %s', async (_, alter, says) => {
      const { status, stderr } = verify([alter(await plain(7))]);
      expect(stderr).toMatch(says);
      expect(status).toBe(1);
    });

    it('refuses a timestamp that is missing', async () => {
      const { status, stderr } = verify([await plain(7)], { timestamps: 1 });
      expect(stderr).toMatch(/timestamp/);
      expect(status).toBe(1);
    });
  });
}

const CONFIGURATION = `[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.57264.2
digests = sha256
accuracy = secs:1
tsa_name = no
ess_cert_id_alg = sha256
`;
