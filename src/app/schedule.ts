import { fedBy } from '../collectors/collector.ts';
import { startOfDay } from '../core/calendar.ts';
import type { Configuration, Source } from '../configuration/read.ts';
import { duration, type Instant } from '../core/instant.ts';
import type { Engine } from '../engine/engine.ts';
import { type Look, streamId } from '../engine/facts.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Wire } from '../sources/wire.ts';
import type { Turns } from '../store/turns.ts';
import type { Cache } from './cache.ts';
import { type Order, retired } from './run.ts';
import type { Credentials } from './credentials.ts';

/** The folder of a workspace that holds its log, its keys and its database. */
export const STATE = '.tickmark';
/** A file in it where the workspace is that of the made-up company. */
export const DEMO = 'demo.json';

/** What an opened workspace works with. */
export interface Context {
  readonly dir: string;
  readonly configuration: Configuration;
  readonly archive: Archive;
  readonly cache: Cache;
  /** So that no source is asked by two processes at once. */
  readonly turns: Turns;
  readonly clock: () => Instant;
  readonly wire: Wire;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly credentials: Credentials;
  /** The made-up company, where this is its workspace. */
  readonly demo: { readonly wire: Wire; readonly credentials: Readonly<Record<string, string>>; readonly prepare: (at: Instant) => void } | null;
}

export function orderOf(
  { configuration, demo }: Context,
  { collector, name, config, endpoint, every, retention }: Source,
  partition: string,
  slot: Instant,
): Order {
  const { timezone, period } = configuration.file;
  const since = startOfDay(period.from, timezone);
  return { collector, name, partition, config, endpoint, slot, every: duration(every), retention, after: null, since, timezone, demo: demo !== null };
}

/** The run of the newest record about a partition; of complete ones only, where asked. */
export function newestRun(engine: Engine, { collector, name, config }: Source, partition: string, complete = false): Look | undefined {
  const feed = fedBy(collector, config).find((dataset) => engine.facts.reads(dataset.id));
  const runs = feed ? engine.facts.runs(feed, streamId(`${collector.id}/${name}`, partition)) : [];
  let newest: Look | undefined;
  for (const run of runs) if ((run.complete || !complete) && run.record > (newest?.record ?? -1)) newest = run;
  return newest;
}

/** A source that the configuration has retired has one last record that says so: from then on its silence is no gap. */
export async function sealRetired(context: Context): Promise<void> {
  const now = context.clock();
  const { engine } = await context.cache.sync();
  for (const source of context.configuration.sources) {
    if (source.retired === null) continue;
    const slot = startOfDay(source.retired, context.configuration.file.timezone);
    for (const partition of source.collector.partitions(source.config)) {
      const run = newestRun(engine, source, partition);
      const body = run ? (await context.archive.record(run.record)).body : null;
      if (body?.kind === 'run' && body.every !== null) await context.archive.append([retired(orderOf(context, source, partition, slot), now)]);
    }
  }
}
