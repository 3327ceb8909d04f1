import type { Artifact, Exchange, HttpSource, Options, Request } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import { nextLink } from '../core/link.ts';
import { Asker, type World } from './asker.ts';
import { traded } from './exchange.ts';

export interface HttpOptions extends World {
  /** Host names it may ask. */
  readonly hosts: readonly string[];
  /** Base address: `https://api.github.com`. Paths are below it, and so is every next page. */
  readonly base: string;
  /** Sent with every request; never kept. Made of the credentials, which may have to be traded for others first. */
  readonly headers: (credentials: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
  readonly exchange: Exchange | null;
}

/** HTTPS GET and nothing else, to the declared hosts and no others. Plain HTTP only where an endpoint on this machine stands in. */
export function httpSource({ hosts, base, headers, credentials, exchange, ...world }: HttpOptions): HttpSource & { questions: Asker['questions'] } {
  const asker = new Asker(world, Object.values(credentials));
  const current = exchange === null ? async () => credentials : traded(asker, world.clock, { ...exchange, url: resolve(exchange.url) }, credentials);

  return {
    questions: () => asker.questions(),

    async get(name, url, options) {
      const artifact = await page(name, 1, resolve(url), options);
      if (next(artifact) !== null) throw asker.incomplete(name, artifact.request, 'has more pages than the one that was asked for');
      asker.ended(name);
      return artifact;
    },

    async *pages(name, url, options) {
      const seen = new Set<string>();
      for (let [number, address] = [1, resolve(url)]; ; number++) {
        if (seen.has(address)) throw asker.incomplete(name, shown(address), 'named a page as the next one that it had given before');
        seen.add(address);
        const artifact = await page(name, number, address, options);
        yield artifact;
        const following = next(artifact);
        if (following === null) break;
        address = resolve(following);
      }
      asker.ended(name);
    },

    async *walk(name, url, following, options) {
      const seen = new Set<string>();
      for (let [number, address] = [1, resolve(url)]; ; number++) {
        if (seen.has(address)) throw asker.incomplete(name, shown(address), 'named a page as the next one that it had given before');
        seen.add(address);
        const artifact = await page(name, number, address, options);
        yield artifact;
        const after = following(artifact);
        const linked = next(artifact);
        if (linked !== null && (after === null || resolve(linked) !== resolve(after)))
          throw asker.incomplete(name, artifact.request, 'names another next page in its header than in its body');
        if (after === null) break;
        address = resolve(after);
      }
      asker.ended(name);
    },

    async query(name, url, document, variables, forgiven = []) {
      if (!/^\s*query\b/.test(document) || /\b(mutation|subscription)\b/.test(document))
        throw new IncompleteError(`"${name}" is no GraphQL query, and nothing else is asked`);
      const body = JSON.stringify({ query: document, variables });
      const address = resolve(url);
      const sent = {
        method: 'POST',
        url: address,
        headers: { ...headers(await current()), 'content-type': 'application/json' },
        body: new TextEncoder().encode(body),
      };
      const artifact = await asker.ask(name, 1, sent, { method: 'POST', url: address, body });
      if (next(artifact) !== null) throw asker.incomplete(name, artifact.request, 'names a next page in its header, where GraphQL has none');
      const { data, errors = [] } = JSON.parse(new TextDecoder().decode(artifact.body)) as {
        readonly data?: unknown;
        readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
      };
      const failed = errors.find(({ type }) => type === undefined || !forgiven.includes(type));
      if (failed) throw asker.incomplete(name, artifact.request, `answered with an error: ${failed.type ?? ''} ${failed.message ?? ''}`);
      if (data === null || data === undefined) throw asker.incomplete(name, artifact.request, 'answered without data');
      asker.ended(name);
      return artifact;
    },

    async *poll(name, url, options) {
      const seen = new Set<string>();
      for (let [number, address] = [1, resolve(url)]; ; number++) {
        if (seen.has(address))
          throw asker.incomplete(name, shown(address), 'named a page as the next one that it had given before, and that one was not empty');
        seen.add(address);
        const artifact = await page(name, number, address, options);
        yield artifact;
        const following = next(artifact);
        if (following === null) throw asker.incomplete(name, artifact.request, 'names no next page, so that nobody could go on from here');
        resolve(following);
        if (isEmpty(artifact)) break;
        address = resolve(following);
      }
      asker.ended(name);
    },
  };

  async function page(name: string, number: number, address: string, options?: Options): Promise<Artifact> {
    return asker.ask(name, number, { method: 'GET', url: address, headers: headers(await current()), body: null }, shown(address), options);
  }

  function resolve(url: string): string {
    const root = new URL(base);
    const address = /^https?:/.test(url) ? new URL(url) : new URL(`${root.pathname.replace(/\/$/, '')}${url}`, root);
    const ours = address.host === root.host && address.protocol === root.protocol;
    const declared = address.protocol === 'https:' && hosts.includes(address.host);
    if (!ours && !declared)
      throw new IncompleteError(`${address.host} is not among the hosts that the collector declares (${hosts.join(', ')}): the answer points somewhere else`);
    return address.href;
  }
}

const shown = (url: string): Request => ({ method: 'GET', url, body: null });

const next = ({ headers }: Artifact): string | null => nextLink(headers.link);

const isEmpty = ({ body }: Artifact): boolean => {
  const list: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  return Array.isArray(list) && list.length === 0;
};
