import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standardsOf } from '../app/standards.ts';
import { noteSigner, verifierKey } from '../log/note.ts';
import { makeLog } from '../../test/made-log.ts';
import { stockSigstore } from '../../test/stock-sigstore.ts';
import type { Archive } from './archive.ts';
import type { LogDescription } from '../log/description.ts';
import { trustedRoot } from '../log/trusted-root.ts';
import { keyHint, sigstoreBundle, statementKey } from './sigstore.ts';

const dir = mkdtempSync(join(tmpdir(), 'sigstore-'));
let archive: Archive;
let keys: readonly string[];
beforeAll(async () => {
  archive = await makeLog(dir, 300, { batch: 150 });
  keys = Object.values((JSON.parse(readFileSync(join(dir, 'log/log.json'), 'utf8')) as LogDescription).statementKeys);
});
afterAll(async () => {
  await archive.close();
  rmSync(dir, { recursive: true });
});

interface Bundle {
  verificationMaterial: {
    publicKey: { hint: string };
    tlogEntries: [
      {
        logIndex: string;
        logId: { keyId: string };
        kindVersion: { kind: string; version: string };
        integratedTime: string;
        inclusionProof: { logIndex: string; rootHash: string; treeSize: string; hashes: string[]; checkpoint: { envelope: string } };
        canonicalizedBody: string;
      },
    ];
    timestampVerificationData: { rfc3161Timestamps: { signedTimestamp: string }[] };
  };
  dsseEnvelope: { payload: string; payloadType: string; signatures: [{ sig: string; keyid: string }] };
}

const bundleOf = async (index: number): Promise<Bundle> => JSON.parse(await standardsOf(archive).sigstoreBundle(index)) as Bundle;
const verify = (bundle: unknown, root = trustedRoot(archive.verifierKey), known = keys) => stockSigstore(root, known)(JSON.stringify(bundle));
const stranger = (name: string) => verifierKey(noteSigner(name, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));

describe('a Sigstore bundle', () => {
  it('is accepted by the stock verifier, for every record', async () => {
    const stock = stockSigstore(await standardsOf(archive).trustedRoot(), keys);
    for (let index = 0; index < 300; index++) expect(stock(await standardsOf(archive).sigstoreBundle(index)), `record ${index}`).toBe(null);
  });

  it('holds what the log holds, in the shape of v0.3', async () => {
    const [bundle, proof, entry] = [await bundleOf(255), await archive.proof(255), await archive.entry(255)];
    const [id] = /(?<=\+)[0-9a-f]{8}(?=\+)/.exec(archive.verifierKey) ?? [];
    const keyId = bundle.verificationMaterial.tlogEntries[0].logId.keyId;
    expect(Buffer.from(keyId, 'base64').subarray(0, 4).toString('hex')).toBe(id);
    expect(bundle).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        publicKey: { hint: keyHint(statementKey(entry)) },
        tlogEntries: [
          {
            logIndex: '255',
            logId: { keyId },
            kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
            integratedTime: '0',
            inclusionProof: { logIndex: '255', rootHash: proof.checkpoint.root, treeSize: '300', hashes: proof.hashes, checkpoint: { envelope: proof.note } },
            canonicalizedBody: Buffer.from(entry).toString('base64'),
          },
        ],
        timestampVerificationData: { rfc3161Timestamps: [] },
      },
      dsseEnvelope: JSON.parse(await archive.envelope(255)),
    });
  });

  it('has a place for timestamps', async () => {
    const [envelope, entry, proof] = [await archive.envelope(7), await archive.entry(7), await archive.proof(7)];
    const bundle = sigstoreBundle({ ...proof, envelope, entry, verifierKey: archive.verifierKey, timestamps: [Buffer.from('a token')] });
    expect(JSON.parse(bundle)).toMatchObject({
      verificationMaterial: { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: Buffer.from('a token').toString('base64') }] } },
    });
  });

  const flip = (base64: string, place = 0): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  const entryOf = (bundle: Bundle) => bundle.verificationMaterial.tlogEntries[0];
  const alterations: Readonly<Record<string, readonly [code: string, alter: (bundle: Bundle, other: Bundle) => void]>> = {
    'an edited payload': [
      'TLOG_BODY_ERROR',
      ({ dsseEnvelope }) => {
        dsseEnvelope.payload = flip(dsseEnvelope.payload, 200);
      },
    ],
    'another payload type': [
      'TLOG_BODY_ERROR',
      ({ dsseEnvelope }) => {
        dsseEnvelope.payloadType = 'application/json';
      },
    ],
    'the statement of another record': [
      'TLOG_BODY_ERROR',
      (bundle, { dsseEnvelope }) => {
        bundle.dsseEnvelope = dsseEnvelope;
      },
    ],
    'an edited signature': [
      'TLOG_BODY_ERROR',
      ({ dsseEnvelope: { signatures } }) => {
        signatures[0].sig = flip(signatures[0].sig, 40);
      },
    ],
    'an edited leaf': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        entryOf(bundle).canonicalizedBody = flip(entryOf(bundle).canonicalizedBody, 120);
      },
    ],
    'the leaf of another record': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle, other) => {
        entryOf(bundle).canonicalizedBody = entryOf(other).canonicalizedBody;
      },
    ],
    'another size': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        const { checkpoint } = entryOf(bundle).inclusionProof;
        checkpoint.envelope = checkpoint.envelope.replace('\n300\n', '\n299\n');
      },
    ],
    'another root': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        const { checkpoint, rootHash } = entryOf(bundle).inclusionProof;
        checkpoint.envelope = checkpoint.envelope.replace(rootHash, flip(rootHash));
      },
    ],
    'a hash left out': ['TLOG_INCLUSION_PROOF_ERROR', (bundle) => void entryOf(bundle).inclusionProof.hashes.pop()],
    'an edited hash': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        const { hashes } = entryOf(bundle).inclusionProof;
        hashes[3] = flip(hashes[3] ?? '');
      },
    ],
    'another index': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        entryOf(bundle).inclusionProof.logIndex = '8';
      },
    ],
    'the id of another log': [
      'TLOG_INCLUSION_PROOF_ERROR',
      (bundle) => {
        entryOf(bundle).logId.keyId = keyHint(Buffer.from('x'));
      },
    ],
    'the hint of another key': [
      'SIGNATURE_ERROR',
      (bundle, other) => {
        bundle.verificationMaterial.publicKey = other.verificationMaterial.publicKey;
      },
    ],
    'the hint of no key': [
      'PUBLIC_KEY_ERROR',
      (bundle) => {
        bundle.verificationMaterial.publicKey.hint = 'nobody';
      },
    ],
    'no proof': ['TLOG_ERROR', (bundle) => void (bundle.verificationMaterial.tlogEntries as unknown[]).pop()],
  };

  it.each(Object.entries(alterations))('is refused with %s', async (_, [code, alter]) => {
    const [bundle, other] = [await bundleOf(7), await bundleOf(8)];
    expect(verify(bundle)).toBe(null);
    alter(bundle, other);
    expect(verify(bundle)).toBe(code);
  });

  it('is refused under the key of another log, and where the key that signed is not known', async () => {
    const bundle = await bundleOf(7);
    expect(verify(bundle, trustedRoot(stranger(archive.origin)))).toBe('TLOG_INCLUSION_PROOF_ERROR');
    const signer = statementKey(await archive.entry(7)).toString('base64');
    expect(
      verify(
        bundle,
        trustedRoot(archive.verifierKey),
        keys.filter((key) => key !== signer),
      ),
    ).toBe('PUBLIC_KEY_ERROR');
  });
});

describe('a trusted root', () => {
  it('names the key of the log, and of authorities that are given', () => {
    const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const uri = 'https://tsa.example/';
    const subject = { organization: 'TSA', commonName: 'tsa.example' };
    expect(JSON.parse(trustedRoot(key, [{ uri, subject, certificates: [Buffer.from('leaf'), Buffer.from('root')] }]))).toEqual({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [
        {
          baseUrl: 'https://PeterNeumann',
          hashAlgorithm: 'SHA2_256',
          publicKey: {
            rawBytes: 'MCowBQYDK2VwAyEAGlzZBxQ8OExB6DDFvOEqqIF+xWSaqr8sMTiLNbLXRNY=',
            keyDetails: 'PKIX_ED25519',
            validFor: { start: '1970-01-01T00:00:00Z' },
          },
          logId: { keyId: expect.stringMatching(/^x08go[A-Za-z0-9+/]{38}=$/) },
        },
      ],
      certificateAuthorities: [],
      ctlogs: [],
      timestampAuthorities: [
        { uri, subject, certChain: { certificates: [{ rawBytes: 'bGVhZg==' }, { rawBytes: 'cm9vdA==' }] }, validFor: { start: '1970-01-01T00:00:00Z' } },
      ],
    });
  });
});
