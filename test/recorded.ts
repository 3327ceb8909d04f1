import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acmeWire, hrExport } from '../src/acme/wire.ts';
import { makeWorld } from '../src/acme/world.ts';
import type { Collector } from '../src/collectors/collector.ts';
import { openSource } from '../src/sources/open.ts';
import { collectorTester, type Recorded } from './collector-tester.ts';

/** The made-up company on a day of its own, and a workspace with its files. */
export const world = makeWorld(Date.parse('2026-11-24T00:00:00Z'));
export const at = world.ago(30, 2);
export const root = mkdtempSync(join(tmpdir(), 'collectors-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true })); // several files of tests share it
writeFileSync(join(root, 'workers.csv'), hrExport(world, at));

export const recorded = (collector: unknown, config: unknown, partition: string, then = at): Recorded => ({
  config: (collector as Collector).config.parse(config),
  partition,
  credentials: { token: 'secret-of-the-tests', accessKeyId: 'secret-of-the-tests', secretAccessKey: 'secret-of-the-tests' },
  wire: acmeWire(world, () => then),
  at: then,
  root,
});

/** Holds a collector to the laws and to its own cases, on what the made-up company answers. */
export const tested = (collector: unknown, config: unknown, partition: string, cases: Parameters<typeof collectorTester>[2], then = at) =>
  collectorTester(collector as Collector, recorded(collector, config, partition, then), cases);

/** One run of a collector: its rows by dataset, where it leaves off, and the time of which its first table tells all. */
export async function collectOnce(unit: unknown, its: Recorded) {
  const collector = unit as Collector;
  const { source } = openSource(collector, { ...its, endpoint: null, clock: () => its.at, sleep: async () => undefined });
  const of = {
    config: its.config,
    partition: its.partition,
    at: its.at,
    after: its.after ?? null,
    since: its.since ?? its.at - 90 * 86_400_000,
    timezone: 'UTC',
  };
  const artifacts = await Array.fromAsync(collector.collect(source as never, of));
  const tables = collector.normalize(artifacts, of);
  const rows = (dataset: string): readonly unknown[] => tables.find((it) => it.dataset.id === dataset)?.rows ?? [];
  return { artifacts, tables, rows, mark: collector.mark?.(artifacts, of), polled: tables[0]?.polled, witness: collector.witness?.(artifacts, of) };
}

/** The only entry of a list. */
export function one<Entry>(list: readonly Entry[] | undefined): Entry {
  const [first, ...rest] = list ?? [];
  if (first === undefined || rest.length > 0) throw new RangeError(`${list?.length ?? 0} entries, not one`);
  return first;
}
