import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, instant, minutes } from '../core/instant.ts';
import { receiver } from '../notify/testing/receiver.ts';
import { openWorkspace } from './open.ts';
import { STATE } from './schedule.ts';
import type { Workspace } from './views.ts';

const hook = await receiver();
const dir = mkdtempSync(join(tmpdir(), 'alerting-'));
afterAll(async () => {
  await hook.close();
  rmSync(dir, { recursive: true, force: true });
});

const MARIA = 'maria.lopez@acme.example';
let now = instant('2026-03-02T09:00:00Z');
const open = () => openWorkspace({ dir, clock: () => now, env: { HOOK_SECRET: 'a secret' } });

beforeAll(() => {
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    `company: Acme
timezone: Europe/Berlin
period: { from: 2026-01-01, to: 2026-12-31 }
sources:
  - { collector: hr/csv, name: people, config: { path: people.csv } }
alerts:
  url: https://tickmark.acme.example
  allow: [127.0.0.1]
  channels:
    hook: { kind: webhook, url: "http://127.0.0.1:${hook.port}/hook", secret: env:HOOK_SECRET }
  routes:
    default: [{ to: [hook] }, { after: 30m, to: [hook] }]
`,
  );
  mkdirSync(join(dir, 'controls'));
});

describe('alerts of a workspace', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await open();
  });
  afterAll(() => workspace.close());

  it('are raised by a source that stays silent, reach people, and are sealed act by act', async () => {
    await workspace.alerts.look([]);
    expect((await workspace.alerts.list(true)).filter(({ signal }) => signal.on === 'evidence-gap')).toEqual([]);
    now += hours(24 + 6);
    await workspace.alerts.look([]);
    await workspace.alerts.tick();
    const [alert] = (await workspace.alerts.list(true)).filter(({ signal }) => signal.on === 'evidence-gap');
    expect(alert?.signal).toMatchObject({
      title: 'hr/csv/people (company) has told nothing whole since 2026-03-02 09:00 UTC',
      key: 'source hr/csv/people (company)',
      severity: 'high',
    });
    const body = hook.got.map((it) => JSON.parse(it.body)).find((it) => it.alert === alert?.id);
    expect(body).toMatchObject({ says: 'raised', url: `https://tickmark.acme.example/alerts/${alert?.id}`, title: alert?.signal.title });

    now += minutes(3);
    const id = alert?.id ?? '';
    await workspace.alerts.act(id, { do: 'acknowledge' }, MARIA);
    await workspace.alerts.act(id, { do: 'resolve', conclusion: 'benign', cause: 'the export is made on Tuesdays', incident: null }, MARIA);
    const { acts } = await workspace.alerts.show(id);
    expect(acts.map(({ deed }) => deed.do)).toEqual(['raise', 'notify', 'acknowledge', 'resolve', 'notify']);
    for (const { record, by, deed, at } of acts) {
      const sealed = await workspace.record(record ?? -1);
      expect(sealed.included).toBe(true);
      expect(sealed.record.body).toMatchObject({ kind: 'act', act: `alert-${deed.do}`, by, at, target: `alerts/${id}` });
      expect(sealed.rows).toEqual({ 'alert.events': 1 });
    }
    expect((await workspace.verify()).problems).toEqual([]);
  });

  it('have times that are computed from those records', async () => {
    const times = await workspace.alerts.times(null);
    expect(times.find(({ severity }) => severity === 'high')).toEqual({
      system: 'tickmark',
      severity: 'high',
      raised: 1,
      acknowledge: { count: 1, mean: minutes(3), longest: minutes(3), open: 0, unknown: 0 },
      resolve: { count: 1, mean: minutes(3), longest: minutes(3), open: 0, unknown: 0 },
    });
  });

  it('may be about jobs, and are over when jobs complain no more', async () => {
    const trouble = { kind: 'late', what: 'collect github/organization', since: now, says: 'token ghp_x is not accepted' };
    await workspace.alerts.look([trouble]);
    const [alert] = (await workspace.alerts.list(true)).filter(({ signal }) => signal.on === 'job-trouble');
    expect(alert?.signal.title).toBe('collect github/organization: late since 2026-03-03 15:03 UTC'); // and none of what it says
    await workspace.alerts.look([]);
    await workspace.alerts.tick();
    expect((await workspace.alerts.show(alert?.id ?? '')).alert.resolved).toMatchObject({ conclusion: 'auto_resolved', by: 'tickmark' });
  });

  it('refuse what cannot be done, with a reason', async () => {
    const [alert] = await workspace.alerts.list(false);
    await expect(workspace.alerts.act(alert?.id ?? '', { do: 'acknowledge' }, MARIA)).rejects.toThrow('is resolved already.');
    await expect(workspace.alerts.act('A-none', { do: 'acknowledge' }, MARIA)).rejects.toThrow('there is no alert A-none.');
    await expect(workspace.alerts.act(alert?.id ?? '', { do: 'note', text: ' \u0000' }, MARIA)).rejects.toThrow('the note is empty.');
    await expect(workspace.alerts.act(alert?.id ?? '', { do: 'note', text: 'x'.repeat(4001) }, MARIA)).rejects.toThrow('the note is longer than 4000 signs.');
    await expect(workspace.alerts.test('nowhere')).rejects.toThrow('no channel is called nowhere. There are: terminal, hook.');
    expect(await workspace.alerts.test('hook')).toEqual({ ok: true });
  });

  it('are made again from the log where the database is lost, and go on', async () => {
    const before = await Promise.all((await workspace.alerts.list(false)).map(({ id }) => workspace.alerts.show(id)));
    await workspace.close();
    rmSync(join(dir, STATE, 'database'), { recursive: true });
    workspace = await open();
    const after = await Promise.all((await workspace.alerts.list(false)).map(({ id }) => workspace.alerts.show(id)));
    const told = (views: typeof before) => views.map(({ alert, acts }) => ({ alert, acts })).sort((a, b) => (a.alert.id < b.alert.id ? -1 : 1));
    expect(told(after)).toEqual(told(before));
    expect(before.length).toBeGreaterThan(1);
    const { checkpoint } = await workspace.logStatus();
    await workspace.alerts.look([]);
    await workspace.alerts.tick();
    expect((await workspace.logStatus()).checkpoint.size).toBe(checkpoint.size); // nothing is raised or sealed twice
  });
});
