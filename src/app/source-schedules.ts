import { createHash } from 'node:crypto';
import type { Source } from '../configuration/read.ts';
import { duration, hours, type Instant, minutes } from '../core/instant.ts';
import type { Engine } from '../engine/engine.ts';
import type { Run } from '../evidence/record.ts';
import { nextDue } from '../jobs/due.ts';
import { gridSlots, type Schedule } from '../jobs/schedule.ts';
import { type Context, newestRun } from './schedule.ts';
import type { SourceLine } from './views.ts';

const sourceId = (source: Source) => `${source.collector.id}/${source.name}`;
export const collectId = (source: Source, partition: string) => `collect ${sourceId(source)} ${partition}`;

/** When the sources are asked: the one place that says so. Slots follow from the configuration, what was filled from the log. */
export async function sourceSchedules(context: Context): Promise<readonly Schedule[]> {
  const { engine } = await context.cache.sync();
  const schedules: Schedule[] = [];
  for (const { source, partition } of expected(context))
    schedules.push(scheduleOf(source, partition, (await lastOf(context, engine, source, partition))?.body ?? null));
  return schedules;
}

/** Every partition of every source that is asked. */
const expected = ({ configuration }: Pick<Context, 'configuration'>) =>
  configuration.sources.flatMap((source) =>
    source.retired === null ? source.collector.partitions(source.config).map((partition) => ({ source, partition })) : [],
  );

function scheduleOf(source: Source, partition: string, last: Run | null): Schedule {
  const every = duration(source.every);
  const id = collectId(source, partition);
  return {
    id,
    kind: 'collect',
    says: `every ${source.every}`,
    data: { source: sourceId(source), partition },
    priority: every <= hours(1) ? 5 : 0,
    interval: every,
    makesUp: 'newest',
    tells: 'each',
    filled: last?.slot ?? null,
    slots: gridSlots(every, offsetOf(id)),
  };
}

const LAST = new WeakMap<Context['archive'], Map<string, { readonly record: number; readonly body: Run | null }>>();

/** The newest run, and what its record says, which is read once; `null` where none was told. */
async function lastOf({ archive }: Context, engine: Engine, source: Source, partition: string) {
  const run = newestRun(engine, source, partition);
  if (!run) return null;
  const known = LAST.get(archive) ?? new Map<string, { readonly record: number; readonly body: Run | null }>();
  LAST.set(archive, known);
  const id = collectId(source, partition);
  const there = known.get(id);
  if (there?.record === run.record) return { run, body: there.body };
  const { body } = await archive.record(run.record);
  const its = { record: run.record, body: body.kind === 'run' ? body : null };
  known.set(id, its);
  return { run, body: its.body };
}

/** In whole minutes, the same for ever. */
const offsetOf = (id: string): number => minutes(createHash('sha256').update(id).digest().readUInt32BE());

/**
 * Every partition of every source, with its last run, by when it was asked and not by what an export says of itself, and
 * the slot that comes next.
 *
 * @param taken the newest slot of each schedule that anybody has taken
 */
export async function sourceLines(context: Context, taken: ReadonlyMap<string, Instant>): Promise<readonly SourceLine[]> {
  const { engine } = await context.cache.sync();
  const now = context.clock();
  const lineOf = async ({ source, partition }: ReturnType<typeof expected>[number]): Promise<SourceLine> => {
    const last = await lastOf(context, engine, source, partition);
    const schedule = scheduleOf(source, partition, last?.body ?? null);
    const asked = last?.body ? (last.body.outcome === 'skip' ? last.body.slot : last.body.startedAt) : 0;
    return {
      collector: source.collector.id,
      name: source.name,
      partition,
      every: source.every,
      last: last && { at: asked, complete: last.run.complete, reason: last.run.reason, record: last.run.record },
      nextAt: nextDue(schedule, taken.get(schedule.id) ?? null, now),
    };
  };
  return Promise.all(expected(context).map(lineOf));
}
