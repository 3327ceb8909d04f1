/** A name that is safe in a header and on every disk. */
export const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '-').slice(0, 150);

const attached = (name: string, type: string): Record<string, string> => ({
  'content-type': type,
  'content-disposition': `attachment; filename="${fileName(name)}"`,
  'cache-control': 'private, no-store',
});

export const csvReply = (name: string, text: string): Response => new Response(text, { headers: attached(name, 'text/csv; charset=utf-8') });

/** What a source said is never shown by a browser as if it were ours. */
export const bytesReply = (name: string, bytes: Uint8Array, type = 'application/octet-stream'): Response =>
  new Response(new Uint8Array(bytes), { headers: attached(name, type) });

/** A file that comes piece by piece, no faster than it is taken. @param ended called once, when all of it was taken, or nobody takes it any more */
export function streamReply(
  name: string,
  type: string,
  pieces: AsyncIterable<Uint8Array | string>,
  ended: () => Promise<void> = async () => undefined,
): Response {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
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
  return new Response(stream, { headers: attached(name, type) });
}
