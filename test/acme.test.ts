import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIRECTORY_CAST } from '../src/acme/directory-stories.ts';
import { stories } from '../src/acme/stories.ts';
import { makeWorld, person } from '../src/acme/world.ts';
import { openAny } from '../src/app/demo.ts';
import { bundleReport } from '../src/app/bundle.ts';
import { renderReport } from '../src/app/render.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours, iso } from '../src/core/instant.ts';
import type { Finding } from '../src/engine/posture.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { layAcme, NOW } from './acme-workspace.ts';

const dir = mkdtempSync(join(tmpdir(), 'acme-'));
const world = makeWorld(NOW);
let clock = NOW;
let workspace: Workspace;
let noted: readonly Finding[] = [];

beforeAll(async () => {
  await layAcme(dir);
  workspace = await openAny({ dir, clock: () => clock });
  noted = await workspace.findings({ period: { from: world.firstDay, to: NOW + 1 } });
}, 900_000);

afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true });
});

describe('every story of Acme', () => {
  it.each(stories(world).map((story) => [story.name, story] as const))('%s', (_, { check, item, open }) => {
    const its = noted.filter((finding) => finding.check === check && finding.verdict === 'deviates' && finding.item.label.includes(item));
    expect(its.length).toBeGreaterThan(0);
    expect(its.some(({ to }) => to === Infinity)).toBe(open);
    for (const { records } of its) expect(records.length).toBeGreaterThan(0);
  });

  it('and nothing else deviates now', async () => {
    const { findings } = await workspace.posture();
    const told = stories(world).filter(({ open }) => open);
    const strange = findings.filter(
      ({ verdict, check, item }) => verdict === 'deviates' && !told.some((story) => story.check === check && item.label.includes(story.item)),
    );
    // What follows from a story in another check: the leaver's account has no owner, nor has the outsider's, and the idle key's owner left.
    expect(strange.map(({ check, item }) => `${check} ${item.label}`).sort()).toEqual([
      'accounts-owned studio-kit in github',
      'accounts-owned zoe-petrov in github',
      'leaver-keys-removed key AKIAACMEMETRIC000001 of metrics-export in 123456789012',
    ]);
  });
});

it('tells a failed deployment that was reversed in time from one that was not', async () => {
  const { checks } = await workspace.posture();
  expect(checks.find(({ id }) => id === 'failed-deployments-reversed')).toMatchObject({ examined: 2, deviations: 1, unknowns: 0 });
  expect(noted.filter(({ check }) => check === 'failed-deployments-reversed').map(({ item }) => item.label)).toEqual([expect.stringMatching(/^acme\/web /)]);
});

it('leaves nothing green that rests on a source that was down', async () => {
  const during = await workspace.posture(world.ago(157, 12));
  const okta = during.findings.filter(({ item, verdict }) => item.source === 'okta/users/acme' && verdict === 'unknown');
  expect(okta.length).toBeGreaterThan(20);
  expect(okta[0]?.because).toMatch(/okta\/users\/acme .*has given no complete evidence .* since .*503/);
  expect(during.checks.find(({ id }) => id === 'mfa-enforced')?.status).not.toBe('pass');
  expect(during.controls.filter(({ status }) => status === 'pass').map(({ id }) => id)).not.toContain('AC-06');
});

it('knows nothing before it began, and nothing of the future', async () => {
  for (const at of [world.ago(500), NOW + days(30)]) {
    const { checks } = await workspace.posture(at);
    expect(new Set(checks.map(({ status }) => status)), iso(at)).not.toContain('pass');
  }
});

it('knows at a record what it knew then, and reads nothing again for it', async () => {
  const now = await workspace.posture();
  const record = now.checkpoint.size - 200;
  const read: number[] = [];
  const then = { record, progress: (done: number) => void read.push(done) };
  const known = await workspace.posture(undefined, then);
  expect(read).toEqual([]);
  expect(known.asOf).toBe((await workspace.record(record)).record.sealedAt);
  expect(known.checkpoint).toMatchObject({ origin: now.checkpoint.origin, size: record + 1 });
  // What today's knowledge says of that instant differs only by what was learned since: nothing that was said then rests on a later record.
  expect(Math.max(...known.findings.flatMap(({ records }) => records))).toBeLessThanOrEqual(record);
  expect((await workspace.findings({ verdict: 'deviates', then })).map(({ check, item }) => `${check} ${item.label}`)).toEqual(
    known.findings.filter(({ verdict }) => verdict === 'deviates').map(({ check, item }) => `${check} ${item.label}`),
  );
  const newest = await workspace.posture(NOW, { record: now.checkpoint.size - 1 });
  expect({ ...newest, checkpoint: now.checkpoint, catalog: now.catalog }).toEqual(now);
  await expect(workspace.posture(undefined, { record: now.checkpoint.size })).rejects.toThrow(`there is no record ${now.checkpoint.size}: the newest is`);
});

it('examines again to the same verdicts', async () => {
  const [replayed] = await workspace.replay({ checks: ['mfa-enforced', 'leaver-access-removed'], collectors: [] });
  expect(replayed).toMatchObject({ rebuilt: false, checks: ['leaver-access-removed', 'mfa-enforced'], collectors: [], records: 0, differences: [] });
  await expect(workspace.replay({ checks: ['no-such'], collectors: [] })).rejects.toThrow(/no check is called no-such\. There are: /);
});

it('has a log that verifies', async () => {
  const { problems, records } = await workspace.verify();
  expect(problems).toEqual([]);
  expect(records).toBeGreaterThan(2000);
});

it('shows a record with its answers, its rows and its proof', async () => {
  const finding = noted.find(({ check }) => check === 'branch-protection-unbypassable');
  const { record, proof, rows } = await workspace.record(finding?.records[0] ?? -1);
  expect(record.body).toMatchObject({ kind: 'run', outcome: 'success' });
  expect(record.demo).toBe(true);
  expect(rows?.['repo.branch-protection']).toBe(12);
  expect(proof.hashes.length).toBeGreaterThan(9);
  const [subject] = record.subjects;
  const { bytes } = await workspace.artifact(record.index, subject?.name ?? '');
  expect(bytes.length).toBe(subject?.size);
});

it('reviews the access of a month', async () => {
  const markdown = renderReport(await workspace.accessReview('2026-10'), 'md');
  expect(markdown).toMatch(/# Access review: Acme/);
  expect(markdown).toMatch(/ghost-42[^\n]*orphan/);
  expect(markdown).toMatch(/ops-shared@acme\\?\.example \(shared\)/);
  expect(markdown).toMatch(/pat\.lindgren@acme\\?\.example[^\n]*orphan/);
  expect(markdown).toMatch(new RegExp(`${person(world, DIRECTORY_CAST.secondStepOff).email}[^\\n]*no second factor`));
  expect(renderReport(await workspace.accessReview('2026-11'), 'md')).toMatch(/zoe-petrov[^\n]*leaver/);
  expect(renderReport(await workspace.accessReview('2026-06'), 'md')).toMatch(/through 2026-06-30/);
  const csv = renderReport(await workspace.accessReview(), 'csv');
  expect(csv.split('\r\n').length).toBeGreaterThan(80);
  expect(renderReport(await workspace.accessReview(), 'html')).toContain('<table>');
});

it('collects what is due on the next day, and stays green', async () => {
  const before = await workspace.posture();
  clock = NOW + days(1);
  const runs = await workspace.collectDue();
  expect(runs.map(({ collector, complete }) => `${collector} ${complete}`).sort()).toEqual([
    'aws/iam true',
    'github/alerts true',
    'github/changes true',
    'github/deployments true',
    'github/organization true',
    'github/repositories true',
    'github/workflow-runs true',
    'google-workspace/users true',
    'hr/csv true',
    'okta/system-log true',
    'okta/users true',
    'scim/users true',
    'tls/endpoints true',
    'tls/endpoints true',
    'tls/endpoints true',
    'tls/endpoints true',
  ]);
  const after = await workspace.posture();
  expect(after.checkpoint.size).toBe(before.checkpoint.size + runs.length);
  expect(after.controls.map(({ id, status }) => `${id} ${status}`)).toEqual(before.controls.map(({ id, status }) => `${id} ${status}`));
  clock += hours(1);
  expect(await workspace.collectDue()).toEqual([]);
});

it('seals the configuration again when it changes, and only then', async () => {
  const { size } = (await workspace.posture()).checkpoint;
  await workspace.close();
  workspace = await openAny({ dir, clock: () => clock });
  expect((await workspace.posture()).checkpoint.size).toBe(size);
  await workspace.close();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(dir, 'tickmark.yaml'), readFileSync(join(dir, 'tickmark.yaml'), 'utf8').replace('opens dependency updates', 'opens updates'));
  workspace = await openAny({ dir, clock: () => clock });
  expect((await workspace.posture()).checkpoint.size).toBe(size + 1);
});

it('is handed over as a bundle: the same bytes twice, verified item by item, and its report is the live one', async () => {
  const query = { period: { from: NOW - days(3), to: NOW - days(1) }, controls: ['AC-06', 'CM-02'] };
  const [first, second] = [join(dir, 'first.tar'), join(dir, 'second.tar')];
  const told = await workspace.exportBundle({ ...query, sealed: false, earlier: null }, first);
  expect(told.lost).toEqual([]);
  expect(told.records).toBeGreaterThan(10);
  await workspace.exportBundle({ ...query, sealed: false, earlier: null }, second);
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);

  const files = openBundle(first);
  const { items, sound, demo } = await verifyBundle({ files, key: null, pin: null, authorities: null });
  expect(items.filter(({ word }) => word === 'MISSING' || word === 'ALTERED')).toEqual([]);
  expect({ sound, demo, records: items.filter(({ item }) => item.startsWith('record ')).length }).toEqual({ sound: true, demo: true, records: told.records });

  const live = await workspace.evidenceReport(query);
  for (const format of ['md', 'html', 'csv'] as const) expect(renderReport(await bundleReport(first), format)).toBe(renderReport(live, format));
  expect((await files.read('report.html'))?.toString()).toBe(renderReport(live, 'html'));
  expect(renderReport(live, 'md')).toMatch(/## AC-06 .*: (pass|fail|unknown)/);
  files.close();
  await expect(workspace.exportBundle({ ...query, controls: ['XX-99'], sealed: false, earlier: null }, second)).rejects.toThrow(
    /no control is called XX-99\. There are: /,
  );
});
