import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, hours, type Instant, instant, iso, minutes } from '../core/instant.ts';
import { initialize } from './initialize.ts';
import { monthBefore } from './months.ts';
import type { JobEvent, JobHooks, PublishedReport, RunningWorker } from './job-views.ts';
import { openWorkspace } from './open.ts';
import type { Workspace } from './views.ts';

const dir = mkdtempSync(join(tmpdir(), 'app-jobs-'));
const PEOPLE = 'collect hr/csv/people company';
const START = instant('2026-03-28T09:00:00Z');
let now: Instant = START;
let workspace: Workspace;
let worker: RunningWorker | null = null;
const events: JobEvent[] = [];
const reports: PublishedReport[] = [];

beforeAll(async () => {
  initialize(dir, { company: 'Acme', timezone: 'Europe/Berlin', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  const sources = `sources:
  - { collector: hr/csv, name: people, config: { path: workers.csv } }
  - { collector: slack/users, name: chat, config: { team: T0ACME }, credentials: { token: env:SLACK } }`;
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', sources));
  writeFileSync(
    join(dir, 'workers.csv'),
    '# generated 2026-03-27T06:00:00Z\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-01,,UTC\n',
  );
  mkdirSync(join(dir, 'controls'), { recursive: true });
  const occurs = 'occurs:\n  - { duty: Somebody joins, dataset: hr.workers, where: { workerId: W-1 }, at: startAt, cadence: monthly }';
  writeFileSync(join(dir, 'controls/RM-02.md'), `---\nid: RM-02\n${occurs}\n---\n`);
  workspace = await openWorkspace({ dir, clock: () => now, env: {} });
});
afterAll(async () => {
  await worker?.stop(0);
  await workspace.close();
  rmSync(dir, { recursive: true });
});

const work = async (hooks: JobHooks = {}) => {
  worker = await workspace.jobs().work({
    tell: (event) => void events.push(event),
    hooks: { reported: async (report) => void reports.push(report), ...hooks },
    look: 200,
    tolerance: Number.MAX_SAFE_INTEGER,
    patience: { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 0 },
  });
};
const rest = async () => {
  await worker?.stop(5000);
  worker = null;
};

async function until<Result>(find: () => Promise<Result | null | undefined>): Promise<Result> {
  for (const end = Date.now() + 60_000; ; ) {
    const found = await find();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`it did not come to pass: ${JSON.stringify(events.slice(-5))}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
const slotOf = (schedule: string, state: string, from = 0) =>
  until(async () => (await workspace.jobs().slots({ schedule, limit: 50 })).find((row) => row.state === state && row.slot >= from));
const reasons = async () => (await workspace.records(null, 50)).map(({ outcome, reason }) => [outcome, reason] as const);

it('asks a new source at once, under the slot of its schedule', async () => {
  await work();
  const { slot, note } = await slotOf(PEOPLE, 'done');
  await rest();
  const index = Number(/record (\d+)$/.exec(note ?? '')?.[1]);
  const { body } = (await workspace.record(index)).record;
  expect(body).toMatchObject({ kind: 'run', outcome: 'success', slot, startedAt: now });
  expect([slot % minutes(1), slot <= now, now - slot < days(1)]).toEqual([0, true, true]);
});

it('has a record of a slot that failed before anything could be asked: a silence would be worse', async () => {
  await work();
  const { slot, attempt } = await slotOf('collect slack/users/chat T0ACME', 'failed');
  await rest();
  expect(attempt).toBe(3);
  const because = 'the environment variable SLACK is not set (slack/users/chat, credential token). Set it, or refer to a file with file:PATH';
  const told = (await reasons()).filter(([outcome]) => outcome === 'skip');
  expect(told).toHaveLength(1);
  expect(told[0]?.[1]).toContain(`Nothing is known of the slot of ${iso(slot)}: tickmark.yaml`);
  expect(told[0]?.[1]).toContain(because);
  const [trouble] = await workspace.jobs().troubles();
  expect(trouble).toMatchObject({ kind: 'job', what: 'collect slack/users/chat T0ACME' });
});

it('records slots that passed while no worker was there, with the reason, and makes up the newest', async () => {
  const [{ slot: before = 0 } = {}] = await workspace.jobs().slots({ schedule: PEOPLE, limit: 1 });
  now += days(3);
  await work();
  const { slot } = await slotOf(PEOPLE, 'done', before + 1);
  await rest();
  expect(slot).toBe(before + days(3));
  const rows = (await workspace.jobs().slots({ schedule: PEOPLE, limit: 4 })).map(({ slot: its, state }) => [its, state]);
  expect(rows).toEqual([
    [before + days(3), 'done'],
    [before + days(2), 'skipped'],
    [before + days(1), 'skipped'],
    [before, 'done'],
  ]);
  const told = (await reasons()).filter(([outcome, reason]) => outcome === 'skip' && reason?.includes('no worker was there'));
  expect(told.map(([, reason]) => reason)).toContain(
    `Nothing was asked in the slot of ${iso(before + days(1))}: no worker was there, or each was at the slot before it.`,
  );
  expect((await workspace.verify()).problems).toEqual([]);
});

it('makes the report of the month that has ended, and keeps it in the log under its digest, once', async () => {
  now = instant('2026-03-31T22:00:30Z'); // April in Berlin
  await work();
  const { slot } = await slotOf('report access-review', 'done');
  await rest();
  expect([iso(slot), monthBefore(slot, 'Europe/Berlin')]).toEqual(['2026-03-31T22:00:00Z', '2026-03']);
  const [report] = reports;
  expect(reports).toHaveLength(1);
  const { subject, bytes } = await workspace.artifact(report?.record ?? -1, report?.artifact ?? '');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(report?.sha256);
  expect([subject.name, Buffer.from(bytes).toString().includes('Maria Lopez')]).toEqual(['access-review-2026-03.html', false]);
  const { body } = (await workspace.record(report?.record ?? -1)).record;
  expect(body).toMatchObject({ kind: 'act', act: 'report-publish', by: 'tickmark', target: 'reports/access-review-2026-03.html' });
  expect(body.kind === 'act' && body.says).toEqual({ report: 'access-review', month: '2026-03', sha256: report?.sha256 });
});

it('is steered by people, and each act of theirs is a record', async () => {
  const jobs = workspace.jobs();
  const by = 'ada@acme.example';
  await jobs.pause(PEOPLE, { by, because: 'HR moves to another system' });
  await expect(jobs.pause(PEOPLE, { by, because: 'again' })).rejects.toThrow(`"${PEOPLE}" is paused already, or no worker has planned it yet.`);
  now += days(1);
  await work();
  const skipped = await until(async () => (await jobs.slots({ schedule: PEOPLE, limit: 9 })).find(({ note }) => note?.startsWith('paused by')));
  expect([skipped.state, skipped.note]).toEqual(['skipped', `paused by ${by}: HR moves to another system`]);
  await jobs.resume(PEOPLE, by);
  await jobs.retry(PEOPLE, skipped.slot, by);
  const again = await slotOf(PEOPLE, 'done', skipped.slot);
  const asked = await jobs.run('watch', by);
  const ran = await until(async () => (await jobs.slots({ schedule: 'watch', limit: 50 })).find((row) => row.slot === asked && row.state === 'done'));
  await rest();
  expect([again.slot, again.byHand, ran.byHand]).toEqual([skipped.slot, by, by]);
  await expect(jobs.run('nothing', by)).rejects.toThrow('no schedule is called "nothing". "tickmark jobs" lists them: "collect hr/csv/people company"');
  await expect(jobs.retry(PEOPLE, again.slot, by)).rejects.toThrow('the slot is done: only one that failed or was skipped is tried again.');
  const acts = (await workspace.records(null, 50)).flatMap(({ title }) => (title.startsWith(`${by}: `) ? [title.replace(`${by}: `, '')] : []));
  expect(acts.toReversed()).toEqual([`job-pause jobs/${PEOPLE}`, `job-resume jobs/${PEOPLE}`, `job-retry jobs/${PEOPLE}`, 'job-run jobs/watch']);
  expect((await workspace.verify()).problems).toEqual([]);
});

it('notes a duty that nothing shows to have been done, a day after it was due', async () => {
  const due = instant('2026-04-30T22:00:00Z');
  now = due + days(1) + hours(1);
  await work();
  const { note, slot } = await until(async () =>
    (await workspace.jobs().slots({ schedule: 'occurrence RM-02', state: 'done', limit: 9 })).find((row) => row.slot === due + days(1)),
  );
  await rest();
  expect([note, iso(slot)]).toEqual(['Somebody joins: unknown', '2026-05-01T22:00:00Z']);
  const acts = (await workspace.records(null, 500)).filter(({ title }) => title === 'tickmark: occurrence-unknown controls/RM-02');
  const { body } = (await workspace.record(acts[0]?.index ?? -1)).record;
  expect(body.kind === 'act' && body.says).toMatchObject({ what: 'Somebody joins', due: iso(due) });
});

it('answers whether it can do its work', async () => {
  await work();
  await until(async () => ((await workspace.jobs().view()).workers.some(({ alive }) => alive) ? true : null));
  const { ready, checks } = await workspace.health();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(ready).toBe(true);
  await rest();
  expect((await workspace.health()).checks.filter(({ ok }) => !ok)).toEqual([
    { what: 'worker', ok: false, says: 'no worker is alive: nothing that is due is done' },
  ]);
});

it('keeps what was run through a disposal, which makes the embedded database anew, and goes on', async () => {
  const before = await workspace.jobs().slots({ schedule: PEOPLE, limit: 100 });
  await work();
  await until(async () => ((await workspace.jobs().view()).workers.some(({ alive }) => alive) ? true : null));
  const { left } = await workspace.dispose({ records: [1], early: true, reason: 'asked for by the person', approver: 'ada@acme.example' });
  expect(left).toEqual([]);
  expect(await workspace.jobs().slots({ schedule: PEOPLE, limit: 100 })).toEqual(before);
  now += days(1);
  await slotOf(PEOPLE, 'done', (before[0]?.slot ?? 0) + 1);
  await rest();
  expect((await workspace.verify()).problems).toEqual([]);
});
