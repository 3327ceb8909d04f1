import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { days, hours, instant, iso } from '../core/instant.ts';
import { keep } from './keep.ts';
import { openWorkspace } from './open.ts';

const dir = mkdtempSync(join(tmpdir(), 'keeping-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SUNDAY = instant('2026-03-01T03:00:00Z');

it('raises the alert at three on a Sunday, when a key turns 90 days old, though nothing new is learned', async () => {
  let now = SUNDAY - hours(7);
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    `company: Acme
timezone: UTC
period: { from: 2026-01-01, to: 2026-12-31 }
scope:
  systems:
    - { id: cloud, name: The cloud, environment: production }
sources:
  - collector: csv/dataset
    name: keys
    config:
      path: keys.csv
      dataset: iam.access-keys
      attestedBy: maria.lopez@acme.example
      company: acme
      columns: { systemId: { value: cloud }, accountId: { value: main }, userId: Login, login: Login, keyId: Id, status: { value: active }, createdAt: Made }
alerts: { routes: { default: [{ to: [terminal] }] } }
`,
  );
  writeFileSync(join(dir, 'keys.csv'), `# generated ${iso(now)}\nId,Login,Made\nK-1,deploy,${iso(SUNDAY - days(90))}\n`);
  mkdirSync(join(dir, 'controls'));
  const workspace = await openWorkspace({ dir, clock: () => now });
  const alarms: { readonly at: number; readonly act: () => void }[] = [];
  let prepared = 0;
  const counted = { ...workspace, ahead: () => workspace.ahead().then(() => void prepared++) };
  const kept = keep(counted, {
    after(milliseconds, act) {
      const alarm = { at: now + milliseconds, act };
      alarms.push(alarm);
      return () => void alarms.splice(alarms.indexOf(alarm), 1);
    },
    say: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  /** Besides that its time is coming, which is seen or not by how long it takes to collect. */
  const raised = async () =>
    (await workspace.alerts.list(false))
      .flatMap(({ signal, openedAt }) => (signal.key.startsWith('item of ') ? [] : [`${signal.key} ${iso(openedAt)}`]))
      .sort();
  try {
    const [run] = await workspace.collect();
    expect(run).toMatchObject({ complete: true });
    await kept.look();
    expect(alarms.map(({ at }) => iso(at))).toEqual([iso(SUNDAY)]);
    expect(await raised()).toEqual([]);
    expect(prepared).toBe(1); // whoever asks for a list next does not wait for the run
    const looking = kept.look();
    await Promise.resolve(); // it has begun
    await Promise.all([looking, kept.look(), kept.look(), kept.look()]);
    expect(prepared).toBe(3); // and one look for all who asked meanwhile
    now = SUNDAY;
    alarms.splice(0, 1)[0]?.act();
    await expect.poll(raised).toEqual([`check access-keys-rotated ${iso(SUNDAY)}`, `control AC-15 ${iso(SUNDAY)}`]);
  } finally {
    await kept.stop();
    await workspace.close();
  }
});
