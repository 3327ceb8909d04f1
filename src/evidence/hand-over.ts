import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { TickmarkError } from '../core/error.ts';
import { socketFolder } from './own-folder.ts';
import type { Order, Told } from './orders.ts';
import type { Draft } from './record.ts';

/**
 * How a process that does not write hands its orders to the one that does: over a socket that only their owner reaches.
 * Throws `ConfigurationError` where somebody else could have laid the folder of it.
 */
export function socketPath(dir: string): string {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 20);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tickmark-${name}`;
  return join(socketFolder(), `log-${name}`);
}

type Answer = { readonly told: Told } | { readonly code: string; readonly message: string; readonly exit: 1 | 2 | 3 };

export async function serve(path: string, act: (order: Order) => Promise<Told>): Promise<Server> {
  if (process.platform !== 'win32') rmSync(path, { force: true }); // the lock is ours, so a socket that is there is a dead one
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void whole(socket)
      .then(async (bytes) => answer(await act(parseOrder(bytes)).then((told): Answer => ({ told }), refusal)))
      .catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
    const answer = (it: Answer) => socket.end(JSON.stringify(it));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return server;
}

const refusal = (error: unknown): Answer => {
  const known = error instanceof TickmarkError ? error : new TickmarkError('WRITER', String(error));
  return { code: known.code, message: known.message, exit: known.exit };
};

export async function handOver(path: string, order: Order): Promise<Told> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const inBase64 = ({ bytes, ...subject }: Draft['subjects'][number]) => ({ ...subject, bytes: Buffer.from(bytes).toString('base64') });
  socket.end(
    JSON.stringify(
      order.order === 'append' ? { ...order, drafts: order.drafts.map((draft) => ({ ...draft, subjects: draft.subjects.map(inBase64) })) } : order,
    ),
  );
  const answer = JSON.parse((await whole(socket)).toString('utf8')) as Answer;
  if ('told' in answer) return answer.told;
  throw new TickmarkError(answer.code, answer.message, { exit: answer.exit });
}

function parseOrder(bytes: Buffer): Order {
  const order = JSON.parse(bytes.toString('utf8')) as Order;
  if (order.order !== 'append') return order;
  const inBytes = (subject: Draft['subjects'][number]) => ({ ...subject, bytes: Buffer.from(String(subject.bytes), 'base64') });
  return { ...order, drafts: order.drafts.map((draft) => ({ ...draft, subjects: draft.subjects.map(inBytes) })) };
}

/** All that the other side says, up to its end. The socket stays open for the answer. */
function whole(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => void chunks.push(chunk));
    socket.once('end', () => resolve(Buffer.concat(chunks)));
    socket.once('error', reject);
  });
}
