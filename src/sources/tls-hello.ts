import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsVersion } from '../collectors/source.ts';

/**
 * The first words of a handshake, written and read by ourselves: Node's OpenSSL cannot offer SSLv3, RC4, 3DES or export
 * ciphers, and what it cannot offer it would report as refused. Only whether and with what the other side answers is
 * read; no key is ever agreed upon. By RFC 8446, 5246, 2246 and 6101.
 */

const NUMBERS: Readonly<Record<TlsVersion, number>> = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };
const NAMES = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));
const ALERT = 21;
const HANDSHAKE = 22;
const SERVER_HELLO = 2;
const SUPPORTED_VERSIONS = 43;
/** x25519, P-256, P-384, P-521, and the finite fields of RFC 7919. */
const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101];
/** ECDSA, PSS, PKCS #1 with SHA-256 to SHA-512, Ed25519, SHA-1 and DSA: whatever certificate it has, it can use. */
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202];
/** Says that we know secure renegotiation; no cipher. */
const RENEGOTIATION = '00ff';

/** What a side answered to a hello. `other` is an answer that is no TLS at all. */
export type Answered =
  | { readonly by: 'hello'; readonly version: string; readonly cipher: string }
  | { readonly by: 'alert'; readonly code: number }
  | { readonly by: 'other' };

export function clientHello(version: TlsVersion, ciphers: readonly string[], servername: string): Buffer {
  const number = NUMBERS[version];
  const suites = Buffer.from([...ciphers, ...(version === 'TLSv1.3' ? [] : [RENEGOTIATION])].join(''), 'hex');
  const body = Buffer.concat([
    u16(Math.min(number, NUMBERS['TLSv1.2'])),
    randomBytes(32),
    sized(1, version === 'TLSv1.3' ? randomBytes(32) : Buffer.alloc(0)),
    sized(2, suites),
    sized(1, Buffer.from([0])), // no compression
    ...(version === 'SSLv3' ? [] : [sized(2, extensions(version, servername))]),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  return Buffer.concat([Buffer.from([HANDSHAKE]), u16(Math.min(number, NUMBERS.TLSv1)), sized(2, message)]);
}

function extensions(version: TlsVersion, servername: string): Buffer {
  const list = (numbers: readonly number[]) => sized(2, Buffer.concat(numbers.map(u16)));
  const all: readonly (readonly [number, Buffer])[] = [
    ...(isIP(servername) === 0 ? [[0, sized(2, Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(servername, 'latin1'))]))] as const] : []),
    [10, list(GROUPS)],
    [11, sized(1, Buffer.from([0]))],
    ...(version === 'TLSv1.2' || version === 'TLSv1.3' ? [[13, list(SIGNATURES)] as const] : []),
    // No share of a key is sent: a side that speaks 1.3 then asks for one, and that is an answer.
    ...(version === 'TLSv1.3'
      ? ([
          [SUPPORTED_VERSIONS, sized(1, u16(NUMBERS[version]))],
          [51, sized(2, Buffer.alloc(0))],
        ] as const)
      : []),
  ];
  return Buffer.concat(all.map(([type, body]) => Buffer.concat([u16(type), sized(2, body)])));
}

/** The first message of an answer; `null` while it has not arrived whole. */
export function readAnswer(bytes: Buffer): Answered | null {
  if (bytes.length < 1) return null;
  const type = bytes[0];
  if (type !== ALERT && type !== HANDSHAKE) return { by: 'other' };
  if (bytes.length < 5) return null;
  if (bytes[1] !== 3) return { by: 'other' };
  if (type === ALERT) {
    const code = bytes[6];
    // A warning (an unknown name) may come before the hello.
    if (bytes.length >= 7 && bytes[5] === 1 && code !== 0) return readAnswer(bytes.subarray(7)) ?? null;
    return code === undefined ? null : { by: 'alert', code };
  }
  const message = handshakeBytes(bytes);
  const length = message.length < 4 ? Infinity : message.readUIntBE(1, 3);
  if (message.length > 0 && message[0] !== SERVER_HELLO) return { by: 'other' };
  return message.length < 4 + length ? null : serverHello(message.subarray(4, 4 + length));
}

/** A message may lie in several records. */
function handshakeBytes(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === HANDSHAKE; at += 5 + bytes.readUInt16BE(at + 3))
    parts.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)));
  return Buffer.concat(parts);
}

function serverHello(body: Buffer): Answered {
  const session = body[34] ?? 0;
  if (body.length < 35 + session + 3) return { by: 'other' };
  const cipher = body.subarray(35 + session, 37 + session).toString('hex');
  const chosen = chosenVersion(body.subarray(40 + session)) ?? body.readUInt16BE(0);
  return { by: 'hello', version: NAMES.get(chosen) ?? `0x${chosen.toString(16)}`, cipher };
}

function chosenVersion(extensionBytes: Buffer): number | null {
  for (let at = 0; at + 4 <= extensionBytes.length; at += 4 + extensionBytes.readUInt16BE(at + 2))
    if (extensionBytes.readUInt16BE(at) === SUPPORTED_VERSIONS && at + 6 <= extensionBytes.length) return extensionBytes.readUInt16BE(at + 4);
  return null;
}

const u16 = (number: number): Buffer => Buffer.from([number >> 8, number & 255]);

/** A field that begins with its length. */
function sized(bytes: 1 | 2 | 3, content: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}
