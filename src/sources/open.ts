import type { Collector } from '../collectors/collector.ts';
import type { Question, Transports } from '../collectors/source.ts';
import { ConfigurationError } from '../core/error.ts';
import type { World } from './asker.ts';
import { awsSource } from './aws.ts';
import { fileSource } from './file.ts';
import { gitSource } from './git.ts';
import { httpSource } from './http.ts';
import { tlsSource } from './tls.ts';

export interface OpenOptions extends World {
  readonly config: unknown;
  readonly partition: string;
  /** Resolved values by name, or the vendor's own chain. */
  readonly credentials: Readonly<Record<string, string>> | 'default';
  readonly endpoint: string | null;
  /** Folder of the workspace. */
  readonly root: string;
}

/** The transport that a collector asks through. */
export function openSource(collector: Collector, options: OpenOptions): { readonly source: Transports[keyof Transports]; questions(): readonly Question[] } {
  const { config, partition, credentials, endpoint, root, ...world } = options;
  if (collector.transport === 'file') return opened(fileSource({ ...world, root }));
  if (collector.transport === 'git') return opened(gitSource({ ...world, root, path: collector.repository?.(config) ?? '.' }));
  if (collector.transport === 'tls') return opened(tlsSource({ ...world, allowed: collector.endpoints?.(config) ?? [] }));
  if (collector.transport === 'aws') {
    return opened(awsSource({ ...world, operations: collector.operations, endpoint, credentials, role: collector.role?.(config, partition) ?? null }));
  }
  if (credentials === 'default')
    throw new ConfigurationError(
      `${collector.id} has no credentials of its own to default to. Name them: credentials: { ${Object.keys(collector.credentials)
        .map((name) => `${name}: env:VARIABLE`)
        .join(', ')} }.`,
    );
  const hosts = collector.hosts(config);
  const base = endpoint ?? `https://${hosts[0] ?? ''}`;
  const exchange = collector.exchange?.(credentials, config) ?? null;
  return opened(
    httpSource({
      ...world,
      hosts: endpoint === null ? hosts : [],
      base,
      headers: (its) => ({ ...collector.headers?.(its) }),
      credentials,
      // Whoever stands in for the source stands in for the place where credentials are traded too.
      exchange: exchange === null || endpoint === null ? exchange : { ...exchange, url: new URL(exchange.url).pathname },
    }),
  );
}

const opened = <Source extends Transports[keyof Transports] & { questions(): readonly Question[] }>(source: Source) => ({
  source,
  questions: () => source.questions(),
});
