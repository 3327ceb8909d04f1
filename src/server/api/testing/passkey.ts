import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { addFactor } from '../../../auth/factors.ts';
import { type Inside, ORIGIN } from './inside.ts';

/** A passkey of software (ES256), registered as the pages do, and what it answers to a challenge. */
export async function passkeyOf({ means, userOf }: Inside, name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' }) as JsonWebKey;
  const credential = Buffer.from(`passkey of ${name}`).toString('base64url');
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  await addFactor(means, userOf(name), {
    kind: 'passkey',
    name: 'Of a test',
    secret: null,
    credential,
    data: { publicKey: cose.toString('base64url'), transports: ['internal'], rp: 'localhost', backedUp: false },
    step: 0,
    says: { credential, publicKey: { kty: 'EC', crv: 'P-256', x, y }, rp: 'localhost' },
  });
  return {
    credential,
    answers: (challenge: string, over: Partial<Answering> = {}) => answerOf(credential, privateKey, { challenge, origin: ORIGIN, flags: 0x05, ...over }),
  };
}

interface Answering {
  readonly challenge: string;
  readonly origin: string;
  readonly flags: number;
}

function answerOf(credential: string, key: KeyObject, { challenge, origin, flags }: Answering) {
  const client = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const data = Buffer.concat([createHash('sha256').update('localhost').digest(), Buffer.from([flags, 0, 0, 0, 0])]);
  const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(client).digest()]), key);
  const url = (bytes: Buffer) => bytes.toString('base64url');
  return {
    id: credential,
    rawId: credential,
    type: 'public-key',
    clientExtensionResults: {},
    response: { clientDataJSON: url(client), authenticatorData: url(data), signature: url(signature) },
  };
}
