import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initialize } from '../src/app/initialize.ts';
import { openWorkspace } from '../src/app/open.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours, instant } from '../src/core/instant.ts';

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
