import { randomUUID } from 'node:crypto';
import type { Instant } from '../core/instant.ts';
import type { Again, SlotRow, TimetableRow } from '../store/roster.ts';
import { decide, nextDue, type OpenSlot } from './due.ts';
import type { Schedule } from './schedule.ts';
import type { WorkerMeans } from './means.ts';

type Planning = Pick<WorkerMeans, 'roster' | 'queue' | 'schedules' | 'skipped' | 'failed' | 'tell'>;

/**
 * Takes what is due now: each slot for the queue, or as skipped. Any number of processes may do so at once: of two that
 * take a slot, the roster lets one.
 */
export async function plan(means: Planning, now: Instant): Promise<void> {
  const { roster } = means;
  const schedules = await means.schedules();
  const timetable = new Map((await roster.timetable()).map((row) => [row.schedule, row]));
  const newest = new Map(await roster.newest());
  await announce(means, schedules, { timetable, newest, now });
  await handInAgain(means, schedules, now);
  const open = await roster.open();
  await finishSkipping(means, schedules, open);
  const busy = await roster.busy();
  for (const schedule of schedules) {
    if (busy.has(schedule.id)) continue; // a job would wait, and keep its worker from others
    const its = open.filter((row) => row.schedule === schedule.id);
    const paused = timetable.get(schedule.id)?.paused ?? null;
    const decision = decide(schedule, {
      newest: newest.get(schedule.id) ?? null,
      open: its.map(({ slot, state, byHand }) => ({ slot, state: state as OpenSlot['state'], byHand: byHand !== null })),
      paused: paused && `paused by ${paused.by}: ${paused.because}`,
      now,
    });
    if (decision.giveUp && !(await giveUp(means, schedule, decision.giveUp, now))) continue; // it runs by now
    const last = decision.queue ?? decision.skip.at(-1)?.slot;
    if (last !== undefined) newest.set(schedule.id, last);
    if (decision.skip.length > 0) {
      const { id, kind } = schedule;
      const taken = await roster.skip(
        decision.skip.map(({ slot, firstSlot, because }) => ({ schedule: id, kind, slot, firstSlot, note: because })),
        now,
      );
      for (const row of taken) await recordSkipped(means, schedule, row);
    }
    // What another process took as skipped is recorded before a newer slot can be: the log tells of slots in their order.
    if (decision.queue !== null) await finishSkipping(means, [schedule], await roster.open());
    if (decision.queue !== null) await enqueue(means, schedule, { slot: decision.queue, byHand: null, now });
  }
  await announce(means, schedules, { timetable: new Map((await roster.timetable()).map((row) => [row.schedule, row])), newest, now });
}

/** Hands a slot to the queue. Resolves to whether nobody had taken it before. */
export function enqueue(
  { roster, queue }: Pick<Planning, 'roster' | 'queue'>,
  { id, kind, data, priority }: Pick<Schedule, 'id' | 'kind' | 'data' | 'priority'>,
  { slot, byHand, now, again }: { readonly slot: Instant; readonly byHand: string | null; readonly now: Instant; readonly again?: Again },
): Promise<boolean> {
  const job = randomUUID();
  return roster.queue({ schedule: id, slot, kind, byHand, job, now, ...(again ? { again } : {}) }, (execute) =>
    queue.send(execute, { job, kind, schedule: id, slot, data, priority: byHand === null ? priority : priority + 100 }),
  );
}

/** So often the timetable is told again where nothing in it has changed. */
const TELL = 20_000;

interface Known {
  readonly timetable: ReadonlyMap<string, TimetableRow>;
  readonly newest: ReadonlyMap<string, Instant>;
  readonly now: Instant;
}

/** Tells what is planned, and which slot of each comes next. */
async function announce({ roster }: Planning, schedules: readonly Schedule[], { timetable, newest, now }: Known): Promise<void> {
  const rows = schedules.map((schedule) => {
    const { id, kind, says, interval } = schedule;
    return { schedule: id, kind, says, interval, next: nextDue(schedule, newest.get(id) ?? null, now) };
  });
  const fresh = rows.filter(({ schedule, next, says }) => {
    const row = timetable.get(schedule);
    return !row || row.next !== next || row.says !== says || Math.abs(now - row.plannedAt) >= TELL;
  });
  if (fresh.length > 0) await roster.announce(fresh, now);
}

/** A slot whose job the queue has lost would wait for ever: with the database of a backup there are such. */
async function handInAgain(means: Planning, schedules: readonly Schedule[], now: Instant): Promise<void> {
  for (const { schedule: id, slot, byHand } of await means.roster.lost()) {
    const schedule = schedules.find((its) => its.id === id);
    if (schedule) await enqueue(means, schedule, { slot, byHand, now, again: 'lost' });
  }
}

/** What another process took as skipped and did not live to record. */
async function finishSkipping(means: Planning, schedules: readonly Schedule[], open: readonly SlotRow[]): Promise<void> {
  for (const row of open) {
    const schedule = row.state === 'skipping' ? schedules.find(({ id }) => id === row.schedule) : undefined;
    if (schedule) await recordSkipped(means, schedule, row);
  }
}

async function recordSkipped({ roster, skipped, tell }: Planning, schedule: Schedule, row: SlotRow): Promise<void> {
  await skipped(schedule, row);
  await roster.skipped(row);
  tell({ what: 'skipped', schedule: row.schedule, slot: row.slot, firstSlot: row.firstSlot, note: row.note ?? '' });
}

/** Resolves to whether it still waited. */
async function giveUp(
  means: Planning,
  schedule: Schedule,
  { slot, tried, because }: { readonly slot: Instant; readonly tried: boolean; readonly because: string },
  now: Instant,
): Promise<boolean> {
  const { roster, queue } = means;
  const row = { schedule: schedule.id, slot };
  const tries = tried ? await roster.slot(schedule.id, slot) : null;
  if (tries) await means.failed({ ...tries, note: because });
  const job = await roster.giveUp(row, tried ? 'failed' : 'skipping', because, now);
  if (job === null) return false;
  await queue.cancel(schedule.kind, job);
  const given = tried ? null : await roster.slot(schedule.id, slot);
  if (given) await recordSkipped(means, schedule, given);
  return true;
}
