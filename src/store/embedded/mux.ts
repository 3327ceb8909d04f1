// Many PostgreSQL clients over the one session that PGlite has. A client owns the session from its first message until
// ReadyForQuery says "I" (idle, outside a transaction); the others wait their turn. Plain `pg` and psql connect to it.
//
// What is shared and therefore must not be used: SET outside a transaction, temporary tables, LISTEN, session advisory
// locks, COPY FROM STDIN (fatal to PGlite, refused here). Named prepared statements would clash: refused too.
// A message for which `stall` ms pass inside an open transaction ends that client, so that the others can go on.
import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

const i32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(n);
  return b;
};
const z = (s: string): Buffer => Buffer.from(`${s}\0`);
const message = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), i32(body.length + 4), body]);
};
const idle = message('Z', Buffer.from('I'));
const error = (code: string, text: string): Buffer => message('E', z('SERROR'), z('VERROR'), z(`C${code}`), z(`M${text}`), Buffer.from([0]));
const SSL = 80877103;
const GSS = 80877104;
const CANCEL = 80877102;

type Turn = { client: object; go(): void; timer: NodeJS.Timeout };
export type MuxOptions = { waitMs?: number; stallMs?: number };

export async function listen(db: PGlite, path: string, { waitMs = 30_000, stallMs = 30_000 }: MuxOptions = {}): Promise<Server> {
  const settings = await Promise.all(
    ['server_version', 'server_encoding', 'client_encoding', 'DateStyle', 'TimeZone', 'integer_datetimes', 'standard_conforming_strings'].map(
      async (name) => [name, (await db.query<{ v: string }>('select current_setting($1) v', [name])).rows[0]?.v ?? ''] as const,
    ),
  );
  const hello = (id: number): Buffer =>
    Buffer.concat([message('R', i32(0)), ...settings.map(([k, v]) => message('S', z(k), z(v))), message('K', i32(id), i32(0)), idle]);

  let owner: object | undefined;
  const turns: Turn[] = [];
  const release = (): void => {
    const next = turns.shift();
    owner = next?.client;
    if (next) {
      clearTimeout(next.timer);
      next.go();
    }
  };
  const acquire = (client: object): Promise<boolean> => {
    if (owner === client) return Promise.resolve(true);
    if (!owner) {
      owner = client;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn: Turn = {
        client,
        go: () => resolve(true),
        timer: setTimeout(() => {
          turns.splice(turns.indexOf(turn), 1);
          resolve(false);
        }, waitMs),
      };
      turns.push(turn);
    });
  };
  const exec = async (bytes: Buffer): Promise<Buffer> => Buffer.from(await db.execProtocolRaw(new Uint8Array(bytes), { throwOnError: false } as never));

  let lastId = 0;
  const server = createServer((socket: Socket) => {
    const client = { id: ++lastId };
    let buffer: Buffer = Buffer.alloc(0);
    let started = false;
    let gone = false;
    let refused = false; // after a refused extended-protocol message, skip to Sync as the protocol asks
    let batch: Buffer[] = [];
    let chain: Promise<unknown> = Promise.resolve();
    let stall: NodeJS.Timeout | undefined;
    const send = (b: Buffer): void => {
      if (!gone) socket.write(b);
    };

    const run = async (bytes: Buffer): Promise<void> => {
      if (gone && owner !== client) return;
      clearTimeout(stall);
      if (!(await acquire(client))) return send(Buffer.concat([error('55P03', 'the embedded database is busy'), idle]));
      let out: Buffer;
      try {
        out = await exec(bytes);
      } catch (e) {
        out = Buffer.concat([error('XX000', String(e)), idle]);
      }
      send(out);
      const status = out.length >= 6 && out[out.length - 6] === 0x5a ? String.fromCharCode(out[out.length - 1] ?? 0) : undefined;
      if (status === 'I') release();
      else stall = setTimeout(() => socket.destroy(), stallMs);
    };
    const queue = (b: Buffer): void => {
      chain = chain.then(() => run(b));
    };

    socket.on('data', (chunk: Buffer) => {
      buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk;
      for (;;) {
        if (!started) {
          if (buffer.length < 8) return;
          const length = buffer.readInt32BE(0);
          const code = buffer.readInt32BE(4);
          if (buffer.length < length) return;
          buffer = buffer.subarray(length);
          if (code === SSL || code === GSS) socket.write('N');
          else if (code === CANCEL) return void socket.end();
          else {
            started = true;
            socket.write(hello(client.id));
          }
          continue;
        }
        if (buffer.length < 5) return;
        const length = buffer.readInt32BE(1) + 1;
        if (buffer.length < length) return;
        const m = Buffer.from(buffer.subarray(0, length));
        buffer = buffer.subarray(length);
        const type = String.fromCharCode(m[0] ?? 0);
        if (type === 'X') return void socket.end();
        if (type === 'd' || type === 'c' || type === 'f') continue; // copy data that follows a refusal
        if (type === 'Q') {
          const refusal = refusesSql(m.toString('utf8', 5, m.length - 1));
          // An error inside a transaction must fail it, so PostgreSQL itself is made to raise it.
          queue(refusal ? message('Q', z(`do $$ begin raise exception using errcode='0A000', message='${refusal}'; end $$`)) : m);
          continue;
        }
        if (type === 'P' && !refused) {
          const refusal = m[5] !== 0 ? 'named prepared statements are not available on the embedded database' : refusesSql(m.toString('utf8', 6));
          if (refusal) {
            refused = true;
            batch = [message('Q', z(`do $$ begin raise exception using errcode='0A000', message='${refusal}'; end $$`))];
          }
        }
        if (refused) {
          if (type === 'S') {
            refused = false;
            queue(Buffer.concat(batch));
            batch = [];
          }
          continue;
        }
        batch.push(m);
        if (type === 'S' || type === 'H') {
          queue(Buffer.concat(batch));
          batch = [];
        }
      }
    });

    const bye = (): void => {
      if (gone) return;
      gone = true;
      clearTimeout(stall);
      chain = chain.then(async () => {
        if (owner !== client) return;
        try {
          await exec(message('Q', z('ROLLBACK')));
        } finally {
          release();
        }
      });
    };
    socket.on('close', bye);
    socket.on('error', bye);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server;
}

function refusesSql(sql: string): string | undefined {
  return /\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(sql) ? 'COPY FROM STDIN is not available on the embedded database' : undefined;
}
