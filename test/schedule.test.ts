import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initialize } from '../src/app/initialize.ts';
import { openWorkspace } from '../src/app/open.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours, instant, minutes } from '../src/core/instant.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { quickly } from './jobs/quick.ts';
import { madeRun } from './run-draft.ts';

const NOW = instant('2026-03-10T09:00:00Z');
const dir = mkdtempSync(join(tmpdir(), 'schedule-'));
let clock = NOW;
let workspace: Workspace;

beforeAll(async () => {
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', 'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }'));
  // Nobody has made a new export for a week.
  writeFileSync(
    join(dir, 'workers.csv'),
    '# generated 2026-03-03T06:00:00Z\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-01,,UTC\n',
  );
  workspace = await openWorkspace({ dir, clock: () => clock });
});
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true });
});
const outcomes = async () => (await workspace.records(null, 20)).map(({ outcome }) => outcome);
const slots = () => workspace.jobs().slots({ schedule: 'collect hr/csv/people company', limit: 9 });

/** Lets a worker work until something has come to pass. */
async function worked(find: () => Promise<object | undefined>): Promise<void> {
  const worker = await workspace.jobs().work({ ...quickly, tell: () => undefined });
  for (const end = Date.now() + 60_000; !(await find()); ) {
    if (Date.now() > end) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 50));
  }
  await worker.stop(5000);
}

it('says when a source is asked next by the slots of its schedule, whoever asked it last and when', async () => {
  const next = async () => (await workspace.sources()).map(({ nextAt }) => nextAt);
  const first = (await next())[0] ?? 0;
  expect([first % minutes(1), first <= NOW, NOW - first < days(1)]).toEqual([0, true, true]); // never asked: the newest slot is due
  await workspace.collect();
  expect(await next()).toEqual([first + days(1)]); // no slot is known yet, and the log tells that it was asked
  clock = first + days(1) - 1;
  expect(await next()).toEqual([first + days(1)]);
  clock = first + days(4) + hours(1);
  expect(await next()).toEqual([first + days(4)]); // of those that were missed the newest is made up
});

it('has a record of every slot that passed while nobody asked, then asks, and a run by hand moves no slot', async () => {
  const [due = 0] = (await workspace.sources()).map(({ nextAt }) => nextAt ?? 0);
  await worked(async () => (await slots()).find(({ slot, state }) => slot === due && state === 'done'));
  expect((await slots()).map(({ slot, state }) => [slot, state])).toEqual([
    [due, 'done'],
    [due - days(1), 'skipped'],
    [due - days(2), 'skipped'],
    [due - days(3), 'skipped'],
  ]);
  expect((await outcomes()).filter((outcome) => outcome !== 'act')).toEqual(['success', 'skip', 'skip', 'skip', 'success', 'configuration']);
  const told = async () => [
    (await workspace.sources()).map(({ nextAt }) => nextAt),
    (await workspace.jobs().view()).schedules.flatMap(({ kind, next }) => (kind === 'collect' ? [next] : [])),
  ];
  expect(await told()).toEqual([[due + days(1)], [due + days(1)]]);
  clock += hours(2);
  await workspace.collect();
  expect((await workspace.sources()).map(({ last }) => last?.at)).toEqual([clock]);
  expect(await told()).toEqual([[due + days(1)], [due + days(1)]]);
  clock = due + days(1) + minutes(5);
  expect((await workspace.sources()).map(({ nextAt }) => nextAt)).toEqual([due + days(1)]); // due, and no worker is there
  expect((await workspace.verify()).problems).toEqual([]);
});

it('names the slots that a missing schedule left without a record, and a source that fell silent', async () => {
  const other = mkdtempSync(join(tmpdir(), 'silence-'));
  let at = NOW;
  const archive = await openArchive({ dir: other, clock: () => at, origin: 'acme.example/silence' });
  const collector = { id: 'hr/csv', version: 1, sourceDigest: '00' };
  const run = (name: string, every: number | null = days(1)) => archive.append([madeRun({ body: { collector, name, partition: 'x', slot: at, every } })]);
  const asked: Readonly<Record<string, readonly number[]>> = {
    steady: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    lossy: [0, 1, 4, 5],
    weekly: [0, 7],
    silent: [0],
    retired: [0],
  };
  for (let day = 0; day <= 8; day++) {
    at = NOW + days(day);
    if (day === 6) await archive.append([{ demo: true, body: { kind: 'configuration', at }, subjects: [] }]);
    for (const [name, its] of Object.entries(asked)) {
      const every = name === 'retired' ? null : days(day === 7 && name === 'weekly' ? 7 : 1);
      if (its.includes(day)) await run(name, every);
    }
  }
  const { problems, remarks } = await archive.verify();
  expect(problems.map(({ code, says }) => [code, says.split(' the record before')[0]])).toEqual([
    ['SLOT', 'nothing was sealed of hr/csv lossy x for the slot of 2026-03-12T09:00:00Z:'],
    ['SILENT', 'nothing is sealed of hr/csv lossy x since 2026-03-15T09:00:00Z, and nothing says that it is retired'],
    ['SILENT', 'nothing is sealed of hr/csv silent x since 2026-03-10T09:00:00Z, and nothing says that it is retired'],
  ]);
  expect(remarks).toEqual([expect.stringContaining('The schedule of hr/csv weekly x was changed')]);
  await archive.close();
  rmSync(other, { recursive: true });
});

it('takes up a schedule that was changed while nobody was there: verifying says so, and calls nothing a silence', async () => {
  const yaml = join(dir, 'tickmark.yaml');
  for (const [was, is] of [
    ['name: people,', 'name: people, every: 6h,'],
    ['name: people, every: 6h,', 'name: people,'],
  ] as const) {
    await workspace.close();
    clock += days(2);
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace(was, is));
    workspace = await openWorkspace({ dir, clock: () => clock });
    const [due = 0] = (await workspace.sources()).map(({ nextAt }) => nextAt ?? 0);
    await worked(async () => (await slots()).find(({ slot, state }) => slot === due && state === 'done'));
  }
  const { problems, remarks } = await workspace.verify();
  expect(problems).toEqual([]);
  expect(remarks).toEqual([
    expect.stringContaining('it was asked every day before, and is asked every 6 hours from then on'),
    expect.stringContaining('it was asked every 6 hours before, and is asked every day from then on'),
  ]);
});

it('seals one last record of a source that is retired, and its silence is no gap from then on', async () => {
  await workspace.close();
  const yaml = join(dir, 'tickmark.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('name: people,', 'name: people, retired: { at: 2026-03-14, because: moved to another system },'));
  workspace = await openWorkspace({ dir, clock: () => clock });
  clock += days(30);
  for (const _ of [1, 2]) {
    const begun = clock;
    clock += hours(1);
    await worked(async () => (await workspace.jobs().slots({ schedule: 'upkeep', limit: 1 })).find(({ slot, state }) => slot > begun && state === 'done'));
  }
  expect(await workspace.sources()).toEqual([]);
  const told = (await workspace.records(null, 20)).flatMap(({ outcome, reason }) => (outcome === 'act' ? [] : [[outcome, reason ?? ''] as const]));
  expect(told.slice(0, 3).map(([outcome]) => outcome)).toEqual(['skip', 'configuration', 'success']);
  expect(told[0]?.[1]).toContain('has retired the source');
  const { problems, remarks } = await workspace.verify();
  expect([problems, remarks.at(-1)]).toEqual([[], expect.stringContaining('and is not asked any more from then on')]);
});
