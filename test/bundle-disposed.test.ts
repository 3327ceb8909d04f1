import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifierKey } from '../src/log/note.ts';
import type { Payload, Statement } from '../src/log/statement.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { verifyLog } from '../src/verify/log.ts';
import { bundleOf, type Forged, type ForgedLog, forgeLog, FROM, HOUR, runHead, temporary } from './bundles.ts';

/** What both verifiers say of disposals that whoever holds all keys of a log has made up. */

const root = temporary();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ERA = 'evidence/2026-Q1';
const LONG_AGO = Date.parse('2019-02-01T00:00:00Z');
const workspace = (kind: string, head: object): Forged => ({ line: kind, head: { kind, ...head } as Statement['head'] });
const planned = (era = ERA, early = true): Forged => workspace('disposal', { step: 'planned', era, payloads: 'all', early, planned: null });
const completed = (plan: number, era = ERA, early = true): Forged => workspace('disposal', { step: 'completed', era, payloads: 'all', early, planned: plan });
const held = (...records: number[]): Forged => workspace('hold', { step: 'placed', what: { records }, placed: null });
const run = (hour: number, more: Partial<Forged> = {}): Forged => ({ head: runHead(hour), artifacts: ['members'], ...more });

/** A log that is forged has neither tiles nor checkpoints but the last. Which slots are told of is another matter. */
const NOT_ASKED = new Set(['MISSING', 'CHECKPOINT_MISSING', 'SILENT', 'SLOT']);

async function told(records: readonly Forged[], gone: (log: ForgedLog) => readonly Payload[] = () => []) {
  const log = await forgeLog(records);
  for (const { digest } of gone(log)) {
    log.kept.delete(`payloads/${digest.slice(0, 2)}/${digest}.enc`);
    log.secrets.delete(digest);
  }
  const path = join(root, 'told.tar');
  await bundleOf(log, path, { note: log.note, period: { from: FROM - HOUR, to: FROM + 1000 * HOUR } });
  const files = openBundle(path);
  const bundle = await verifyBundle({ files, key: verifierKey(log.verifier), pin: null, authorities: null });
  files.close();
  const { problems, disposed } = await verifyLog(log.files);
  return {
    bundle: bundle.items.flatMap(({ item, word }) => (item.startsWith('record ') && word !== 'VERIFIED' ? [`${item} ${word}`] : [])),
    log: problems.flatMap(({ code, index }) => (NOT_ASKED.has(code) ? [] : [`${code} ${index}`])),
    disposed,
  };
}

/** The payloads that a record was made with. */
function noting(): { readonly says: (made: readonly Payload[]) => readonly Payload[]; readonly its: Payload[] } {
  const its: Payload[] = [];
  return {
    its,
    says(made) {
      its.splice(0, its.length, ...made);
      return made;
    },
  };
}

describe('what a hold keeps', () => {
  it('is missing where a disposal of it was planned, was never completed, and it is gone all the same', async () => {
    const first = noting();
    const its = await told([run(0, { says: first.says }), held(0), planned()], () => first.its);
    expect(its).toEqual({ bundle: ['record 0 MISSING'], log: ['PAYLOAD_MISSING 0', 'PAYLOAD_MISSING 0'], disposed: 3 });
  });

  it('is as it must be while its disposal waits', async () => {
    expect(await told([run(0), held(0), planned()])).toEqual({ bundle: [], log: [], disposed: 3 });
  });

  it('is told to have been destroyed beside the hold, where the disposal is completed', async () => {
    const first = noting();
    const second = noting();
    const records = [run(0, { says: first.says }), { ...held(0), says: second.says }, planned(), completed(2)];
    const its = await told(records, () => [...first.its, ...second.its]);
    expect(its).toMatchObject({ bundle: ['record 0 DISPOSED', 'record 1 DISPOSED', 'record 3 ALTERED'], log: ['UNDER_HOLD 3'] });
  });

  it('is not disposed of by a record that completes what none has planned so', async () => {
    for (const other of [completed(99), completed(0), completed(2, 'evidence/2025-Q4')]) {
      const its = await told([run(0), held(0), planned(), other]);
      expect(its).toMatchObject({ bundle: ['record 3 ALTERED'], log: ['UNPLANNED 3'] });
    }
  });

  it('is disposed of where nothing keeps it, and missing in the log until that is completed', async () => {
    const first = noting();
    const [open, done] = [
      [run(0, { says: first.says }), planned()],
      [run(0, { says: first.says }), planned(), completed(1)],
    ];
    expect(await told(open, () => first.its)).toMatchObject({ bundle: ['record 0 DISPOSED'], log: ['PAYLOAD_MISSING 0', 'PAYLOAD_MISSING 0'] });
    expect(await told(done, () => first.its)).toMatchObject({ bundle: ['record 0 DISPOSED'], log: [] });
  });
});

describe('a payload that two records name', () => {
  const shamHead = { slot: LONG_AGO, startedAt: LONG_AGO, finishedAt: LONG_AGO, every: null };
  const sham = (noted: ReturnType<typeof noting>): Forged => ({ ...run(0, { says: noted.says }), sealedAt: LONG_AGO, head: runHead(0, shamHead) });
  const naming = (noted: ReturnType<typeof noting>, hour: number): Forged =>
    run(hour, { head: runHead(hour, { every: null }), says: ([detail]) => [detail, noted.its[1]] as Payload[] });

  it.each([
    ['before the other was disposed of', 1],
    ['after the other was disposed of', 3],
  ])('is missing where it is gone, and only the other was disposed of: sealed %s', async (_, place) => {
    const first = noting();
    const records = [sham(first), planned('evidence/2019-Q1', false), completed(place === 1 ? 2 : 1, 'evidence/2019-Q1', false)];
    const its = await told(records.toSpliced(place, 0, naming(first, place)), () => first.its.slice(1));
    expect(its.bundle).toContain(`record ${place} MISSING`);
    expect(its.log).toContain(`PAYLOAD_MISSING ${place}`);
  });

  it('is of one size', async () => {
    const first = noting();
    const other = run(1, { says: ([detail]) => [detail, { ...first.its[1], size: 999 }] as Payload[] });
    expect(await told([run(0, { says: first.says }), other])).toMatchObject({ bundle: ['record 1 ALTERED'], log: ['PAYLOAD_SIZE 1'] });
  });

  it('lies where each of them says', async () => {
    const first = noting();
    const elsewhere = run(1, { says: ([detail]) => [detail, { ...first.its[1], place: { pack: 'ab'.repeat(32), offset: 0, length: 7 } }] as Payload[] });
    expect((await told([run(0, { says: first.says }), elsewhere])).log).toEqual(['PAYLOAD_MISSING 1']);
  });
});

it('a record is kept in the era of its time', async () => {
  const its = await told([run(0), run(1, { era: 'evidence/2019-Q1' }), run(2, { era: 'evidence' }), run(3, { era: 'other/2026-Q1' })]);
  expect(its).toMatchObject({ bundle: ['record 1 ALTERED', 'record 2 ALTERED'], log: ['ERA 1', 'ERA 2'] });
});

it('what is told to have been destroyed is not there', async () => {
  expect(await told([run(0), planned(), completed(1)])).toMatchObject({ bundle: ['record 2 ALTERED'], log: [] });
  expect(await told([run(0), planned()])).toMatchObject({ bundle: [], log: [] });
});
