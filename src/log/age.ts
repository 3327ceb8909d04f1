import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import { IntegrityError } from '../core/error.ts';

/**
 * age v1 with one X25519 recipient (c2sp.org/age): the form in which payloads are kept. Anybody's `age -d` opens a
 * payload with the identity that belongs to it alone. Written here because verifying may rest on no package.
 */
const INTRO = 'age-encryption.org/v1\n';
const STANZA = 'age-encryption.org/v1/X25519';
const CHUNK = 64 * 1024;
const TAG = 16;
/** An X25519 private key in the wrapping that Node reads, before its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const EMPTY = Buffer.alloc(0);
const ZERO_NONCE = Buffer.alloc(12);

export interface Encrypted {
  readonly file: Buffer;
  /** The 32 bytes that open the file: an X25519 private key made for it and used for no other. */
  readonly secret: Buffer;
}

/** The sender's half of the key agreement. One may serve a whole batch: every file has a recipient of its own. */
export const ageSender = () => generateKeyPairSync('x25519');

const makePair = promisify(generateKeyPair) as (type: 'x25519') => Promise<KeyPairKeyObjectResult>;
const agree = promisify(diffieHellman) as (options: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }) => Promise<Buffer>;

/** Encrypts for a key made for these bytes alone. The arithmetic of the curve runs beside this thread: many files at once use every core. */
export async function encryptAge(plain: Uint8Array, ephemeral: KeyPairKeyObjectResult = ageSender()): Promise<Encrypted> {
  const identity = await makePair('x25519');
  const shared = await agree({ privateKey: ephemeral.privateKey, publicKey: identity.publicKey });
  const [recipient, share] = [raw(identity.publicKey), raw(ephemeral.publicKey)];
  const random = randomBytes(32);
  const [fileKey, nonce] = [random.subarray(0, 16), random.subarray(16)];
  const wrapped = seal(wrapKey(shared, share, recipient), ZERO_NONCE, fileKey);
  const header = `${INTRO}-> X25519 ${unpadded(share)}\n${unpadded(wrapped)}\n---`;
  const parts: Buffer[] = [Buffer.from(`${header} ${unpadded(headerMac(fileKey, header))}\n`), nonce];
  const key = hkdf(fileKey, nonce, 'payload');
  const chunks = Math.max(1, Math.ceil(plain.length / CHUNK));
  for (let chunk = 0; chunk < chunks; chunk++)
    parts.push(seal(key, chunkNonce(chunk, chunk === chunks - 1), plain.subarray(chunk * CHUNK, (chunk + 1) * CHUNK)));
  return { file: Buffer.concat(parts), secret: raw(identity.privateKey, 'd') };
}

/** The bytes of a file that {@link encryptAge} made, or any age file of one X25519 stanza. Throws `IntegrityError` where key or bytes do not fit. */
export function decryptAge(file: Uint8Array, secret: Uint8Array): Buffer {
  try {
    return opened(Buffer.from(file), secret);
  } catch (cause) {
    throw cause instanceof IntegrityError
      ? cause
      : new IntegrityError('AGE', 'the payload cannot be decrypted: its bytes or its key are not the right ones', cause);
  }
}

function opened(file: Buffer, secret: Uint8Array): Buffer {
  const end = file.indexOf('\n--- ');
  const line = file.indexOf('\n', end + 1);
  if (end < 0 || end > 4096 || line < 0) throw new IntegrityError('AGE', 'the payload is not an age file');
  const header = file.toString('latin1', 0, end + 4);
  const [, encodedShare = '', encodedKey = ''] = /^age-encryption\.org\/v1\n-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n---$/.exec(header) ?? [];
  const [share, wrapped, mac] = [encodedShare, encodedKey, file.toString('latin1', end + 5, line)].map(canonicalBytes) as [Buffer, Buffer, Buffer];
  const identity = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  const recipient = raw(createPublicKey(identity));
  const sender = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: share.toString('base64url') } });
  const fileKey = unseal(wrapKey(diffieHellman({ privateKey: identity, publicKey: sender }), share, recipient), ZERO_NONCE, wrapped);
  const expected = headerMac(fileKey, header);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected))
    throw new IntegrityError('AGE', 'the header of the payload is not the one that was written');
  const key = hkdf(fileKey, file.subarray(line + 1, line + 17), 'payload');
  const body = file.subarray(line + 17);
  const chunks = Math.max(1, Math.ceil(body.length / (CHUNK + TAG)));
  const parts = Array.from({ length: chunks }, (_, chunk) =>
    unseal(key, chunkNonce(chunk, chunk === chunks - 1), body.subarray(chunk * (CHUNK + TAG), (chunk + 1) * (CHUNK + TAG))),
  );
  if (chunks > 1 && parts.at(-1)?.length === 0) throw new IntegrityError('AGE', 'the payload ends in an empty chunk');
  return Buffer.concat(parts);
}

/** `AGE-SECRET-KEY-1…`, as `age -d -i` reads it (BIP 173, upper case). */
export function ageIdentity(secret: Uint8Array): string {
  const words: number[] = [];
  let [bits, count] = [0, 0];
  for (const byte of secret) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) words.push((bits >> (count - 5)) & 31);
  }
  if (count > 0) words.push((bits << (5 - count)) & 31);
  const sum = checksum(checksum(PREFIXED, words), [0, 0, 0, 0, 0, 0]) ^ 1;
  for (let place = 0; place < 6; place++) words.push((sum >>> (5 * (5 - place))) & 31);
  return `${PREFIX}1${words.map((word) => CHARSET[word]).join('')}`;
}

/** The 32 bytes of an identity as {@link ageIdentity} writes it, of which there is one spelling. Throws `IntegrityError`. */
export function ageSecret(identity: string): Buffer {
  const words = Array.from(identity.slice(PREFIX.length + 1), (letter) => CHARSET.indexOf(letter));
  if (!identity.startsWith(`${PREFIX}1`) || words.length !== 58 || words.includes(-1) || checksum(PREFIXED, words) !== 1) throw notAnIdentity();
  const secret = Buffer.alloc(32);
  let [bits, count, place] = [0, 0, 0];
  for (const word of words.slice(0, 52)) {
    bits = ((bits << 5) | word) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    secret[place++] = (bits >> count) & 255;
  }
  if ((bits & 15) !== 0) throw notAnIdentity(); // the four bits that are left over are zero
  return secret;
}

const notAnIdentity = (): IntegrityError => new IntegrityError('AGE', 'the key is not an age identity');

/** The 32 bytes of a key. By way of a JWK, which costs a tenth of what DER does. */
const raw = (key: KeyObject, part: 'x' | 'd' = 'x'): Buffer => Buffer.from(key.export({ format: 'jwk' })[part] ?? '', 'base64url');
const hkdf = (key: Uint8Array, salt: Uint8Array, info: string): Buffer => Buffer.from(hkdfSync('sha256', key, salt, info, 32));
const headerMac = (fileKey: Buffer, header: string): Buffer =>
  createHmac('sha256', hkdf(fileKey, EMPTY, 'header'))
    .update(header)
    .digest();
const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

const wrapKey = (shared: Buffer, share: Buffer, recipient: Buffer): Buffer => hkdf(shared, Buffer.concat([share, recipient]), STANZA);

/** 11 bytes of counter, and whether it is the last. */
function chunkNonce(chunk: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(chunk, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function seal(key: Buffer, nonce: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < TAG) throw new IntegrityError('AGE', 'the payload is cut short');
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
}

/** 32 bytes; unpadded base64 has one spelling. */
function canonicalBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || unpadded(bytes) !== text) throw new IntegrityError('AGE', 'the header of the payload is malformed');
  return bytes;
}

const PREFIX = 'AGE-SECRET-KEY-';
const CHARSET = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173, going on from a sum. */
function checksum(before: number, words: readonly number[]): number {
  let sum = before;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) sum ^= GENERATOR[bit] as number;
  }
  return sum >>> 0;
}

/** The sum of the prefix, which is the same for every identity. */
const PREFIXED: number = (() => {
  const codes = Array.from(PREFIX.toLowerCase(), (letter) => letter.charCodeAt(0));
  return checksum(1, [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]);
})();
