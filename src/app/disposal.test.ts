import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { filesWith, runDraft } from '../../test/archive.ts';
import { days, type Instant, instant } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { openArchive } from '../evidence/directory.ts';
import { CALLS, type Calls, Files } from '../evidence/files.ts';
import { FileKeystore } from '../evidence/keystore.ts';
import type { Unsealed } from '../log/statement.ts';
import { openDatabase } from '../store/database.ts';
import { type DisposalMeans, dispose, eraLines, finishDisposals, hold, isDisposalPending, planDisposal } from './disposal.ts';
import { initialize } from './initialize.ts';
import { openWorkspace } from './open.ts';
import type { DisposalStep } from './views.ts';

const root = mkdtempSync(join(tmpdir(), 'disposing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const BEGAN = instant('2026-03-10T09:00:00Z');
const LATER = instant('2026-05-04T09:00:00Z');
const ERA = 'evidence/2026-Q1';
const SAID = { reason: 'no longer needed', approver: 'maria@acme.example' };
const COUNSEL = { reason: 'litigation', by: 'counsel@acme.example' };
let made = 0;

async function opened(dir: string, at: Instant = LATER, rename: Calls['rename'] = CALLS.rename): Promise<DisposalMeans & { forgot: number }> {
  const calls = { ...CALLS, rename, fsync: async () => undefined };
  const archive: Archive = await openArchive({ dir, clock: () => at, origin: 'acme.example/test', calls });
  const means = {
    archive,
    clock: () => at,
    state: dir,
    retention: { evidence: '1 month', configuration: '10 years' },
    demo: true,
    confirmed: async () => undefined,
    forgot: 0,
    forget: async () => {
      means.forgot++;
      return { finished: true, says: null };
    },
  };
  return means;
}

/** Two records of an era that has ended, two of the one of now, of two sources. */
async function sound(): Promise<{ readonly dir: string; readonly means: DisposalMeans & { forgot: number } }> {
  const dir = join(root, `a${made++}`);
  for (const at of [BEGAN, LATER]) {
    const { archive } = await opened(dir, at);
    await archive.append(['people', 'others'].map((name) => runDraft(`${name} at ${at}`, { at, name })));
    await archive.close();
  }
  return { dir, means: await opened(dir) };
}
async function statement({ archive }: DisposalMeans, index: number): Promise<Unsealed> {
  for await (const its of archive.statements(index)) return its;
  throw new RangeError(`no record ${index}`);
}
const kinds = async ({ archive }: DisposalMeans) => (await archive.about()).map(({ head }) => `${head.kind} ${String(head.step)}`);

describe('evidence whose retention has ended', () => {
  it('is shown as due, and the plan says what would go', async () => {
    const { means } = await sound();
    expect(await eraLines(means)).toMatchObject([
      { era: ERA, records: 2, payloads: 4, disposed: 0, due: instant('2026-05-01T00:00:00Z'), holds: [] },
      { era: 'evidence/2026-Q2', records: 2, payloads: 4, disposed: 0, due: instant('2026-08-01T00:00:00Z'), holds: [] },
    ]);
    expect(await planDisposal(means, { era: ERA })).toMatchObject({ parts: [{ era: ERA, payloads: 'all', count: 4, early: false }], also: [], refusals: [] });
    await means.archive.close();
  });

  it.each<DisposalStep>(['planned', 'confirmed', 'destroyed', 'completed', 'erased', 'forgotten'])(
    'is disposed of to the end when the process ends after it was %s',
    async (last) => {
      const { dir, means } = await sound();
      const stop = (step: DisposalStep) => {
        if (step === last) throw new Error('the process ended');
      };
      await expect(dispose(means, { era: ERA, ...SAID }, stop)).rejects.toThrow('the process ended');
      await means.archive.close();

      const again = await opened(dir);
      expect(await isDisposalPending(again)).toBe(true);
      expect(await finishDisposals(again)).toEqual([]);
      expect(await isDisposalPending(again)).toBe(false);
      expect(await kinds(again)).toEqual(['disposal planned', 'disposal completed']);
      expect(again.forgot).toBe(1);
      expect(await again.archive.verify()).toMatchObject({ problems: [], disposed: 4 });
      expect(await planDisposal(again, { era: ERA })).toMatchObject({ refusals: ['nothing is kept there that was not disposed of already'] });
      await again.archive.close();
    },
  );

  it('is kept by a hold, until it is released', async () => {
    const { means } = await sound();
    const onSource = await hold(means, { place: { source: 'github/organization/people' } }, COUNSEL);
    const onRecord = await hold(means, { place: { records: [1] } }, COUNSEL);
    const onEra = await hold(means, { place: { era: ERA } }, COUNSEL);
    expect((await eraLines(means)).find(({ era }) => era === ERA)?.holds).toEqual([onSource, onEra, onRecord]);
    await expect(dispose(means, { era: ERA, ...SAID })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/hold of record 4 keeps source github\/organization\/people/),
    });
    for (const record of [onEra, onSource]) await hold(means, { release: record }, COUNSEL);
    await expect(hold(means, { release: onSource }, COUNSEL)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(dispose(means, { era: ERA, ...SAID })).rejects.toMatchObject({ message: expect.stringMatching(/hold of record 5 keeps records 1/) });
    expect((await planDisposal(means, { records: [0] })).refusals).toEqual([]);
    await hold(means, { release: onRecord }, COUNSEL);
    expect(await dispose(means, { era: ERA, ...SAID })).toEqual({ records: [10], left: [] });
    await means.archive.close();
  });

  it('is kept by a hold that came after the plan and before anything was destroyed', async () => {
    const { means } = await sound();
    const stop = (step: DisposalStep) => {
      if (step === 'planned') throw new Error('the process ended');
    };
    await expect(dispose(means, { era: ERA, ...SAID }, stop)).rejects.toThrow('the process ended');
    await hold(means, { place: { records: [1] } }, COUNSEL);
    expect(await finishDisposals(means)).toEqual(['the disposal of record 4 waits: the hold of record 5 keeps records 1']);
    expect((await means.archive.verify()).problems).toEqual([]);
    await hold(means, { release: 5 }, COUNSEL);
    expect(await finishDisposals(means)).toEqual([]);
    expect(await kinds(means)).toEqual(['disposal planned', 'hold placed', 'hold released', 'disposal completed']);
    await means.archive.close();
  });

  it('is kept by a hold that came while the plan was confirmed from outside', async () => {
    const { means } = await sound();
    const confirmed = async () => void (await hold(means, { place: { records: [1] } }, COUNSEL));
    const { left } = await dispose({ ...means, confirmed }, { era: ERA, ...SAID });
    expect(left).toEqual(['the disposal of record 4 waits: the hold of record 5 keeps records 1']);
    expect(await kinds(means)).toEqual(['disposal planned', 'hold placed']);
    const { payloads, era } = await statement(means, 1);
    expect(await means.archive.secret({ era, digest: payloads[0]?.digest ?? '' })).not.toBeNull();
    await hold(means, { release: 5 }, COUNSEL);
    expect(await finishDisposals(means)).toEqual([]);
    expect(await means.archive.secret({ era, digest: payloads[0]?.digest ?? '' })).toBeNull();
    await means.archive.close();
  });

  it('is not disposed of before, but early and said so; nor is what is still written to', async () => {
    const { means } = await sound();
    expect((await planDisposal(means, { records: [3] })).refusals).toEqual([
      'the retention of evidence/2026-Q2 ends 2026-08-01T00:00:00Z: to dispose of it before, say --early, and why',
    ]);
    expect((await planDisposal(means, { era: 'evidence/2026-Q2', early: true })).refusals).toEqual([
      'the quarter of evidence/2026-Q2 has not ended, and is still written to: dispose of single records, or wait until 2026-07-01T00:00:00Z',
    ]);
    expect((await planDisposal(means, { records: [99] })).refusals).toEqual([
      'there is no record 99',
      'nothing is kept there that was not disposed of already',
    ]);
    await dispose(means, { records: [3], early: true, ...SAID });
    expect((await means.archive.record(4)).body).toMatchObject({ early: true, era: 'evidence/2026-Q2', ...SAID, policy: 'evidence: 1 month' });
    await means.archive.close();
  });

  it('takes the same bytes from other records too, and says from which', async () => {
    const { means } = await sound();
    await means.archive.append([runDraft('people', { at: LATER, name: 'third' }), runDraft('people', { at: LATER, name: 'fourth' })]);
    expect(await planDisposal(means, { records: [4], early: true })).toMatchObject({ parts: [{ count: 2 }], also: [5], refusals: [] });
    await hold(means, { place: { records: [5] } }, COUNSEL);
    expect((await planDisposal(means, { records: [4], early: true })).refusals).toEqual(['the hold of record 6 keeps records 5: it must be released first']);
    await means.archive.close();
  });
});

describe('what a batch that failed had kept', () => {
  const NOW_ERA = 'evidence/2026-Q2';
  const early = { early: true, ...SAID };
  /** A log with one record, and the keys of a second that was not committed, for the disk was full. */
  async function failed(): Promise<{ readonly dir: string; readonly means: DisposalMeans; readonly left: readonly string[] }> {
    const dir = join(root, `a${made++}`);
    let full = false;
    const means = await opened(dir, LATER, async (from, to) => {
      if (full && to.endsWith('.state/lock')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return CALLS.rename(from, to);
    });
    await means.archive.append([runDraft('first', { at: LATER, name: 'first' })]);
    full = true;
    await expect(means.archive.append([runDraft('person', { at: LATER, name: 'person' })])).rejects.toMatchObject({ code: 'ENOSPC' });
    full = false;
    return { dir, means, left: await unnamed(dir, means) };
  }
  /** Keys that no statement names. */
  async function unnamed(dir: string, { archive }: DisposalMeans): Promise<readonly string[]> {
    const named = new Set<string>();
    for await (const { payloads } of archive.statements(0)) for (const { digest } of payloads) named.add(digest);
    return (await new FileKeystore(new Files(dir)).digests(NOW_ERA)).filter((digest) => !named.has(digest));
  }

  it('goes with the next disposal of its era, and is named by it', async () => {
    const { dir, means, left } = await failed();
    expect(left).toHaveLength(2);
    await dispose(means, { records: [0], ...early });
    const { head } = await statement(means, 1);
    expect(head.payloads).toEqual([...(await statement(means, 0)).payloads.map(({ digest }) => digest), ...left].sort());
    expect(await new FileKeystore(new Files(dir)).digests(NOW_ERA)).toEqual([]);
    expect(await means.archive.verify()).toMatchObject({ problems: [], disposed: 2 });
    await means.archive.close();
  });

  it('goes too where the process ended before anything was destroyed, and another takes the disposal up', async () => {
    const { dir, means } = await failed();
    const stop = (step: DisposalStep) => {
      if (step === 'planned') throw new Error('the process ended');
    };
    await expect(dispose(means, { records: [0], ...early }, stop)).rejects.toThrow('the process ended');
    await means.archive.close();
    const again = await opened(dir);
    expect(await finishDisposals(again)).toEqual([]);
    expect(await unnamed(dir, again)).toEqual([]);
    await again.archive.close();
  });

  it('is not kept by again, nor lost to a record that came to name it before', async () => {
    const { dir, means } = await failed();
    const [before] = await means.archive.append([runDraft('person', { at: LATER, name: 'person' })]); // found again by its bytes
    const batches = Array.from({ length: 6 }, (_, number) => means.archive.append([runDraft('person', { at: LATER, name: `batch-${number}` })]));
    await dispose(means, { records: [0], ...early });
    await Promise.all(batches);
    const after = await means.archive.append([runDraft('person', { at: LATER, name: 'after' })]);
    expect(before).toBe(1);
    for await (const { body, subjects } of means.archive.records(1))
      for (const subject of body.kind === 'run' ? subjects : []) expect((await means.archive.payload(subject)).length).toBeGreaterThan(0);
    expect(after).toHaveLength(1);
    expect((await means.archive.verify()).problems).toEqual([]);
    expect(await unnamed(dir, means)).toEqual([]);
    await means.archive.close();
  });

  it('goes while others seal the same bytes in the same breath: what they seal can be read', async () => {
    const { dir, means } = await failed();
    const sealing = [0, 1, 2].map((number) => means.archive.append([runDraft('person', { at: LATER, name: `with-${number}` })]));
    const disposing = dispose(means, { records: [0], ...early });
    const later = [3, 4, 5].map((number) => means.archive.append([runDraft('person', { at: LATER, name: `with-${number}` })]));
    await Promise.all([...sealing, disposing, ...later]);
    for await (const { body, subjects } of means.archive.records(1))
      for (const subject of body.kind === 'run' ? subjects : []) expect((await means.archive.payload(subject)).length).toBeGreaterThan(0);
    expect((await means.archive.verify()).problems).toEqual([]);
    expect(await unnamed(dir, means)).toEqual([]);
    await means.archive.close();
  });
});

it('of a workspace leaves nothing: not on the disk, not in its database, not in the keystore; and the log still verifies', async () => {
  const dir = join(root, 'workspace');
  const state = join(dir, '.tickmark');
  const open = (at: Instant) => openWorkspace({ dir, clock: () => at, env: {} });
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  const sources = 'retention: { evidence: 1 month }\nsources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }';
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', sources));
  for (const [at, name] of [
    [BEGAN, 'Canary Marchetti'],
    [LATER - days(1), 'Sparrow Mayfield'],
  ] as const) {
    const columns = 'employee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone';
    writeFileSync(
      join(dir, 'workers.csv'),
      `# generated ${new Date(at - days(1)).toISOString()}\n${columns}\nW-1,${name},maria@acme.example,,employee,,,,2025-01-01,,UTC\n`,
    );
    const workspace = await open(at);
    expect((await workspace.collect()).map(({ complete }) => complete)).toEqual([true]);
    await workspace.posture();
    await workspace.close();
  }
  const canary = await packedWith(join(state, 'database'), 'Canary Marchetti');
  expect(filesWith(join(state, 'database'), canary).length).toBeGreaterThan(0); // or the search below proves nothing

  const server = await open(LATER);
  await server.posture();
  const { digest } = (await server.record(1)).record;
  const command = await open(LATER);
  const steps: DisposalStep[] = [];
  const { records, left } = await command.dispose({ era: ERA, ...SAID }, (step) => void steps.push(step));
  expect({ records, steps }).toEqual({ records: [3], steps: ['planned', 'confirmed', 'destroyed', 'completed', 'erased'] });
  expect(left).toEqual([expect.stringMatching(/^the embedded database is held by another process/)]);
  await command.close();
  expect(await server.upkeep()).toMatchObject({ left: [], retired: null, scrubbed: { running: null, last: { size: 5, disposed: 2, problems: [] } } });

  const { record, included, rows } = await server.record(1);
  expect(record).toMatchObject({ digest, disposed: { by: 3, at: LATER }, subjects: [], body: { kind: 'run', config: 'null' } });
  expect({ included, rows }).toEqual({ included: true, rows: null });
  const gone = 'the evidence was disposed of in record 3 on 2026-05-04';
  expect((await server.records(null, 9)).map(({ index, outcome, reason }) => [index, outcome, reason])).toEqual([
    [4, 'disposal', SAID.reason],
    [3, 'disposal', SAID.reason],
    [2, 'success', null],
    [1, 'success', gone],
    [0, 'configuration', null],
  ]);
  await expect(server.artifact(1, 'workers')).rejects.toMatchObject({ code: 'CONFIGURATION' });
  // Nobody asked for months, and nobody was there to say so.
  expect(await server.verify()).toMatchObject({ problems: [{ code: 'SLOT', index: 2 }], records: 5, disposed: 2 });
  expect((await server.sources())[0]?.last).toMatchObject({ complete: true, record: 2 });
  await server.close();
  expect(filesWith(state, 'Canary Marchetti')).toEqual([]);
  expect(filesWith(state, canary)).toEqual([]);
  expect(filesWith(state, await packedWith(join(state, 'database'), 'Sparrow Mayfield')).length).toBeGreaterThan(0);
  expect(existsSync(join(state, 'database.disposed'))).toBe(false);
});

/** Bytes of the block of a database in which something is said: they are packed, and hold no word of it. */
async function packedWith(dir: string, text: string): Promise<Uint8Array> {
  const database = await openDatabase({ dir });
  const blocks = await database.sql.selectFrom('cache.block').select('bytes').where('kind', '=', 'facts').execute();
  await database.close();
  const found = blocks.find(({ bytes }) => zstdDecompressSync(bytes).includes(text));
  expect(found).toBeDefined();
  return found?.bytes.subarray(20) ?? new Uint8Array();
}
