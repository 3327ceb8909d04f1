import { ConfigurationError, IncompleteError } from '../core/error.ts';
import type { Duration } from '../core/instant.ts';

export interface PostAnswer {
  readonly status: number;
  /** Without its parameters, lower case. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** Sends one body, and answers with what came back. Throws `IncompleteError` where no whole answer came. */
export type Post = (url: string, contentType: string, body: Uint8Array) => Promise<PostAnswer>;

/** Witnesses and time-stamping authorities answer in a few kilobytes. */
const LIMIT = 256 * 1024;

/** Over the network. A redirect is an answer and is not followed: the configuration names whom we ask. */
export function fetchPost({ timeout = 20_000, limit = LIMIT }: { readonly timeout?: Duration; readonly limit?: number } = {}): Post {
  return async (url, contentType, body) => {
    if (!/^https?:\/\//.test(url)) throw new ConfigurationError(`${url}: expected an address with http:// or https://.`);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: new Uint8Array(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      return { status: response.status, contentType: mediaType(response), body: await whole(response, url, limit) };
    } catch (cause) {
      if (cause instanceof IncompleteError) throw cause;
      throw new IncompleteError(`${url}: ${reason(cause, timeout)}`, cause);
    }
  };
}

const mediaType = ({ headers }: Response): string => (headers.get('content-type') ?? '').replace(/;.*$/, '').trim().toLowerCase();

async function whole({ body }: Response, url: string, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) throw new IncompleteError(`${url}: the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reason(cause: unknown, timeout: Duration): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  return cause.cause instanceof Error ? cause.cause.message || ('code' in cause.cause ? String(cause.cause.code) : cause.message) : cause.message;
}
