import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../collectors/source.ts';

export interface Reached {
  readonly host: string;
  readonly port: number;
  readonly starttls: Endpoint['starttls'];
  readonly timeout: number;
}

/** What is said before TLS begins, in turns: what to wait for, and what to say then. */
const TALKS: Readonly<Record<NonNullable<Endpoint['starttls']>, readonly { readonly until: RegExp; readonly say: string }[]>> = {
  smtp: [
    { until: /^220 .*\r?\n$/m, say: 'EHLO tickmark\r\n' },
    { until: /^250 .*\r?\n$/m, say: 'STARTTLS\r\n' },
    { until: /^220 .*\r?\n$/m, say: '' },
  ],
  imap: [
    { until: /^\* OK.*\r?\n$/m, say: 'a1 STARTTLS\r\n' },
    { until: /^a1 OK.*\r?\n$/m, say: '' },
  ],
  postgres: [
    { until: /^/, say: '\x00\x00\x00\x08\x04\xd2\x16\x2f' },
    { until: /^S$/, say: '' },
  ],
};

/** A connection on which TLS can begin. Throws where the host cannot be reached or will not begin it. */
export async function reach({ host, port, starttls, timeout }: Reached): Promise<Socket> {
  const socket = connect({ host, port });
  await new Promise<void>((done, fail) => {
    socket.once('connect', done).once('error', fail);
    socket.setTimeout(timeout, () => socket.destroy(Object.assign(new Error(`no connection within ${timeout} ms`), { code: 'ETIMEDOUT' })));
  });
  socket.setTimeout(0).removeAllListeners('timeout');
  try {
    for (const { until, say } of starttls === null ? [] : TALKS[starttls]) {
      await heard(socket, until, timeout);
      if (say !== '') socket.write(Buffer.from(say, 'latin1'));
    }
  } catch (cause) {
    socket.destroy();
    throw new Error(`${starttls} did not begin TLS: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return socket;
}

function heard(socket: Socket, until: RegExp, timeout: number): Promise<void> {
  if (until.test('')) return Promise.resolve();
  return new Promise((done, fail) => {
    let text = '';
    const over = (outcome: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose).off('error', onClose).pause();
      outcome();
    };
    const timer = setTimeout(() => over(() => fail(new Error(`no answer within ${timeout} ms`))), timeout);
    const onClose = () => over(() => fail(new Error('the connection was closed')));
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until.test(text)) over(done);
      else if (/^(4|5)\d\d |^\S+ (NO|BAD)|^N$/m.test(text)) over(() => fail(new Error(`it said ${text.trim().slice(0, 200)}`)));
    };
    socket.on('data', onData).once('close', onClose).once('error', onClose).resume();
  });
}
