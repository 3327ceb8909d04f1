import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initialize } from '../src/app/initialize.ts';
import { openWorkspace } from '../src/app/open.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours, instant } from '../src/core/instant.ts';
import { openArchive } from '../src/evidence/directory.ts';
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

it('asks a stale export when it is due, not at every turn', async () => {
  expect(await workspace.collectDue()).toHaveLength(1);
  clock += hours(1);
  expect(await workspace.collectDue()).toEqual([]);
  expect(await outcomes()).toEqual(['success', 'configuration']);
});

it('has a record of every slot that passed while nobody asked, then asks', async () => {
  clock = NOW + days(4) + hours(1);
  expect(await workspace.collectDue()).toHaveLength(1);
  expect(await outcomes()).toEqual(['success', 'skip', 'skip', 'skip', 'success', 'configuration']);
  const [, newest] = await workspace.records(null, 20);
  expect(newest?.reason).toContain('2026-03-13T09:00:00');
  expect(await workspace.collectDue()).toEqual([]);
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
  const { problems } = await archive.verify();
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
  expect(await workspace.collectDue()).toEqual([]);
  expect(await workspace.collectDue()).toEqual([]);
  expect((await outcomes()).slice(0, 3)).toEqual(['skip', 'configuration', 'success']);
  const [last] = await workspace.records(null, 20);
  expect(last?.reason).toContain('has retired the source');
  expect((await workspace.verify()).problems).toEqual([]);
});
