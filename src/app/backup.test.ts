import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, hours, instant } from '../core/instant.ts';
import { openDatabase } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import { migrateTo } from '../store/migrate.ts';
import { initialize } from './initialize.ts';
import { openWorkspace } from './open.ts';
import { restore } from './restore.ts';
import type { Workspace } from './views.ts';

const root = mkdtempSync(join(tmpdir(), 'backup-'));
const dir = join(root, 'acme');
const out = join(root, 'acme.backup');
let now = instant('2026-03-10T09:00:00Z');
let workspace: Workspace;
const ANN = { id: 'u-ann', name: 'ann@acme.example' };
const open = (where = dir) => openWorkspace({ dir: where, clock: () => now, env: {} });

beforeAll(async () => {
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', 'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }'));
  writeFileSync(
    join(dir, 'workers.csv'),
    '# generated 2026-03-09T06:00:00Z\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-01,,UTC\n',
  );
  workspace = await open();
  await workspace.collect();
  now += days(1);
  await workspace.collect();
  await workspace.savedViews.save(ANN, { page: '/log', name: 'Acts', search: 'filter=outcome%3Dact' });
});
afterAll(async () => {
  await workspace.close();
  rmSync(root, { recursive: true });
});

it('is made while the workspace is open, for its owner alone, and never over another file', async () => {
  const done = await workspace.backup(out);
  expect([done.checkpoint.size, done.bucket, statSync(out).mode & 0o777]).toEqual([3, null, 0o600]);
  await expect(workspace.backup(out)).rejects.toThrow(/acme\.backup cannot be written: EEXIST.* A backup never replaces a file\./);
});

it('is restored into an empty machine: the same posture, a log that verifies, and that goes on', async () => {
  const other = join(root, 'elsewhere');
  const said = await restore(other, out, {});
  expect([said.checkpoint.size, said.shared]).toEqual([3, false]);
  const there = await open(other);
  try {
    expect(JSON.stringify(await there.posture())).toBe(JSON.stringify(await workspace.posture()));
    expect(await there.savedViews.list(ANN, null)).toEqual(await workspace.savedViews.list(ANN, null));
    expect((await there.savedViews.list(ANN, null)).map(({ name }) => name)).toEqual(['Acts']);
    expect((await there.artifact(1, (await there.record(1)).record.subjects[0]?.name ?? '')).bytes).toEqual(
      (await workspace.artifact(1, (await workspace.record(1)).record.subjects[0]?.name ?? '')).bytes,
    );
    now += hours(1);
    expect((await there.collect()).map(({ record, complete }) => [record, complete])).toEqual([[3, true]]);
    expect((await there.verify()).problems).toEqual([]);
  } finally {
    await there.close();
  }
});

it('refuses to fork: a log that was published further than what was restored is not continued', async () => {
  await workspace.collect(); // the original goes on
  const other = join(root, 'older');
  await restore(other, out, {});
  for (const part of ['checkpoint', 'checkpoints', 'tile', 'statements'])
    cpSync(join(dir, '.tickmark/log', part), join(other, '.tickmark/log', part), { recursive: true, force: true });
  for (const part of ['packs', 'keys/payloads']) cpSync(join(dir, '.tickmark', part), join(other, '.tickmark', part), { recursive: true, force: true });
  await expect(
    (async () => {
      const there = await open(other);
      try {
        await there.collect();
      } finally {
        await there.close();
      }
    })(),
  ).rejects.toMatchObject({ code: 'ROLLBACK' });
});

it('is refused where something is there, and where a byte of it was changed', async () => {
  await expect(restore(dir, out, {})).rejects.toThrow(/acme is not empty: a backup is restored into a new folder/);
  await expect(restore(join(root, 'x'), join(root, 'none'), {})).rejects.toThrow(/there is no file .*none\.$/);
  const bytes = readFileSync(out);
  const at = bytes.indexOf('maria@acme.example');
  bytes[at] = 0x4d;
  writeFileSync(join(root, 'changed'), bytes);
  await expect(restore(join(root, 'x'), join(root, 'changed'), {})).rejects.toThrow('workers.csv in ');
  writeFileSync(join(root, 'cut'), readFileSync(out).subarray(0, 20_000));
  await expect(restore(join(root, 'x'), join(root, 'cut'), {})).rejects.toMatchObject({ code: 'BACKUP' });
});

it('opens a database that the release before has made, and refuses one that a later has', async () => {
  const folder = join(root, 'previous');
  const database = await openDatabase({ dir: folder, bare: true });
  try {
    await migrateTo(database.sql, ['0001-cache', '0002-keys', '0003-partitions', '0004-blocks']);
    await database.query(`insert into keys.coordination (origin, note) values ('acme.example', 'kept')`);
    await openStore(database);
    expect(
      (await database.query(`select convert_from(note, 'UTF8') as note, (select count(*)::int from jobs.slots) as slots from keys.coordination`)).rows,
    ).toEqual([{ note: 'kept', slots: 0 }]);
    await database.query(`insert into public.kysely_migration (name, "timestamp") values ('9999-later', '2030-01-01')`);
    await expect(openStore(database)).rejects.toThrow(
      'the database was used by a newer version of Tickmark, and has tables that this one does not know (9999-later)',
    );
  } finally {
    await database.close();
  }
});
