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
  const run = (name: string, slot: number, every: number | null = days(1)) =>
    archive.append([madeRun({ body: { collector, name, partition: 'x', slot, every } })]);
  for (const day of [0, 1, 2]) await run('steady', NOW + days(day));
  await run('lossy', NOW);
  await run('lossy', NOW + days(1));
  await run('lossy', NOW + days(4));
  await run('weekly now', NOW);
  await run('weekly now', NOW + days(7), days(7));
  await run('silent', NOW);
  await run('retired', NOW, null);
  at = NOW + days(8);
  await run('lossy', NOW + days(5));
  for (const day of [3, 4, 5, 6, 7]) await run('steady', NOW + days(day));
  const problems = (await archive.verify()).problems.filter(({ code }) => code === 'SLOT' || code === 'SILENT'); // its clock stands still
  expect(problems.map(({ code, index, says }) => [code, index, says.split(' the record before')[0]])).toEqual([
    ['SLOT', 5, 'nothing was sealed of hr/csv lossy x for the slot of 2026-03-12T09:00:00Z:'],
    ['SILENT', 10, 'nothing is sealed of hr/csv lossy x since 2026-03-15T09:00:00Z, and nothing says that it is retired'],
    ['SILENT', 8, 'nothing is sealed of hr/csv silent x since 2026-03-10T09:00:00Z, and nothing says that it is retired'],
  ]);
  await archive.close();
  rmSync(other, { recursive: true });
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
  expect((await workspace.verify()).problems).toEqual([]);
});
