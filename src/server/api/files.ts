/** A name that is safe in a header and on every disk. */
export const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '-').slice(0, 150);

const attached = (name: string, type: string): Record<string, string> => ({
  'content-type': type,
  'content-disposition': `attachment; filename="${fileName(name)}"`,
  'cache-control': 'private, no-store',
});

/** What a source said is never shown by a browser as if it were ours. */
export const bytesReply = (name: string, bytes: Uint8Array, type = 'application/octet-stream'): Response =>
  new Response(new Uint8Array(bytes), { headers: attached(name, type) });

interface Streaming {
  /** Called once, when all of it was taken, or nobody takes it any more. */
  readonly ended?: () => Promise<void>;
  /** Beside those of a file to save, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file that comes piece by piece, no faster than it is taken. */
export function streamReply(
  name: string,
  type: string,
  pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>,
  { ended = async () => undefined, headers = {} }: Streaming = {},
): Response {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (!done) {
          controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
          return;
        }
      } catch (error) {
        controller.error(error);
        await ended();
        return;
      }
      controller.close();
      await ended();
    },
    async cancel() {
      await iterator.return?.();
      await ended();
    },
  });
  return new Response(stream, { headers: { ...attached(name, type), ...headers } });
}
