import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesWith } from '../../test/archive.ts';
import { days, instant } from '../core/instant.ts';
import { initialize } from './initialize.ts';
import { openWorkspace } from './open.ts';
import type { DisposalStep, Workspace } from './views.ts';

const root = mkdtempSync(join(tmpdir(), 'disposing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const sound = join(root, 'sound');
const BEGAN = instant('2026-03-10T09:00:00Z');
const LATER = instant('2026-05-04T09:00:00Z');
const ERA = 'evidence/2026-Q1';
const SAID = { reason: 'no longer needed', approver: 'maria@acme.example' };
let made = 0;
const copy = (): string => {
  const dir = join(root, `w${made++}`);
  cpSync(sound, dir, { recursive: true });
  return dir;
};
const open = (dir: string, at = LATER) => openWorkspace({ dir, clock: () => at, env: {} });
const export_ = (name: string, at: string) =>
  `# generated ${at}\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,${name},maria@acme.example,,employee,,,,2025-01-01,,UTC\n`;
const outcomes = async (workspace: Workspace) => (await workspace.records(null, 20)).map(({ outcome }) => outcome);

beforeAll(async () => {
  initialize(sound, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(sound, 'tickmark.yaml');
  writeFileSync(
    yaml,
    readFileSync(yaml, 'utf8').replace(
      'sources: []',
      'retention: { evidence: 1 month }\nsources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }\n  - { collector: hr/csv, name: others, config: { path: others.csv } }',
    ),
  );
  for (const [at, name] of [
    [BEGAN, 'Canary Marchetti'],
    [LATER - days(1), 'Sparrow Mayfield'],
  ] as const) {
    const generated = new Date(at - days(1)).toISOString();
    writeFileSync(join(sound, 'workers.csv'), export_(name, generated));
    writeFileSync(join(sound, 'others.csv'), export_(`Second ${name}`, generated));
    const workspace = await open(sound, at);
    expect((await workspace.collect()).map(({ complete }) => complete)).toEqual([true, true]);
    await workspace.posture();
    await workspace.close();
  }
});

describe('evidence whose retention has ended', () => {
  it('is shown as due, and the plan says what would go', async () => {
    const workspace = await open(copy());
    expect(await workspace.eras()).toMatchObject([
      { era: 'configuration/2026-Q1', records: 1, payloads: 3, disposed: 0, due: instant('2036-04-01T00:00:00Z'), holds: [] },
      { era: ERA, records: 2, payloads: 4, disposed: 0, due: instant('2026-05-01T00:00:00Z'), holds: [] },
      { era: 'evidence/2026-Q2', records: 2, payloads: 4, disposed: 0, due: instant('2026-08-01T00:00:00Z'), holds: [] },
    ]);
    expect(await workspace.planDisposal({ era: ERA })).toMatchObject({
      parts: [{ era: ERA, payloads: 'all', count: 4, early: false }],
      also: [],
      refusals: [],
    });
    await workspace.close();
  });

  it('is disposed of: nothing of it is left anywhere in the workspace, and the log still verifies', async () => {
    const dir = copy();
    const state = join(dir, '.tickmark');
    const before = await open(dir);
    const [old = { digest: '', index: -1 }] = [(await before.record(1)).record];
    await before.close();
    expect(filesWith(join(state, 'database'), 'Canary Marchetti').length).toBeGreaterThan(0); // or the search below proves nothing

    const workspace = await open(dir);
    const steps: DisposalStep[] = [];
    expect(await workspace.dispose({ era: ERA, ...SAID }, (step) => void steps.push(step))).toEqual({ records: [5], left: [] });
    expect(steps).toEqual(['planned', 'confirmed', 'destroyed', 'completed', 'erased', 'forgotten']);

    const { record, included, rows } = await workspace.record(1);
    expect(record).toMatchObject({ digest: old.digest, disposed: { by: 5, at: LATER }, subjects: [], body: { kind: 'run', config: 'null' } });
    expect({ included, rows }).toEqual({ included: true, rows: null });
    expect((await workspace.records(null, 20)).find(({ index }) => index === 1)?.reason).toBe('the evidence was disposed of in record 5 on 2026-05-04');
    expect(await outcomes(workspace)).toEqual(['disposal', 'disposal', 'success', 'success', 'success', 'success', 'configuration']);
    expect((await workspace.record(6)).record.body).toMatchObject({ step: 'completed', planned: 5, ...SAID, policy: 'evidence: 1 month', receipt: null });
    expect(await workspace.verify()).toMatchObject({ problems: [], records: 7, disposed: 4 });
    await expect(workspace.artifact(1, 'workers')).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect((await workspace.posture()).checkpoint.size).toBe(7);
    expect(await workspace.rebuild()).toMatchObject({ records: 7 });
    expect(await workspace.planDisposal({ era: ERA })).toMatchObject({ refusals: ['nothing is kept there that was not disposed of already'] });
    await workspace.close();

    expect(filesWith(state, 'Canary Marchetti')).toEqual([]);
    expect(filesWith(state, 'Sparrow Mayfield').length).toBeGreaterThan(0);
    expect(filesWith(state, 'no longer needed').every((path) => path.startsWith('database/'))).toBe(true); // in confidence
    expect(existsSync(join(state, 'database.disposed'))).toBe(false);
  });

  it.each<DisposalStep>(['planned', 'confirmed', 'destroyed', 'completed', 'erased', 'forgotten'])(
    'is disposed of to the end when the process ends after it was %s',
    async (last) => {
      const dir = copy();
      const workspace = await open(dir);
      await expect(
        workspace.dispose({ era: ERA, ...SAID }, (step) => {
          if (step === last) throw new Error('the process ended');
        }),
      ).rejects.toThrow('the process ended');
      await workspace.close();

      const again = await open(dir);
      expect(again.waiting()).toEqual([]);
      expect(await outcomes(again)).toEqual(['disposal', 'disposal', 'success', 'success', 'success', 'success', 'configuration']);
      expect(await again.verify()).toMatchObject({ problems: [], disposed: 4 });
      await again.close();
      expect(filesWith(join(dir, '.tickmark'), 'Canary Marchetti')).toEqual([]);
    },
  );

  it('is kept by a hold, until it is released', async () => {
    const workspace = await open(copy());
    const by = { reason: 'litigation', by: 'counsel@acme.example' };
    const onSource = await workspace.placeHold({ source: 'hr/csv/people' }, by);
    const onRecord = await workspace.placeHold({ records: [2] }, by);
    const onEra = await workspace.placeHold({ era: ERA }, by);
    expect((await workspace.eras())[1]?.holds).toEqual([onSource, onEra, onRecord]);
    await expect(workspace.dispose({ era: ERA, ...SAID })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/hold of record 5 keeps source hr\/csv\/people/),
    });
    await workspace.releaseHold(onEra, by);
    await workspace.releaseHold(onSource, by);
    await expect(workspace.releaseHold(onSource, by)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(workspace.dispose({ era: ERA, ...SAID })).rejects.toMatchObject({ message: expect.stringMatching(/hold of record 6 keeps records 2/) });
    expect(await workspace.planDisposal({ records: [1] })).toMatchObject({ refusals: [] });
    await workspace.releaseHold(onRecord, by);
    expect((await workspace.dispose({ era: ERA, ...SAID })).records).toEqual([11]);
    expect(await workspace.holds()).toEqual([]);
    await workspace.close();
  });

  it('is kept by a hold that came after the plan and before anything was destroyed', async () => {
    const dir = copy();
    const workspace = await open(dir);
    const stop = (step: DisposalStep) => {
      if (step === 'planned') throw new Error('the process ended');
    };
    await expect(workspace.dispose({ era: ERA, ...SAID }, stop)).rejects.toThrow('the process ended');
    await workspace.placeHold({ records: [2] }, { reason: 'litigation', by: 'counsel@acme.example' });
    await workspace.close();
    const again = await open(dir);
    expect(again.waiting()).toEqual(['the disposal of record 5 waits: the hold of record 6 keeps records 2']);
    expect((await again.verify()).problems).toEqual([]);
    await again.releaseHold(6, { reason: 'settled', by: 'counsel@acme.example' });
    expect(await again.resumeDisposals()).toEqual({ records: [], left: [] });
    await again.close();
    expect(filesWith(join(dir, '.tickmark'), 'Canary Marchetti')).toEqual([]);
  });

  it('is not disposed of before, but early and said so; nor is what is still written to', async () => {
    const workspace = await open(copy());
    const early = await workspace.planDisposal({ records: [3] });
    expect(early.refusals).toEqual(['the retention of evidence/2026-Q2 ends 2026-08-01T00:00:00Z: to dispose of it before, say --early, and why']);
    expect((await workspace.planDisposal({ era: 'evidence/2026-Q2', early: true })).refusals).toEqual([
      'the quarter of evidence/2026-Q2 has not ended, and is still written to: dispose of single records, or wait until 2026-07-01T00:00:00Z',
    ]);
    expect((await workspace.planDisposal({ records: [99] })).refusals).toEqual([
      'there is no record 99',
      'nothing is kept there that was not disposed of already',
    ]);
    await workspace.dispose({ records: [3], early: true, ...SAID });
    expect((await workspace.record(5)).record.body).toMatchObject({ early: true, era: 'evidence/2026-Q2' });
    const missing = (await workspace.sources()).find(({ name }) => name === 'people')?.last;
    expect(missing).toMatchObject({ complete: false, reason: 'the evidence was disposed of in record 5 on 2026-05-04' });
    await workspace.close();
  });

  it('of whichever process: what a running one holds in its database is forgotten by that one', async () => {
    const dir = copy();
    const server = await open(dir);
    await server.posture();
    const command = await open(dir);
    const { left } = await command.dispose({ era: ERA, ...SAID });
    expect(left).toEqual([expect.stringMatching(/^the embedded database is held by another process/)]);
    await command.close();
    expect((await server.upkeep()).left).toEqual([]);
    expect((await server.posture()).checkpoint.size).toBe(7);
    await server.close();
    expect(filesWith(join(dir, '.tickmark'), 'Canary Marchetti')).toEqual([]);
  });
});
