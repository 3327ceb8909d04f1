import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { acmeWire, hrExport } from '../src/acme/wire.ts';
import { makeWorld } from '../src/acme/world.ts';
import type { Collector } from '../src/collectors/collector.ts';
import { collectorTester, type Recorded } from './collector-tester.ts';

/** The made-up company on a day of its own, and a workspace with its files. */
export const world = makeWorld(Date.parse('2026-11-24T00:00:00Z'));
export const at = world.ago(30, 2);
export const root = mkdtempSync(join(tmpdir(), 'collectors-'));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, 'workers.csv'), hrExport(world, at));

export const recorded = (collector: unknown, config: unknown, partition: string): Recorded => ({
  config: (collector as Collector).config.parse(config),
  partition,
  credentials: { token: 'secret-of-the-tests', accessKeyId: 'secret-of-the-tests', secretAccessKey: 'secret-of-the-tests' },
  wire: acmeWire(world, () => at),
  at,
  root,
});

/** Holds a collector to the laws and to its own cases, on what the made-up company answers. */
export const tested = (collector: unknown, config: unknown, partition: string, cases: Parameters<typeof collectorTester>[2]) =>
  collectorTester(collector as Collector, recorded(collector, config, partition), cases);
