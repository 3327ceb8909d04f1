import { describe, expect, it } from 'vitest';
import { madeRun } from '../../test/run-draft.ts';
import { collectors } from '../collectors/index.ts';
import { days, instant } from '../core/instant.ts';
import type { Body, SealedRecord } from '../evidence/record.ts';
import { readRecord } from './read-record.ts';

const AT = instant('2026-05-04T09:00:00Z');
const LATER = AT + days(90);
const REASON = 'the evidence was disposed of in record 9 on 2026-08-02';
const sealed = (body: Body, more: Partial<SealedRecord> = {}): SealedRecord => ({
  index: 4,
  digest: '00',
  sealedAt: AT,
  demo: false,
  seq: 1,
  body,
  subjects: [],
  detail: { era: 'evidence/2026-Q2', digest: '11', keyDigest: '22', size: 1, place: { pack: null, offset: 0, length: 1 } },
  disposed: null,
  afterCheckpoint: { size: 4, root: '' },
  ...more,
});
const read = (record: SealedRecord) => readRecord(record, () => Promise.reject(new Error('nothing is kept of it')), collectors);
const gone = { disposed: { by: 9, at: LATER } };

describe('what was disposed of', () => {
  const said = { kind: 'attestation', act: 'withdraw', at: AT, authenticated: true, previous: 3, by: null, keyId: null, binding: null } as const;
  const about = (register: string, entryId: string | null) => read(sealed({ ...said, register, entryId, author: null, timezone: 'UTC' }, gone));
  const lost = { at: AT, complete: false, reason: REASON, rows: [], record: 4 };

  it('leaves the entry of a statement unknown from then on', async () => {
    const its = { ...lost, source: 'attestations/access-requests', partition: 'entry AR-2' };
    expect(await about('access-requests', 'AR-2')).toMatchObject({
      row: { reason: REASON, rows: null },
      runs: [
        { ...its, dataset: 'register.entries' },
        { ...its, dataset: 'access.requests' },
      ],
    });
  });

  it('leaves all of a kind unknown where nobody can tell which entry it was: of states until they were disposed of, of events that quarter', async () => {
    const whole = { ...lost, partition: 'workspace' };
    expect((await about('access-roles', null)).runs).toEqual([
      { ...whole, source: 'attestations/access-roles', dataset: 'access.role-definitions', polled: { from: AT, to: LATER } },
    ]);
    expect((await about('hr-terminations', null)).runs).toEqual([
      { ...whole, source: 'attestations/hr-terminations', dataset: 'hr.terminations', polled: { from: instant('2026-04-01T00:00:00Z'), to: AT + 1 } },
    ]);
    expect((await about('no-such-kind', null)).runs).toEqual([]);
  });

  it('leaves unknown what a configuration said', async () => {
    const { file, runs } = await read(sealed({ kind: 'configuration', at: AT }, gone));
    expect(file).toBeNull();
    expect(runs).toHaveLength(4);
    for (const run of runs) expect(run).toMatchObject({ ...lost, source: 'configuration/tickmark.yaml', partition: 'workspace' });
  });

  it('leaves unknown how all alerts stood where it was an act on one, and nothing where it was another', async () => {
    const act = (name: string) => read(sealed({ kind: 'act', act: name, at: AT, by: null, target: null, says: null }, gone));
    const [run, ...others] = (await act('alert-acknowledge')).runs;
    expect([run, others]).toMatchObject([{ ...lost, source: 'attestations/alerts', partition: 'workspace', polled: { from: AT, to: LATER } }, []]);
    expect((await act('sign-in')).runs).toEqual([]);
  });
});

describe('a run that was sealed months after it says that it began', () => {
  const { body } = madeRun({ body: { slot: AT, every: days(1) } });
  const told = (more: Partial<SealedRecord>) => read(sealed(body, { sealedAt: LATER, ...more }));

  it('is a gap with its reason, and tells nothing of that time', async () => {
    const { row, runs } = await told({});
    expect(row).toMatchObject({ outcome: 'success', reason: expect.stringContaining('was sealed at 2026-08-02T09:00:00Z'), rows: null });
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(run).toMatchObject({ at: AT, complete: false, reason: row.reason, rows: [] });
  });

  it.each([{ demo: true }, { sealedAt: AT + days(1) }])('is read like any other where it may be as it says: %o', async (more) => {
    const { row } = await told(more);
    expect(row.reason).toBeNull();
    expect(row.unreadable).toEqual(expect.any(String)); // there is nothing in this one to read
  });
});
