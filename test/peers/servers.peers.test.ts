import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { days, hours, instant } from '../../src/core/instant.ts';
import { quickly } from '../jobs/quick.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';

const bin = postgresBinaries();

it.skipIf(bin === null && missing('a PostgreSQL server', 'Install postgresql.'))(
  'several servers share a workspace: moved from its folder, asked when due, recorded once, and refused where a key is missing',
  async () => {
    const server = await startPostgres(bin ?? '');
    const dir = mkdtempSync(join(tmpdir(), 'servers-'));
    initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
    const yaml = join(dir, 'tickmark.yaml');
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', 'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }'));
    writeFileSync(
      join(dir, 'workers.csv'),
      '# generated 2026-03-03T06:00:00Z\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-01,,UTC\n',
    );
    const key = join(dir, 'master.key');
    writeFileSync(key, Buffer.alloc(32, 5));
    let now = instant('2026-03-10T09:00:00Z');
    const open = (env: Record<string, string>) => openWorkspace({ dir, clock: () => now, env });
    const env = { DATABASE_URL: server.url, TICKMARK_MASTER_KEY_FILE: key };

    const alone = await open({});
    expect(await alone.collect()).toHaveLength(1);
    await alone.close();
    await expect(open({ DATABASE_URL: server.url })).rejects.toThrow('TICKMARK_MASTER_KEY_FILE must name its file');

    const servers = [await open(env), await open(env), await open(env)];
    await expect(open({})).rejects.toThrow(/is written by way of a PostgreSQL database/);
    writeFileSync(key, Buffer.alloc(32, 6));
    await expect(open(env)).rejects.toThrow('was wrapped by another master key');

    now += days(4) + hours(1);
    const [first] = servers;
    const due = (await first?.sources())?.[0]?.nextAt ?? 0;
    const told: unknown[] = [];
    const workers = await Promise.all(servers.map((it) => it.jobs().work({ ...quickly, tell: (what) => told.push(what) })));
    const slots = async () => (await first?.jobs().slots({ schedule: 'collect hr/csv/people company', limit: 9 })) ?? [];
    for (const end = Date.now() + 60_000; !(await slots()).some(({ slot, state }) => slot === due && state === 'done'); ) {
      if (Date.now() > end) throw new Error(`nobody asked: ${JSON.stringify({ slots: await slots(), told })}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    await Promise.all(workers.map((worker) => worker.stop(5000)));
    expect((await slots()).map(({ slot, state }) => [slot, state])).toEqual([[due, 'done'], ...[1, 2, 3].map((ago) => [due - days(ago), 'skipped'])]);
    const outcomes = ((await first?.records(null, 20)) ?? []).flatMap(({ outcome }) => (outcome === 'act' ? [] : [outcome]));
    expect(outcomes).toEqual(['success', 'skip', 'skip', 'skip', 'success', 'configuration']);
    expect((await first?.verify())?.problems).toEqual([]);
    const before = JSON.stringify(await first?.posture());
    await first?.rebuild();
    expect(JSON.stringify(await first?.posture())).toBe(before);
    for (const it of servers) await it.close();
    server.stop();
    rmSync(dir, { recursive: true });
  },
  240_000,
);
