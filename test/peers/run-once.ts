import type { Collector, Table } from '../../src/collectors/collector.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { openSource } from '../../src/sources/open.ts';
import type { Wire } from '../../src/sources/wire.ts';

interface Run {
  readonly artifacts: readonly Artifact[];
  readonly tables: readonly Table[];
  /** Where it left off. */
  readonly after: string | null;
}

/** One run of a collector against a source that somebody made up. */
export async function runOnce(unit: unknown, wire: Wire, given: unknown, at: number, since: number, after: string | null = null): Promise<Run> {
  const collector = unit as Collector;
  const config = collector.config.parse(given);
  const [partition = ''] = collector.partitions(config);
  const its = { config, partition, credentials: { token: 'secret-of-the-tests' }, endpoint: null, root: '/' };
  const { source } = openSource(collector, { ...its, wire, clock: () => at, sleep: async () => undefined });
  const of = { ...its, at, since, after, timezone: 'UTC' };
  const artifacts: Artifact[] = [];
  for await (const artifact of collector.collect(source as never, of)) artifacts.push(artifact);
  return { artifacts, tables: collector.normalize(artifacts, of), after: collector.mark?.(artifacts, of).after ?? null };
}
