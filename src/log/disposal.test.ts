import { describe, expect, it } from 'vitest';
import { disposedBy, eraAt, holds, holdsOf, isEraAt, namedBy, overlapOf, periodsOf, quarterOf, unfinished } from './disposal.ts';
import type { Head, Payload } from './statement.ts';

const said = (index: number, head: Head) => ({ index, head, era: 'configuration/2026-Q2', sealedAt: index * 1000 });
const disposal = (index: number, payloads: 'all' | readonly string[], planned: number | null = null) =>
  said(index, { kind: 'disposal', step: planned === null ? 'planned' : 'completed', era: 'evidence/2026-Q1', payloads, early: false, planned });
const payload = (digest: string): Payload => ({ digest, keyDigest: digest, size: 1, place: { pack: null, offset: 0, length: 1 } });
const run = (index: number, era: string, name = 'main') => ({
  index,
  era,
  head: { kind: 'run', collector: { id: 'hr/csv', version: 1 }, name },
  payloads: [payload(`d${index}`)],
});

describe('what is disposed of', () => {
  it('of an era: what records before the disposal keep in it', () => {
    const disposals = disposedBy([disposal(7, 'all'), disposal(8, 'all', 7), disposal(9, 'all')]);
    expect(disposals.of('evidence/2026-Q1', 'd3', 3)).toEqual({ by: 7, at: 7000 });
    expect(disposals.of('evidence/2026-Q1', 'd12', 12)).toBe(null);
    expect(disposals.of('evidence/2026-Q2', 'd3', 3)).toBe(null);
  });

  it('of single payloads: wherever records before it name them, by the first that says so', () => {
    const disposals = disposedBy([disposal(7, ['a']), disposal(9, ['a', 'b'])]);
    const of = (digest: string, index: number, era = 'evidence/2026-Q1') => disposals.of(era, digest, index)?.by ?? null;
    expect([of('a', 6), of('a', 8), of('a', 9), of('a', 99), of('b', 1), of('c', 1), of('a', 1, 'x')]).toEqual([7, 9, null, null, 9, null, null]);
    expect([disposals.names('evidence/2026-Q1', 'a'), disposals.names('evidence/2026-Q1', 'c'), disposals.names('x', 'a')]).toEqual([true, false, false]);
  });

  it('is destroyed by what planned it, and by nothing else', () => {
    const records = [run(1, 'evidence/2026-Q1'), run(2, 'evidence/2026-Q2'), run(8, 'evidence/2026-Q1')];
    const named = (payloads: 'all' | readonly string[]) => [...namedBy(disposal(7, payloads) as never, records)].map(({ digest }) => digest);
    expect([named('all'), named(['d1', 'd2']), named(['d8', 'd2'])]).toEqual([['d1'], ['d1'], []]);
  });

  it('is kept in the era of its quarter, and in no other', () => {
    const at = Date.UTC(2026, 3, 1);
    expect([isEraAt('evidence/2026-Q2', at), isEraAt('evidence/2026-Q1', at), isEraAt('evidence/2026-Q1', at - 1)]).toEqual([true, false, true]);
    expect([isEraAt('evidence/0050-Q1', Date.UTC(1950, 0, 2)), isEraAt('evidence/2026-Q1', Number.NaN), isEraAt('', at)]).toEqual([false, false, false]);
    expect([isEraAt('evidence', at), isEraAt('Evidence/2026-Q2', at), isEraAt('evidence/2026-Q2', Number.NaN)]).toEqual([false, false, false]);
  });

  it('waits until a record completes it', () => {
    expect(unfinished([disposal(7, 'all'), disposal(8, ['a']), disposal(9, 'all', 7)])).toEqual([8]);
  });
});

it('holds stand until they are released, each by its own record', () => {
  const hold = (index: number, what: object, placed: number | null = null) =>
    said(index, { kind: 'hold', step: placed === null ? 'placed' : 'released', what, placed } as unknown as Head);
  const [era, source, records] = [{ era: 'evidence/2026-Q1' }, { source: 'hr/csv/main' }, { records: [2] }];
  const standing = holdsOf([hold(4, era), hold(5, source), hold(6, records), hold(7, era, 4)]);
  expect(standing.map(({ record }) => record)).toEqual([5, 6]);
  const [first, second] = holdsOf([hold(4, era), hold(5, source)]);
  const keeps = (it: typeof first, index: number, its: string, name?: string) => it && holds(it, run(index, its, name));
  expect([keeps(first, 1, 'evidence/2026-Q1'), keeps(first, 1, 'evidence/2026-Q2')]).toEqual([true, false]);
  expect([keeps(second, 1, 'x'), keeps(second, 1, 'x', 'other')]).toEqual([true, false]);
});

it('keys follow one another: of a log beside each other for a time, of a signer at once', () => {
  const key = (index: number, its: object) => said(index, { kind: 'key', replaces: null, until: null, ...its } as unknown as Head);
  const log = { role: 'log', who: 'acme' };
  const introduced = key(3, { ...log, step: 'introduced', key: 'B', replaces: 'A', until: 99 });
  expect(overlapOf([introduced])).toEqual({ record: 3, old: 'A', until: 99 });
  const retired = key(6, { ...log, step: 'retired', key: 'A' });
  expect(overlapOf([introduced, retired])).toBe(null);
  const signer = key(8, { role: 'statement', who: 'hr/csv', step: 'introduced', key: 'D', replaces: 'C' });
  expect(periodsOf([introduced])).toEqual([
    { ...log, key: 'A', from: 0, to: null },
    { ...log, key: 'B', from: 5, to: null },
  ]);
  expect(periodsOf([introduced, retired, signer])).toEqual([
    { ...log, key: 'A', from: 0, to: 8 },
    { ...log, key: 'B', from: 5, to: null },
    { role: 'statement', who: 'hr/csv', key: 'C', from: 0, to: 9 },
    { role: 'statement', who: 'hr/csv', key: 'D', from: 9, to: null },
  ]);
});

it('a key that was retired stays retired, whatever a later record says', () => {
  const key = (index: number, its: object) => said(index, { kind: 'key', replaces: null, until: null, ...its } as unknown as Head);
  const [log, signer] = [
    { role: 'log', who: 'acme' },
    { role: 'statement', who: 'hr/csv' },
  ];
  const sound = [
    key(3, { ...log, step: 'introduced', key: 'B', replaces: 'A', until: 0 }),
    key(4, { ...log, step: 'retired', key: 'A' }),
    key(5, { ...signer, step: 'introduced', key: 'D', replaces: 'C' }),
  ];
  const periods = periodsOf(sound);
  for (const later of [
    key(8, { ...log, step: 'introduced', key: 'E', replaces: 'A', until: 0 }),
    key(8, { ...log, step: 'retired', key: 'A' }),
    key(8, { ...signer, step: 'introduced', key: 'E', replaces: 'C' }),
  ])
    expect(periodsOf([...sound, later]).slice(0, periods.length)).toEqual(periods);
});

it('an era is a class and a quarter', () => {
  expect(quarterOf('evidence/2026-Q4')).toEqual({ retention: 'evidence', from: Date.UTC(2026, 9, 1), to: Date.UTC(2027, 0, 1) });
  for (const at of [Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 31, 23, 59, 59, 999)]) expect(eraAt('evidence', at)).toBe('evidence/2026-Q1');
  expect(() => quarterOf('evidence/2026-Q5')).toThrow(new RangeError('not an era: evidence/2026-Q5'));
});
