import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hours, type Instant, seconds } from '../core/instant.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { dump, restoreDump } from '../store/dump.ts';
import { type Roster, openRoster } from '../store/roster.ts';
import { turnsIn } from '../store/turns.ts';
import { enqueue } from './plan.ts';
import { openQueue } from './queue.ts';
import { gridSlots, listedSlots, type Schedule } from './schedule.ts';
import type { Handlers, Job, JobEvent, Outcome } from './means.ts';
import { type RunningWorker, startWorker } from './worker.ts';

const dir = mkdtempSync(join(tmpdir(), 'jobs-'));
let database: Database;
let roster: Roster;
beforeAll(async () => {
  database = await openDatabase({ dir });
  roster = await openRoster(() => database);
});
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  await database.query('truncate jobs.slots, jobs.timetable, jobs.workers, jobs.asking');
});

const schedule = (its: Partial<Schedule>): Schedule => ({
  id: 'collect a b',
  kind: 'collect',
  says: 'as often as the test wants',
  data: { name: 'a' },
  priority: 0,
  interval: seconds(1),
  makesUp: 'newest',
  tells: 'each',
  filled: null,
  slots: gridSlots(seconds(1), 0),
  ...its,
});

interface Lab {
  readonly worker: RunningWorker;
  readonly ran: Job[];
  readonly events: JobEvent[];
  readonly skipped: Instant[];
  readonly failed: string[];
  /** How many looks there were at once, at most. */
  readonly atOnce: () => number;
}

const never = async (): Promise<Outcome> => Promise.reject(new Error('not of this test'));

async function lab(schedules: readonly Schedule[], act: (job: Job) => Promise<Outcome>, clock: () => Instant = Date.now, looking = 0): Promise<Lab> {
  const [ran, events, skipped, failed] = [[] as Job[], [] as JobEvent[], [] as Instant[], [] as string[]];
  let [looks, atOnce] = [0, 0];
  const queue = await openQueue(() => database, {
    works: true,
    patience: { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 1 },
    failed: ({ message }) => void events.push({ what: 'problem', note: message }),
  });
  const all: Handlers = { collect: never, report: never, send: never, occurrence: never, watch: never, attend: never, upkeep: never };
  const handler = async (job: Job) => {
    ran.push(job);
    return act(job);
  };
  const worker = await startWorker({
    roster,
    queue,
    schedules: async () => {
      atOnce = Math.max(atOnce, ++looks);
      await new Promise((done) => setTimeout(done, looking));
      looks--;
      return schedules;
    },
    handlers: { ...all, collect: handler, upkeep: handler, watch: handler },
    skipped: async (_, { slot }) => void skipped.push(slot),
    failed: async ({ schedule: id, note }) => void failed.push(`${id}: ${note}`),
    clock,
    version: '0',
    tell: (event) => void events.push(event),
    look: 250,
  });
  return { worker, ran, events, skipped, failed, atOnce: () => atOnce };
}

async function until(holds: () => boolean | Promise<boolean>, patience = 20_000): Promise<void> {
  for (const end = Date.now() + patience; !(await holds()); ) {
    if (Date.now() > end) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 50));
  }
}

const states = async (id: string) => (await roster.slots({ schedule: id, limit: 1000 })).map(({ state }) => state);

it('runs each slot once between two workers, and records the others as skipped', async () => {
  const act = async ({ slot }: Job): Promise<Outcome> => {
    await new Promise((done) => setTimeout(done, slot % 3000 === 0 ? 1500 : 50));
    return { note: 'fine' };
  };
  const labs = [await lab([schedule({})], act), await lab([schedule({})], act)];
  const ran = () => labs.flatMap((its) => its.ran.map(({ slot }) => slot));
  await until(() => ran().length >= 5);
  await Promise.all(labs.map(({ worker }) => worker.stop(5000)));

  expect(new Set(ran()).size).toBe(ran().length);
  const rows = (await roster.slots({ limit: 1000 })).toReversed();
  expect(rows.map(({ slot }) => slot)).toEqual(rows.map((_, place) => (rows[0]?.slot ?? 0) + place * 1000)); // no slot is missing
  expect(rows.filter(({ state }) => state === 'done').map(({ slot }) => slot)).toEqual(ran().sort((a, b) => a - b));
  // Two may record the same, which is sealed once.
  const told = [...new Set(labs.flatMap((its) => its.skipped))].sort((a, b) => a - b);
  expect(rows.filter(({ state }) => state === 'skipped').map(({ slot }) => slot)).toEqual(told);
  expect(rows.filter(({ state }) => state !== 'done' && state !== 'skipped')).toEqual([]);
  expect(labs.flatMap(({ events }) => events.filter(({ what }) => what === 'problem'))).toEqual([]);
});

it('tries again what fails, and gives it up at last: the dead letter is told once', async () => {
  const one = schedule({ id: 'upkeep', kind: 'upkeep', slots: listedSlots([Date.now() - 1000]) });
  const { worker, ran, failed, events } = await lab([one], async () => ({ note: 'the vendor answers 500', again: true }));
  await until(async () => (await states('upkeep'))[0] === 'failed');
  await worker.stop(1000);
  expect(ran.map(({ attempt }) => attempt)).toEqual([0, 1]);
  expect(failed).toEqual(['upkeep: the vendor answers 500']);
  expect(events.flatMap((event) => (event.what === 'ended' ? [event.state] : []))).toEqual(['retry', 'failed']);

  const queue = await openQueue(() => database, { works: false, failed: () => undefined });
  const [row] = await roster.slots({ schedule: 'upkeep', limit: 1 });
  expect(await enqueue({ roster, queue }, one, { slot: row?.slot ?? 0, byHand: 'ada@acme.example', now: Date.now(), again: 'ended' })).toBe(true);
  await queue.close();
  const second = await lab([one], async ({ byHand }) => ({ note: `asked for by ${byHand}` }));
  await until(async () => (await states('upkeep'))[0] === 'done');
  await second.worker.stop(1000);
  expect((await roster.slots({ schedule: 'upkeep', limit: 2 })).map(({ note, byHand }) => [note, byHand])).toEqual([
    ['asked for by ada@acme.example', 'ada@acme.example'],
  ]);
});

it('begins nothing of a schedule while a process is at the thing itself by hand', async () => {
  const turns = turnsIn(() => database);
  expect(await turns.take('collect a b', 'a command', 60_000)).toBe(null);
  const { worker, ran, skipped } = await lab([schedule({}), schedule({ id: 'upkeep', kind: 'upkeep' })], async () => ({ note: 'fine' }));
  await until(() => ran.length >= 2);
  expect(new Set(ran.map(({ kind }) => kind))).toEqual(new Set(['upkeep']));
  await turns.give('collect a b', 'a command');
  await until(() => ran.some(({ kind }) => kind === 'collect'));
  await worker.stop(1000);
  expect(skipped.every((slot) => slot < (ran.find(({ kind }) => kind === 'collect')?.slot ?? 0))).toBe(true);
});

it('gives up at once what is hopeless', async () => {
  const one = schedule({ id: 'upkeep', kind: 'upkeep', slots: listedSlots([Date.now() - 1000]) });
  const { worker, ran, failed } = await lab([one], async () => ({ note: 'the channel refuses', again: true, hopeless: true }));
  await until(async () => (await states('upkeep'))[0] === 'failed');
  await new Promise((done) => setTimeout(done, 2500)); // the queue would have tried again
  await worker.stop(1000);
  expect([ran.length, failed]).toEqual([1, ['upkeep: the channel refuses']]);
});

it('tells the job what came of the slot before it', async () => {
  const now = Date.now();
  const watch = schedule({ id: 'watch', kind: 'watch', makesUp: 'each', filled: now - 3000, slots: listedSlots([now - 2000, now - 1000]) });
  const { worker, ran } = await lab([watch], async ({ slot }) => ({ note: 'looked', result: { slot } }));
  await until(async () => (await states('watch')).filter((state) => state === 'done').length === 2);
  await worker.stop(1000);
  expect(ran.map(({ before }) => before)).toEqual([null, { slot: now - 2000 }]);
});

it('hands back what does not end in time when it is stopped, and another worker ends it', async () => {
  const one = schedule({ slots: listedSlots([Date.now() - 1000]) });
  const hangs = await lab([one], () => new Promise(() => undefined));
  await until(() => hangs.ran.length === 1);
  await hangs.worker.stop(100);
  expect(await states('collect a b')).toEqual(['queued']);
  const other = await lab([one], async () => ({ note: 'fine' }));
  await until(async () => (await states('collect a b'))[0] === 'done');
  await other.worker.stop(1000);
  expect(other.ran).toHaveLength(1);
  expect((await roster.workers()).map(({ stoppedAt }) => stoppedAt !== null)).toEqual([true, true]);
});

it('looks once at a time, however long that takes, and ends when it is asked to', async () => {
  const { worker, atOnce } = await lab([], never, Date.now, 1000);
  await new Promise((done) => setTimeout(done, 3000)); // twelve looks would have begun
  const asked = Date.now();
  await worker.stop(100);
  expect(Date.now() - asked).toBeLessThan(4000);
  expect(atOnce()).toBe(1);
});

it('runs nothing where the clock of its machine has jumped, says so, and goes on when it is right again', async () => {
  let jump = hours(24);
  const { worker, ran, events } = await lab(
    [schedule({})],
    async () => ({ note: 'fine' }),
    () => Date.now() + jump,
  );
  await until(async () => (await roster.workers()).some(({ skew }) => skew > hours(23)));
  await new Promise((done) => setTimeout(done, 1500));
  expect([ran.length, (await roster.slots({ limit: 9 })).length]).toEqual([0, 0]);
  jump = 0;
  await until(() => ran.length > 0);
  jump = -hours(24);
  await until(() => events.some(({ what }) => what === 'clock'));
  await worker.stop(1000);
  expect(events.filter(({ what }) => what === 'clock')).toEqual([
    { what: 'clock', note: "this machine's clock is 86400 seconds behind the database's: nothing is run here until they agree" },
  ]);
});

it('goes on in the database of a backup: what waited there is handed in again', async () => {
  const other = mkdtempSync(join(tmpdir(), 'jobs-restored-'));
  const one = schedule({ slots: listedSlots([Date.now() - 1000]) });
  const queue = await openQueue(() => database, { works: false, failed: () => undefined });
  await enqueue({ roster, queue }, one, { slot: one.slots(0, Date.now(), 1)[0] ?? 0, byHand: null, now: Date.now() });
  await queue.close();
  const kept = await dump(database);
  const [before, first] = [database, roster];
  database = await openDatabase({ dir: other });
  roster = await openRoster(() => database);
  try {
    expect(await restoreDump(database, kept)).toBeGreaterThan(0);
    expect(await states('collect a b')).toEqual(['queued']);
    const { worker, ran } = await lab([one], async () => ({ note: 'fine' }));
    await until(async () => (await states('collect a b'))[0] === 'done');
    await worker.stop(1000);
    expect(ran).toHaveLength(1);
    await expect(restoreDump(database, kept)).rejects.toThrow('the table jobs.slots is not empty: a backup is restored into a new database alone');
  } finally {
    await database.close();
    [database, roster] = [before, first];
    rmSync(other, { recursive: true });
  }
});

it('belongs to its newest attempt: an earlier one that wakes up late neither ends it nor takes it back, and nobody ends it twice', async () => {
  const job = '7d9b1c1e-6a0f-4f0e-9c57-0d1f5a2b3c4d';
  const its = { schedule: 'collect a b', slot: 1000, job };
  const [late, newest] = [
    { ...its, attempt: 0 },
    { ...its, attempt: 1 },
  ];
  const said = { note: null, result: null };
  expect(await roster.queue({ ...its, kind: 'collect', byHand: null, now: 1000 }, async () => undefined)).toBe(true);
  expect(await roster.queue({ ...its, kind: 'collect', byHand: null, now: 1001 }, async () => undefined)).toBe(false);
  expect((await roster.start(late, 'one', 1000))?.worker).toBe('one');
  expect((await roster.start(newest, 'two', 2000))?.worker).toBe('two');
  expect(await roster.end(late, 'failed', said, 3000)).toBe(false);
  expect(await roster.start(late, 'one', 3000)).toBe(null);
  expect(await roster.end({ ...newest, job: job.replace('7', '8') }, 'failed', said, 3000)).toBe(false);
  expect(await roster.end(newest, 'done', said, 4000)).toBe(true);
  expect(await roster.end(newest, 'failed', said, 5000)).toBe(false);
  expect(await roster.start({ ...its, attempt: 2 }, 'three', 6000)).toBe(null);
  expect(await roster.slot('collect a b', 1000)).toMatchObject({ state: 'done', worker: 'two', finishedAt: 4000 });
});
