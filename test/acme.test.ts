import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WAIVED } from '../src/acme/register-stories.ts';
import { stories } from '../src/acme/stories.ts';
import { BEFORE, UNTOLD, workplaceStories } from '../src/acme/workplace-stories.ts';
import { DAYS } from '../src/acme/stories.ts';
import { configuredAt, makeWorld, person } from '../src/acme/world.ts';
import { workspaceCatalog } from '../src/app/catalogue.ts';
import { openAny } from '../src/app/open-any.ts';
import { bundleReport } from '../src/app/bundle.ts';
import { type Digested, populationLines, sampleCommand } from '../src/app/period.ts';
import { renderReport } from '../src/app/render.ts';
import type { Workspace } from '../src/app/views.ts';
import { checks as all } from '../src/checks/index.ts';
import { days, hours, iso } from '../src/core/instant.ts';
import type { Finding } from '../src/engine/posture.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { layAcme, NOW } from './acme-workspace.ts';
import { apiFor } from './served.ts';
import { servedWhole } from './api-acme.ts';

const dir = mkdtempSync(join(tmpdir(), 'acme-'));
const world = makeWorld(NOW);
const told = [...stories(world), ...workplaceStories(world)];
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
  // Files that come after it in this process need no company in memory.
  workspace = undefined as unknown as Workspace;
  noted = [];
});

describe('every story of Acme', () => {
  it.each(told.map((story) => [story.name, story] as const))('%s', (_, { check, item, open }) => {
    const its = noted.filter((finding) => finding.check === check && finding.verdict === 'deviates' && finding.item.label.includes(item));
    expect(its.length).toBeGreaterThan(0);
    expect(its.some(({ to }) => to === Infinity)).toBe(open);
    for (const { records } of its) expect(records.length).toBeGreaterThan(0);
  });

  it('and nothing else deviates now', async () => {
    const { findings } = await workspace.posture();
    const strange = [...findings].filter(
      ({ verdict, check, item }) => verdict === 'deviates' && !told.some((story) => story.open && story.check === check && item.label.includes(story.item)),
    );
    // What follows from a story in another check: who left owns no account.
    expect(strange.map(({ check, item }) => `${check} ${item.label}`).sort()).toEqual(['accounts-owned zoe.petrov in slack']);
  });
});

it('is served whole by the API', () => servedWhole(workspace, iso(world.ago(DAYS.orphan.from - 3))));

it('knows all else, but for what its sources do not tell', async () => {
  const { checks } = await workspace.posture();
  const open = checks.filter(({ unknowns, gap }) => unknowns > 0 || gap !== null);
  expect(open.map(({ id }) => id).sort()).toEqual(UNTOLD.map(({ check }) => check));
  expect(checks.filter(({ status }) => status === 'empty').map(({ id }) => id)).toEqual(BEFORE);
});

it('has told even of those something that conforms and something that does not', async () => {
  // KnowBe4 has refused since: before that it told. What happened before the half year is of a period of its own.
  const all = { from: world.firstDay, to: NOW + 1 };
  const over = await workspace.period({ period: all, asOf: NOW });
  const states = [await workspace.posture(), await workspace.posture(world.ago(DAYS.trainingRefusal.from + 1))];
  const good = new Set([
    ...states.flatMap(({ checks }) => checks.flatMap(({ id, examined, deviations, unknowns }) => (examined > deviations + unknowns ? [id] : []))),
    ...over.controls.flatMap(({ checks }) => checks.flatMap(({ id, conform }) => (conform > 0 ? [id] : []))),
  ]);
  const bad = new Set(noted.flatMap(({ check, verdict }) => (verdict === 'deviates' ? [check] : [])));
  const checks = [...UNTOLD.map(({ check }) => check), ...BEFORE];
  expect(checks.filter((check) => !good.has(check))).toEqual([]);
  expect(checks.filter((check) => !bad.has(check) || !told.some((story) => story.check === check))).toEqual([]);
});

it('has items that conform in every check but those, and a story for every check but these', async () => {
  const { checks } = await workspace.posture();
  const conforming = checks.filter(({ examined, deviations, unknowns }) => examined > deviations + unknowns);
  const untold = [...UNTOLD.map(({ check }) => check), ...BEFORE];
  expect(
    checks
      .filter((it) => !conforming.includes(it) && !untold.includes(it.id))
      .map(({ id }) => id)
      .sort(),
  ).toEqual([
    'review-revocations-executed', // the one of the half year was not carried out
    'review-revocations-proven',
  ]);
  const silent = checks.filter(({ id }) => !told.some(({ check }) => check === id) && !untold.includes(id)).map(({ id }) => id);
  expect(silent.sort()).toEqual([
    'account-creations-logged',
    'automated-grants-covered',
    'certificate-keys-strong',
    'certificates-trusted',
    'checks-required',
    'departures-recorded',
    'deployed-commits-landed',
    'environments-protected',
    'force-pushes-blocked',
    'hardening-rules-kept',
    'landed-commits-explained',
    'leaver-keys-removed',
    'passwords-strong',
    'register-entries-owned',
    'root-mfa-enabled',
    'root-use-recorded',
    'scans-run',
    'secrets-kept-out-of-code',
    'stale-approvals-dismissed',
    'stated-departures-recorded',
    'stated-leaver-access-removed',
  ]);
});

it('tells of every required item of its families a deviation and, beside it, something as it should be', async () => {
  // KnowBe4 has refused since: what is trained is seen as of the day before.
  const [before, now] = [await workspace.posture(world.ago(DAYS.trainingRefusal.from + 1)), await workspace.posture()];
  const good = new Set([...before.checks, ...now.checks].flatMap(({ id, examined, deviations, unknowns }) => (examined > deviations + unknowns ? [id] : [])));
  const items = workspaceCatalog(dir).requiredItems.filter(({ id }) => /^(R[256]|F[12]|V[12]|Q[23478]|E[1235])(\.|$)/.test(id));
  expect(items.length).toBeGreaterThan(38);
  for (const { id, checks } of items)
    expect(
      checks.filter((check) => good.has(check) && told.some((story) => story.check === check)),
      id,
    ).not.toEqual([]);
});

const joiner = `${person(world, 59).name} (${person(world, 59).id})`;
const SOON = [
  '2026-11-25T08:08:48Z identity-logs-collected Okta', // it is read again in the night before
  `2026-11-26T05:00:00Z joiners-trained ${joiner}`,
  `2026-11-26T05:00:00Z training-topics-covered ${joiner}`,
  `2026-11-26T05:00:00Z workers-trained ${joiner}`,
  '2026-11-27T01:00:00Z scans-run Prowler over 123456789012',
  '2026-11-27T01:00:00Z scans-run Semgrep OSS over acme/web',
  '2026-11-29T09:00:00Z access-keys-rotated key AKIAACMEDEPLOY000002 of ci-deploy in 123456789012',
  '2026-11-30T00:00:00Z certificates-renewed CN=api.acme.example at api.acme.example:443',
];

describe('what Acme accepts, answers for and leaves undone', () => {
  it('has one waiver that counts and one that ended, and had one that nobody else approved', async () => {
    const lines = await workspace.waivers();
    expect(Object.fromEntries(lines.map(({ id, state }) => [id, state]))).toEqual(WAIVED);
    expect((await workspace.waivers(world.ago(160))).map(({ id, state }) => `${id} ${state}`)).toEqual(['L-1 in force', 'L-3 in force']);
    expect(Object.fromEntries((await workspace.waivers(world.ago(140))).map(({ id, state }) => [id, state]))).toEqual({ ...WAIVED, 'L-2': 'not approved' });
  });

  it('marks a waived deviation and counts it, and alerts pass over it', async () => {
    const { findings, checks } = await workspace.posture();
    const marked = [...findings].filter(({ waiver }) => waiver !== null);
    expect(marked.map(({ check, item, waiver, verdict }) => [check, item.label, waiver?.by, verdict])).toEqual([
      ['branch-protection-unbypassable', 'acme/platform', person(world, 1).name, 'deviates'],
    ]);
    expect(checks.find(({ id }) => id === 'branch-protection-unbypassable')).toMatchObject({ status: 'fail', alert: 'pass', deviations: 1 });
    expect(checks.find(({ id }) => id === 'devices-encrypted')).toMatchObject({ status: 'fail', alert: 'fail' });
    expect(marked[0]?.from).toBeLessThan(world.ago(189));
  });

  it('has findings in every state, each fixed by a record', async () => {
    const { cases, problems, timesToFix } = await workspace.cases({});
    const one = (check: string, label: string) => [...cases].find((it) => it.check === check && it.item.label.includes(label));
    expect(problems).toEqual([]);
    expect(one('branch-protection-unbypassable', 'acme/platform')).toMatchObject({ state: 'waived', overdue: false, severity: 'high', owner: 'engineering' });
    expect(one('access-keys-rotated', 'AKIAACMEBACKUP000001')).toMatchObject({ state: 'in remediation', owner: person(world, 2).name, assigned: true });
    expect(one('leaver-sign-ins-stopped', 'session')).toMatchObject({ state: 'closed', overdue: false });
    expect(one('outside-collaborators-owned', 'studio-kit')).toMatchObject({ state: 'fixed', overdue: false });
    expect(one('leaver-access-removed', 'Zoe Petrov')).toMatchObject({ state: 'open' });
    const root = one('root-keys-removed', 'root of 123456789012');
    expect(root).toMatchObject({ state: 'fixed', severity: 'critical', reopened: 0 });
    const [end] = root?.spells ?? [];
    const { record } = await workspace.record(end?.end?.records[0] ?? -1);
    expect(record.body).toMatchObject({ kind: 'run', collector: { id: 'aws/iam' }, startedAt: root?.fixedAt });
    expect(timesToFix.find(({ severity }) => severity === 'critical')).toMatchObject({
      fixed: 1,
      mean: (root?.fixedAt ?? 0) - (root?.opened ?? 0),
      unfixed: 0,
    });
    expect((await workspace.cases({ asOf: world.ago(129) })).cases.byId(root?.id ?? '')).toMatchObject({ state: 'open', fixedAt: null });
    expect((await workspace.cases({ state: 'waived', control: 'CM-02' })).cases.count).toBe(1);
  });

  it('tells what deviates within a week, if nothing is done', async () => {
    expect((await workspace.upcoming({ within: days(7), most: 100 })).map(({ check, item, at }) => `${iso(at)} ${check} ${item.label}`)).toEqual(SOON);
  });

  it('missed a quarterly review, and the slots in which Okta was down and KnowBe4 refused', async () => {
    const OKTA = ['applications', 'users', 'system-log'].map((what) => `okta/${what}/acme (acme.okta.com)`);
    const period = { from: world.firstDay, to: NOW + 1 };
    const all = await workspace.occurrences({ period, controls: null });
    const reviews = all.filter(({ what }) => what === 'Review of the risk register');
    expect(reviews.map(({ from, state }) => `${iso(from).slice(0, 10)} ${state}`)).toEqual(['2026-04-01 missed', '2026-07-01 met', '2026-10-01 due']);
    const slots = all.filter(({ kind, state }) => kind === 'collection' && state === 'missed');
    expect(new Set(slots.map(({ what }) => what))).toEqual(new Set([...OKTA, 'knowbe4/training/acme (eu)']));
    expect(slots.filter(({ what }) => OKTA.includes(what))).toHaveLength(9);
    expect(slots[0]?.because).toMatch(/503/);
    expect((await workspace.occurrences({ period, controls: ['EN-02'] })).filter(({ state }) => state === 'missed')).toEqual([]);
    expect(all.filter(({ state }) => state === 'unknown')).toEqual([]);
  });

  it('tells all of it over the API, and in the report of a period', async () => {
    const app = apiFor(workspace).app;
    const get = async (path: string) => {
      const answer = await app.request(`http://localhost/api${path}`);
      return { status: answer.status, body: await answer.json() };
    };
    const { body } = await get('/findings?state=waived');
    const [waived] = body.findings.filter(({ item }: { item: { label: string } }) => item.label === 'acme/platform');
    expect(JSON.stringify(body.findings)).not.toContain('studio-kit');
    expect(waived.waiver).toMatchObject({ by: person(world, 1).name, until: '2027-01-24T00:00:00Z' });
    expect((await get('/controls/CM-02')).body.control).toMatchObject({ status: 'fail', alert: 'pass' });
    const ahead = await get('/occurrences?period=2026-07-01T00:00:00Z..2027-02-01T00:00:00Z&control=RM-02&state=due');
    expect(ahead.body.occurrences.map(({ due }: { due: string }) => due)).toContain('2027-01-15T00:00:00Z');
    expect((await get(`/findings/${waived.id}?asOf=${iso(world.ago(200))}`)).status).toBe(404);
    expect((await get('/findings?state=done')).status).toBe(400);

    const report = renderReport(await workspace.evidenceReport({ period: { from: NOW - days(3), to: NOW }, controls: ['CM-02'] }), 'md');
    expect(report).toMatch(/waived by .* until 2027-01-24 00:00 UTC, still a deviation/);
    expect(report).toMatch(/## Collections[\s\S]*github\/repositories\/acme/);
  });
});

it('tells a failed deployment that was reversed in time from one that was not', async () => {
  const { checks } = await workspace.posture();
  expect(checks.find(({ id }) => id === 'failed-deployments-reversed')).toMatchObject({ examined: 1, deviations: 0, unknowns: 0 });
  expect(noted.filter(({ check }) => check === 'failed-deployments-reversed').map(({ item }) => item.label)).toEqual([expect.stringMatching(/^acme\/web /)]);
});

it('counts who may take the role of administrators among them', () => {
  const taken = noted.filter(({ check, verdict, because }) => check === 'admins-few' && verdict === 'deviates' && because.includes(' by taking Administrator'));
  expect(taken.map(({ from, to }) => [from, to].map((at) => Math.ceil((world.lastDay - at) / days(1))))).toEqual([
    [DAYS.fourthTaker.from, DAYS.fourthTaker.to],
  ]);
});

it('leaves nothing green that rests on a source that was down', async () => {
  const during = await workspace.posture(world.ago(97, 12));
  const okta = [...during.findings].filter(({ item, verdict }) => item.source === 'okta/users/acme' && verdict === 'unknown');
  expect(okta.length).toBeGreaterThan(20);
  expect(okta[0]?.because).toMatch(/okta\/users\/acme .*has given no complete evidence .* since .*503/);
  expect(during.checks.find(({ id }) => id === 'mfa-enforced')?.status).not.toBe('pass');
  expect(during.controls.filter(({ status }) => status === 'pass').map(({ id }) => id)).not.toContain('AC-06');
});

it('knows nothing before it began, and nothing of the future', async () => {
  // What was stated is whole by the word of the configuration, and what was said of a departure then was said with evidence.
  const STATED = ['stated-departures-recorded'];
  for (const [at, passing] of [[world.ago(500), []] as const, [NOW + days(30), STATED] as const]) {
    const { checks } = await workspace.posture(at);
    expect(
      checks.filter(({ status }) => status === 'pass').map(({ id }) => id),
      iso(at),
    ).toEqual(passing);
  }
});

it('knows at a record what it knew then, and reads again only what was told anew since', async () => {
  const now = await workspace.posture();
  const record = now.checkpoint.size - 200;
  const read: number[] = [];
  const then = { record, progress: (done: number) => void read.push(done) };
  const known = await workspace.posture(undefined, then);
  // Registers, tickets and statements: what they said then is what they have said otherwise since.
  expect(read.length).toBeLessThan(now.checkpoint.size / 8);
  expect(known.asOf).toBe((await workspace.record(record)).record.sealedAt);
  expect(known.checkpoint).toMatchObject({ origin: now.checkpoint.origin, size: record + 1 });
  // What today's knowledge says of that instant differs only by what was learned since: nothing that was said then rests on a later record.
  expect(Math.max(...[...known.findings].flatMap(({ records }) => records))).toBeLessThanOrEqual(record);
  expect((await workspace.findings({ verdict: 'deviates', then })).map(({ check, item }) => `${check} ${item.label}`)).toEqual(
    [...known.findings].filter(({ verdict }) => verdict === 'deviates').map(({ check, item }) => `${check} ${item.label}`),
  );
  const newest = await workspace.posture(NOW, { record: now.checkpoint.size - 1 });
  expect({ ...newest, findings: [...newest.findings], checkpoint: now.checkpoint, catalog: now.catalog }).toEqual({ ...now, findings: [...now.findings] });
  await expect(workspace.posture(undefined, { record: now.checkpoint.size })).rejects.toThrow(`there is no record ${now.checkpoint.size}: the newest is`);
});

it('examines again to the same verdicts', async () => {
  const [replayed] = await workspace.replay({ checks: ['mfa-enforced', 'leaver-access-removed'], collectors: [] });
  expect(replayed).toMatchObject({ rebuilt: false, checks: ['leaver-access-removed', 'mfa-enforced'], collectors: [], records: 0, count: 0 });
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
  const early = renderReport(await workspace.accessReview('2026-05'), 'md');
  expect(early).toMatch(/# Access review: Acme/);
  expect(early).toMatch(/studio-kit[^\n]*orphan/);
  expect(early).toMatch(/ops-shared@acme\\?\.example \(shared\)/);
  expect(renderReport(await workspace.accessReview('2026-10'), 'md')).toMatch(/metrics-export \(service\)[^\n]*leaver/);
  expect(renderReport(await workspace.accessReview('2026-11'), 'md')).toMatch(/zoe\.petrov \|[^\n]*leaver/);
  expect(renderReport(await workspace.accessReview('2026-06'), 'md')).toMatch(/through 2026-06-30/);
  const csv = renderReport(await workspace.accessReview(), 'csv');
  expect(csv.split('\r\n').length).toBeGreaterThan(80);
  expect(renderReport(await workspace.accessReview(), 'html')).toContain('<table>');
});

it('collects what is due on the next day, and stays green', async () => {
  const before = await workspace.posture();
  clock = NOW + days(1);
  const due = (await workspace.sources()).flatMap(({ collector, name, nextAt }) => ((nextAt ?? Infinity) <= clock ? [`${collector}/${name}`] : []));
  const runs = [];
  for (const source of new Set(due)) runs.push(...(await workspace.collect(source)));
  expect(runs.map(({ collector, complete }) => `${collector} ${complete}`).sort()).toEqual([
    'aws/cloudtrail true',
    'aws/cloudtrail true',
    'aws/containers true',
    'aws/iam true',
    'csv/dataset true',
    'csv/dataset true',
    'csv/dataset true',
    'csv/dataset true',
    'csv/dataset true',
    'csv/dataset true',
    'files/registers true',
    'fleet/hosts true',
    'git/repository true',
    'github/alerts true',
    'github/audit-log true',
    'github/changes true',
    'github/deployments true',
    'github/organization true',
    'github/repositories true',
    'github/tokens true',
    'github/workflow-runs true',
    'google-workspace/users true',
    'hr/csv true',
    'jira/issues true',
    'knowbe4/training false',
    'linear/issues true',
    'okta/applications true',
    'okta/system-log true',
    'okta/users true',
    'pagerduty/incidents true',
    'scanner/ocsf true',
    'scanner/sarif true',
    'scim/users true',
    'slack/users true',
    'slsa/provenance true',
    'terraform/configuration true',
    'terraform/state true',
    'terraform/state true',
    'tls/endpoints true',
    'tls/endpoints true',
    'tls/endpoints true',
    'tls/endpoints true',
  ]);
  const after = await workspace.posture();
  expect(after.checkpoint.size).toBe(before.checkpoint.size + runs.length);
  expect(after.controls.map(({ id, status }) => `${id} ${status}`)).toEqual(before.controls.map(({ id, status }) => `${id} ${status}`));
});

it('seals the configuration again when it changes, and only then', async () => {
  const { size } = (await workspace.posture()).checkpoint;
  await workspace.close();
  workspace = await openAny({ dir, clock: () => clock });
  expect((await workspace.posture()).checkpoint.size).toBe(size);
  await workspace.close();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(dir, 'tickmark.yaml'), readFileSync(join(dir, 'tickmark.yaml'), 'utf8').replace('opens dependency updates', 'opens updates'));
  writeFileSync(join(dir, 'controls/AC-15.md'), '---\nid: AC-15\nparameters: { access-keys-rotated: { maxAge: 91 days } }\n---\n');
  workspace = await openAny({ dir, clock: () => clock });
  expect((await workspace.posture()).checkpoint.size).toBe(size + 1);
  // What is said of the period goes by the new number, and that it is new stands beside it.
  const { controls, applied, changes, unrecorded } = await workspace.period({ controls: ['AC-15'] });
  expect(controls[0]?.checks.find(({ id }) => id === 'access-keys-rotated')?.parameters).toEqual({ maxAge: '91 days' });
  expect([applied, unrecorded]).toEqual(['present', []]);
  const change = { at: clock, record: size, what: 'parameter', check: 'access-keys-rotated', name: 'maxAge', before: '90 days', after: '91 days' };
  expect(changes.filter(({ what }) => what !== 'catalogue')).toEqual([{ ...change, controls: ['AC-15'] }]);
});

it('has controls without a check, which are unknown, and says what each of its checks is fed by', async () => {
  const { controls, checks } = workspaceCatalog(dir);
  const posture = await workspace.posture();
  for (const { id, checks: its, unexamined } of controls.filter((control) => control.checks.length === 0)) {
    expect(posture.controls.find((control) => control.id === id)).toMatchObject({ status: 'unknown', alert: 'unknown', checks: its, unexamined });
    expect(unexamined.length).toBeGreaterThan(0);
  }
  for (const { id } of checks.filter(({ fed }) => !fed)) expect(posture.checks.find((check) => check.id === id)?.status, id).not.toBe('pass');
  expect(checks.filter(({ fed }) => fed).length).toBeGreaterThan(50);
});

describe('the observation period of Acme', () => {
  it('says of every control when it conformed, and the same over all of it as a posture of it does', async () => {
    const { controls, criteria, checks, period, until } = await workspace.statuses({ asOf: NOW });
    const { controls: results } = await workspace.period({ asOf: NOW });
    expect(until).toBe(NOW + 1);
    expect(controls.map(({ id, status, intervals }) => ({ id, status, intervals }))).toEqual(
      results.map(({ id, status, intervals }) => ({ id, status, intervals })),
    );
    const over = await workspace.findings({ period });
    const tolerant = all.filter(({ tolerates }) => tolerates > 0).map(({ id }) => id);
    for (const { id, status } of checks.filter((check) => !tolerant.includes(check.id)))
      expect(status === 'fail', id).toBe(over.some((finding) => finding.check === id && finding.verdict === 'deviates') && status !== 'unknown');
    expect(criteria.every(({ intervals }) => intervals[0]?.from === period.from && intervals.at(-1)?.to === until)).toBe(true);

    // At the instant of every change, and just before it, the strip says what the posture says.
    const leavers = controls.find(({ id }) => id === 'AC-03');
    expect(leavers?.intervals.length).toBeGreaterThan(5);
    for (const { from, to, status } of leavers?.intervals.slice(0, 4) ?? [])
      for (const at of [from, to - 1]) expect((await workspace.posture(at)).controls.find(({ id }) => id === 'AC-03')?.status, iso(at)).toBe(status);
  });

  it('quotes counts with their source, and tells who deviated for how long', async () => {
    const { controls, populations, configurations } = await workspace.period({ controls: ['AC-03'], asOf: NOW });
    const [control] = controls;
    expect(control?.quote).toMatch(
      /^AC-03 \(.+\), 1 July 2026 to 31 December 2026, both days included \(UTC; \[2026-07-01T00:00:00Z, 2027-01-01T00:00:00Z\)\), as far as it was known at 2026-11-24 09:00 UTC: leaver-access-removed examined 12 of 12 items of hr\.workers \(3 conform, 3 deviate, 6 could not be determined\); /,
    );
    expect(Array.from(control?.checks[0]?.deviations ?? [], ({ item, lasted }) => [item.label, Math.floor((lasted ?? 0) / hours(1))])).toEqual([
      ['Wanda Silva (W-023)', 219],
      ['Liam Sato (W-042)', 124],
      ['Zoe Petrov (W-026)', 130],
    ]);
    expect(control?.checks.map(({ population }) => population.kind)).toEqual(['states', 'states', 'events', 'events', 'states', 'events']);
    expect(configurations).toEqual(
      configuredAt(world)
        .slice(1)
        .map((at) => ({ at, record: expect.any(Number) })),
    );
    expect(new Map(populations.map(({ check, count }) => [check, count]))).toEqual(new Map(control?.checks.map(({ id, examined }) => [id, examined])));
    await expect(workspace.period({ controls: ['XX-99'] })).rejects.toThrow(/^no control is called XX-99\. There are: AC-01, /);
  });

  it('refuses seeds and populations that could be two', async () => {
    await expect(workspace.sample({ control: 'AC-06', size: 3, seed: 'one' })).rejects.toThrow(
      /^AC-06 has 3 checks, each with a population of its own\. Name one with --check: /,
    );
    await expect(workspace.sample({ control: 'AC-07', size: 3, seed: 'one\ntwo' })).rejects.toThrow(
      /^the seed is one line of 1 to 200 printable ASCII characters\.$/,
    );
    await expect(workspace.populations({ control: 'AC-07', check: 'mfa-enrolled' })).rejects.toThrow(
      'AC-07 has no check mfa-enrolled. It has: passwords-strong, single-sign-on-enforced, sessions-limited, local-passwords-removed, customer-sign-in-hardened.',
    );
  });
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
  for (const format of ['md', 'html', 'csv'] as const)
    expect(await bundleReport(first, (report) => renderReport(report, format))).toBe(renderReport(live, format));
  expect((await files.read('report.html'))?.toString()).toBe(renderReport(live, 'html'));
  expect(renderReport(live, 'md')).toMatch(/## AC-06 .*: (pass|fail|unknown)/);
  expect(renderReport(live, 'md')).toMatch(/Policy: Access management\./);
  const { populations } = JSON.parse((await files.read('results.json'))?.toString() ?? '') as { populations: Digested[] };
  expect(populations.map(({ control }) => control)).toEqual(['AC-06', 'AC-06', 'AC-06', 'CM-02', 'CM-02', 'CM-02', 'CM-02', 'CM-02', 'CM-02', 'CM-02']);
  for (const { control, check, count, digest } of populations) {
    const keys = (await files.read(`populations/${control}.${check}.txt`)) ?? Buffer.from('missing');
    expect([createHash('sha256').update(keys).digest('hex'), keys.toString().split('\n').length - 1]).toEqual([digest, count]);
  }

  // The auditor draws from the file of the bundle, in a shell, what the company draws.
  const asked = { control: 'AC-06', check: 'mfa-enrolled', period: query.period };
  const seed = "the auditor's seed: 7 \\n %s $HOME";
  const { record, population, items: drawn } = await workspace.sample({ ...asked, size: 25, seed });
  expect((await workspace.record(record)).record.body).toMatchObject({ kind: 'draw', control: asked.control, digest: population.digest, size: 25, seed });
  const [line] = await workspace.records(record + 1, 1);
  expect(line).toMatchObject({ index: record, outcome: 'draw', reason: `seed ${seed}` });
  const longer = await workspace.sample({ ...asked, size: 40, seed });
  expect([drawn.length, longer.items.slice(0, 25)]).toEqual([25, drawn]);
  expect((await workspace.sample({ ...asked, size: 25, seed: 'another' })).items).not.toEqual(drawn);
  const name = 'populations/AC-06.mfa-enrolled.txt';
  const keys = (await files.read(name)) ?? Buffer.alloc(0);
  expect(keys.toString()).toBe([...populationLines(population)].join(''));
  mkdirSync(join(dir, 'unpacked/populations'), { recursive: true });
  writeFileSync(join(dir, 'unpacked', name), keys);
  const again = execFileSync('sh', ['-c', sampleCommand(name, seed, 25)], { cwd: join(dir, 'unpacked'), encoding: 'utf8' });
  expect(again).toBe(drawn.map(({ rank, key }) => `${rank}  ${key}\n`).join(''));
  files.close();
  await expect(workspace.exportBundle({ ...query, controls: ['XX-99'], sealed: false, earlier: null }, second)).rejects.toThrow(
    /no control is called XX-99\. There are: /,
  );
});
