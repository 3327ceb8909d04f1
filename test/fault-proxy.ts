import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What a network and a busy provider do to a request. */
export type Fault =
  /** Answered with this status, and never passed on. */
  | { readonly refuse: number }
  /** Passed on, and answered with this status all the same. */
  | { readonly deny: number }
  /** The connection is cut before it is passed on, or after it was and before the reply. */
  | 'cut'
  | 'lose-reply';

export interface FaultProxy {
  readonly endpoint: string;
  /** Lets requests that fit meet a fault, the first `times` of them. */
  inject(fits: (method: string, path: string) => boolean, fault: Fault, times?: number): void;
  heal(): void;
  /** How many requests have met a fault since it was healed last. */
  met(): number;
  stop(): void;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadDigest',
  403: 'AccessDenied',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  500: 'InternalError',
  503: 'SlowDown',
};

/** Stands in front of a provider of S3. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  let rules: { readonly fits: (method: string, path: string) => boolean; readonly fault: Fault; left: number }[] = [];
  let met = 0;

  const take = (method: string, path: string): Fault | null => {
    const rule = rules.find(({ fits, left }) => left > 0 && fits(method, path));
    if (!rule) return null;
    rule.left--;
    met++;
    return rule.fault;
  };

  const server = createServer((asked, answer) => {
    void body(asked).then((bytes) => {
      const fault = take(asked.method ?? '', decodeURIComponent(asked.url ?? ''));
      if (fault === 'cut') return void asked.socket.destroy();
      if (typeof fault === 'object' && fault !== null && 'refuse' in fault) return refuse(answer, fault.refuse);
      const onward = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (reply) => {
        void body(reply).then((said) => {
          if (fault === 'lose-reply') return void asked.socket.destroy();
          if (typeof fault === 'object' && fault !== null && 'deny' in fault) return refuse(answer, fault.deny);
          answer.writeHead(reply.statusCode ?? 500, reply.headers).end(said);
          return undefined;
        });
      });
      onward.on('error', () => asked.socket.destroy());
      onward.end(bytes);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    inject(fits, fault, times = Number.POSITIVE_INFINITY) {
      rules.push({ fits, fault, left: times });
    },
    heal() {
      [rules, met] = [[], 0];
    },
    met: () => met,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function refuse(answer: ServerResponse, status: number): void {
  const reason = REASONS[status] ?? 'Error';
  answer.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${reason}</Code><Message>${reason}</Message></Error>`);
}

function body(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.once('end', () => resolve(Buffer.concat(chunks)));
    stream.once('error', reject);
  });
}
