/** One request as it goes out. `url` is absolute; the body of a cloud API call is a form. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** One answer as it came in. Header names in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The only way to the world. Throws where there was no whole answer: a reset, a time-out, a body shorter than announced. */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;

/** Each kind of request by its own way: commands of git, handshakes of TLS, everything else over HTTP. */
export function worldWire(ways: Readonly<Record<string, Wire>>, otherwise: Wire): Wire {
  return (request) => (ways[request.method] ?? otherwise)(request);
}

/** Over the network. Redirects are answers like any other and are not followed. */
export function fetchWire({ timeout = 60_000 }: { readonly timeout?: number } = {}): Wire {
  return async ({ method, url, headers, body }) => {
    const response = await fetch(url, {
      method,
      headers,
      body: body === null ? null : new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes };
  };
}
