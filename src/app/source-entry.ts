import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { type Collector, fedBy } from '../collectors/collector.ts';
import { collectors } from '../collectors/index.ts';
import { KEPT, type Source } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import { duration, NEVER } from '../core/instant.ts';
import { meant } from '../core/near.ts';
import { refusalOfHost, type Guarded } from './guarded-wire.ts';

/** A source as somebody fills it in. */
export interface Filled {
  readonly collector: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly endpoint: string | null;
  /** `null`: as often as is usual. */
  readonly every: string | null;
  /** Typed in: they replace what is kept. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The vendor's own chain, as whoever runs the server has set it up. */
  readonly chain: boolean;
}

/** What is wrong in a form, by the path of its field: `config.org`. */
export interface Wrong {
  readonly name: string;
  readonly says: string;
}

export interface Checked {
  readonly collector: Collector;
  /** By the collector's schema, with what is usual. */
  readonly config: unknown;
}

/** Everything that can be said of it before anything is asked. `was` is the source that it changes. */
export async function checked(filled: Filled, was: Source | null, guarded: Guarded): Promise<Checked | { readonly wrong: readonly Wrong[] }> {
  const collector = collectorOf(filled.collector);
  const read = collector.config.safeParse(filled.config);
  const wrong = [
    ...(read.success ? [] : read.error.issues.flatMap((issue) => wrongOf(issue, collector.config))),
    ...wrongName(filled.name),
    ...wrongEvery(filled, collector, read.success ? read.data : null),
    ...wrongCredentials(filled, collector, was),
    ...wrongPaths(filled, collector),
  ];
  if (wrong.length > 0 || !read.success) return { wrong };
  const hosts = await wrongHosts(filled, collector, read.data, guarded);
  return hosts.length > 0 ? { wrong: hosts } : { collector, config: read.data };
}

/** Throws `ConfigurationError` for an unknown collector. */
export function collectorOf(id: string): Collector {
  const its = collectors.find((collector) => collector.id === id);
  if (!its)
    throw new ConfigurationError(
      `no collector is called ${id}${meant(
        id,
        collectors.map((it) => it.id),
      )}.`,
    );
  return its;
}

/** Where it would be asked. What is kept for one place is not sent to another. */
export const placesOf = (collector: Collector, config: unknown, endpoint: string | null): string =>
  JSON.stringify([endpoint, endpoint === null ? [...collector.hosts(config)].sort() : [], collector.endpoints?.(config) ?? []]);

function wrongOf(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Wrong[] {
  const path = ['config', ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ name: `${path}.${key}`, says: `there is no such setting${meant(key, keysOf(schema))}` }));
  return [{ name: path, says: issue.message.replace(/^Invalid input: /, '') }];
}

const keysOf = (schema: z.ZodType): readonly string[] => {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { readonly properties?: Readonly<Record<string, unknown>> };
  return Object.keys(properties);
};

const wrongName = (name: string): readonly Wrong[] =>
  /^[a-z0-9][a-z0-9-]{0,62}$/.test(name) ? [] : [{ name: 'name', says: 'expected lower-case letters, digits and hyphens, like main' }];

function wrongEvery({ every }: Filled, collector: Collector, config: unknown): readonly Wrong[] {
  if (every === null) return [];
  if (!/^[1-9]\d{0,4}[mhdw]$/.test(every)) return [{ name: 'every', says: 'expected a duration: 30m, 12h, 1d' }];
  const strict = config === null ? [] : fedBy(collector, config).filter(({ freshness }) => freshness !== NEVER && duration(every) * 1.5 > freshness);
  const [first] = strict;
  return first
    ? [
        {
          name: 'every',
          says: `too seldom: the word of a source about ${first.id} counts for ${first.freshness / 3_600_000} hours. Write ${Math.floor(first.freshness / 1.5 / 3_600_000)}h or less`,
        },
      ]
    : [];
}

function wrongCredentials({ credentials, chain, config, endpoint }: Filled, collector: Collector, was: Source | null): readonly Wrong[] {
  const needed = Object.keys(collector.credentials);
  const strange = Object.keys(credentials).filter((name) => !needed.includes(name));
  if (strange.length > 0) return strange.map((name) => ({ name: `credentials.${name}`, says: 'the collector needs no such credential' }));
  if (chain) return collector.transport === 'aws' ? [] : [{ name: 'chain', says: 'only AWS has a chain of credentials of its own' }];
  const read = collector.config.safeParse(config);
  const moved = was !== null && read.success && placesOf(collector, read.data, endpoint) !== placesOf(collector, was.config, was.endpoint);
  const there = was === null || was.credentials === 'default' ? [] : Object.keys(was.credentials);
  return needed.flatMap((name) => {
    const typed = credentials[name] ?? '';
    if (typed !== '') return /[\r\n\0]/.test(typed) && !typed.includes('-----BEGIN') ? [{ name: `credentials.${name}`, says: 'expected one line' }] : [];
    if (moved) return [{ name: `credentials.${name}`, says: 'type it in again: it is now to be sent to another place than before' }];
    return there.includes(name) ? [] : [{ name: `credentials.${name}`, says: `it is needed: ${collector.credentials[name] ?? ''}` }];
  });
}

/** Words that a file or a folder stands under in a configuration. */
const PATHS = ['path', 'repository'];

/** Whoever fills in a form reads no file of the machine: only what was laid into the workspace, and nothing of its state. */
function wrongPaths({ config }: Filled, { transport }: Collector): readonly Wrong[] {
  if (transport !== 'file' && transport !== 'git') return [];
  return PATHS.flatMap((name) => {
    const path = config[name];
    if (typeof path !== 'string') return [];
    const plain = normalize(path).replaceAll('\\', '/');
    const isWithin = !isAbsolute(path) && !plain.startsWith('..') && !plain.split('/').some((part) => part.startsWith('.') && part !== '.');
    return isWithin
      ? []
      : [{ name: `config.${name}`, says: 'expected a path below the folder of the workspace. Whoever runs the server can name any other in tickmark.yaml' }];
  });
}

async function wrongHosts({ endpoint }: Filled, collector: Collector, config: unknown, guarded: Guarded): Promise<readonly Wrong[]> {
  if (endpoint !== null) {
    if (!/^https?:\/\/[^\s?#@]+$/.test(endpoint) || !URL.canParse(endpoint))
      return [{ name: 'endpoint', says: 'expected an address, like https://github.acme.example' }];
    const says = await refusalOfHost(new URL(endpoint).hostname, guarded);
    return says === null ? [] : [{ name: 'endpoint', says }];
  }
  const { transport } = collector;
  const hosts = transport === 'tls' ? collector.hosts(config) : transport === 'http' ? collector.hosts(config).map(hostIn) : [];
  for (const host of hosts) {
    const says = await refusalOfHost(host, guarded);
    if (says !== null) return [{ name: 'config', says }];
  }
  return [];
}

/** `host:port`, or a host alone; of IPv6 what stands in brackets. */
const hostIn = (text: string): string => (URL.canParse(`https://${text}`) ? new URL(`https://${text}`).hostname : text);

/** The references to write: what was typed is kept by Tickmark, what stood there stays. */
export function referencesOf({ credentials, chain }: Filled, collector: Collector, was: Source | null): 'default' | Readonly<Record<string, string>> {
  if (chain) return 'default';
  const there = was === null || was.credentials === 'default' ? {} : was.credentials;
  return Object.fromEntries(
    Object.keys(collector.credentials).flatMap((name) =>
      (credentials[name] ?? '') !== '' ? [[name, KEPT]] : there[name] === undefined ? [] : [[name, there[name]]],
    ),
  );
}
