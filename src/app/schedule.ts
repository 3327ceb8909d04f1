import { fedBy } from '../collectors/collector.ts';
import { startOfDay } from '../core/calendar.ts';
import type { Configuration, Source } from '../configuration/read.ts';
import { duration, type Instant } from '../core/instant.ts';
import type { Engine } from '../engine/engine.ts';
import { type Look, streamId } from '../engine/facts.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Wire } from '../sources/wire.ts';
import type { Cache } from './cache.ts';
import { type Order, retired, skipped } from './run.ts';
import type { SourceLine } from './views.ts';

/** The folder of a workspace that holds its log, its keys and its database. */
export const STATE = '.tickmark';

/** What an opened workspace works with. */
export interface Context {
  readonly dir: string;
  readonly configuration: Configuration;
  readonly archive: Archive;
  readonly cache: Cache;
  readonly clock: () => Instant;
  readonly wire: Wire;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
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

/** Every partition of every source, with its last run and when the next is due: by when it was asked, not by what an export says of itself. */
export async function sourceLines({ configuration, cache, archive }: Context): Promise<readonly SourceLine[]> {
  const { engine } = await cache.sync();
  const lines: SourceLine[] = [];
  for (const source of configuration.sources) {
    const { collector, name, config, every, retired } = source;
    for (const partition of retired !== null ? [] : collector.partitions(config)) {
      const run = newestRun(engine, source, partition);
      const body = run ? (await archive.record(run.record)).body : null;
      const asked = body?.kind === 'run' ? (body.outcome === 'skip' ? body.slot : body.startedAt) : 0;
      const last = run ? { at: asked, complete: run.complete, reason: run.reason, record: run.record } : null;
      lines.push({ collector: collector.id, name, partition, every, last, nextAt: asked === 0 ? 0 : asked + duration(every) });
    }
  }
  return lines;
}

/** The run of the newest record about a partition; of complete ones only, where asked. */
export function newestRun(engine: Engine, { collector, name, config }: Source, partition: string, complete = false): Look | undefined {
  const feed = fedBy(collector, config).find((dataset) => engine.facts.reads(dataset.id));
  const runs = feed ? engine.facts.runs(feed, streamId(`${collector.id}/${name}`, partition)) : [];
  return runs
    .filter((run) => run.complete || !complete)
    .toSorted((a, b) => a.record - b.record)
    .at(-1);
}

/** At most this many missed slots of one partition are told one by one: after a year away the newest are enough. */
const MISSED = 400;

/** Slots of the schedule that passed without a run, each with a record that says so. */
export async function sealMissed(context: Context, lines: readonly SourceLine[]): Promise<void> {
  const now = context.clock();
  const missed = lines.flatMap(({ collector, name, partition, every, last }) => {
    const source = context.configuration.sources.find((it) => it.collector.id === collector && it.name === name);
    const step = duration(every);
    const slots = last === null ? 0 : Math.floor((now - last.at) / step) - 1;
    if (!source || last === null || slots < 1) return [];
    const told = Math.min(slots, MISSED);
    return Array.from({ length: told }, (_, place) => skipped(orderOf(context, source, partition, last.at + (slots - told + place + 1) * step), now));
  });
  if (missed.length > 0) await context.archive.append(missed);
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
