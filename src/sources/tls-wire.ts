import { connect, type SecureVersion } from 'node:tls';
import type { Handshake } from '../collectors/source.ts';
import type { Wire } from './wire.ts';

const TIMEOUT = 10_000;

/** What came of one handshake. */
type Outcome = Readonly<Record<string, unknown>>;

/** Attempts a handshake as the body says. A refusal by the other side is an answer; a host that cannot be reached throws. */
export const tlsWire: Wire = async ({ body }) => {
  const { attempt } = JSON.parse(Buffer.from(body ?? []).toString('utf8')) as { readonly attempt: Handshake };
  return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(await handshake(attempt))) };
};

function handshake({ host, port, servername, minVersion, maxVersion, ciphers }: Handshake): Promise<Outcome> {
  return new Promise((done, fail) => {
    let reached = false;
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: minVersion as SecureVersion,
      maxVersion: maxVersion as SecureVersion,
      ...(servername === null ? {} : { servername }),
      ...(ciphers === null ? {} : { ciphers }),
    });
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error(`no answer within ${TIMEOUT} ms`)));
    socket.on('connect', () => {
      reached = true;
    });
    socket.on('secureConnect', () => {
      done({ accepted: true, protocol: socket.getProtocol(), cipher: socket.getCipher() });
      socket.destroy();
    });
    socket.on('error', (error: Error & { code?: string }) => (reached ? done({ accepted: false, refusal: error.code ?? error.message }) : fail(error)));
  });
}
