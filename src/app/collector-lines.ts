import { z } from 'zod';
import { collectors } from '../collectors/index.ts';
import type { Configuration } from '../configuration/read.ts';
import type { Json } from '../core/canonical.ts';
import type { CatalogView } from './catalogue.ts';
import { type LeastPrivilege, leastPrivilege } from './permissions.ts';

/** A collector, as somebody chooses one to connect. */
export interface CollectorLine extends LeastPrivilege {
  readonly id: string;
  readonly title: string;
  readonly transport: string;
  /** How often it is asked unless said otherwise. */
  readonly every: string;
  /** Datasets that it can tell of. */
  readonly feeds: readonly string[];
  /** Checks that read one of them, the controls that those examine, and the criteria of these. */
  readonly checks: readonly string[];
  readonly controls: readonly string[];
  readonly criteria: readonly string[];
  /** JSON Schema of its configuration. */
  readonly schema: Json;
  /** Where it asks unless an endpoint stands in; empty where the configuration says. */
  readonly hosts: readonly string[];
  /** Sources of it that are configured and asked: `main`. */
  readonly connected: readonly string[];
}

/** Every collector there is, those that answer the most criteria first. */
export function collectorLines(
  { checks, controls }: Pick<CatalogView, 'checks' | 'controls'>,
  { sources }: Pick<Configuration, 'sources'>,
): readonly CollectorLine[] {
  const lines = collectors.map((collector): CollectorLine => {
    const { id, title, transport, every, feeds, config } = collector;
    const its = checks.filter(({ reads }) => reads.some((read) => read.collectors.includes(id)));
    const examined = controls.filter((control) => its.some((check) => check.controls.includes(control.id)));
    return {
      ...leastPrivilege(id),
      id,
      title,
      transport,
      every,
      feeds: feeds.map((dataset) => dataset.id),
      checks: its.map((check) => check.id),
      controls: examined.map((control) => control.id),
      criteria: [...new Set(examined.flatMap((control) => control.criteria))].sort(),
      schema: schemaOf(config),
      hosts: hostsOf(() => collector.hosts({})),
      connected: sources.filter((source) => source.collector.id === id && source.retired === null).map(({ name }) => name),
    };
  });
  return lines.toSorted((a, b) => b.criteria.length - a.criteria.length || (a.id < b.id ? -1 : 1));
}

const schemaOf = (config: z.ZodType): Json => z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as Json;

/** Of a collector whose host is part of its configuration nothing is known before that is filled in. */
function hostsOf(ask: () => readonly string[]): readonly string[] {
  try {
    return ask().filter((host) => typeof host === 'string' && host !== '' && !host.includes('undefined'));
  } catch {
    return [];
  }
}
