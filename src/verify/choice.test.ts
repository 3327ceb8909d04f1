import { describe, expect, it } from 'vitest';
import { belongs, encode, parseManner } from './format.ts';

const of = { from: 1000, to: 2000 };
const run = (id: string, name: string) => ({ sealedAt: 1500, head: { kind: 'run', collector: { id }, name, outcome: 'success', startedAt: 1500, slot: 1500 } });
const about = (head: { readonly kind: string; readonly [name: string]: string }) => ({ sealedAt: 1500, head });

describe('which records belong to a bundle', () => {
  it('of some controls: runs of the sources and statements of the kinds that bear on them, their samples, and its keys', () => {
    const its = belongs({ of, controls: ['AC-01'], sources: ['csv/dataset/keys', 'access-requests', 'alerts'] });
    const told = [
      run('csv/dataset', 'keys'),
      run('csv/dataset', 'salaries'),
      run('github/members', 'keys'),
      about({ kind: 'attestation', register: 'access-requests' }),
      about({ kind: 'attestation', register: 'board-meetings' }),
      about({ kind: 'act', act: 'alert-raise' }),
      about({ kind: 'act', act: 'sign-in' }),
      about({ kind: 'draw', control: 'AC-01' }),
      about({ kind: 'draw', control: 'AC-02' }),
      about({ kind: 'hold' }),
      about({ kind: 'disposal' }),
      about({ kind: 'key' }),
      about({ kind: 'configuration' }),
    ];
    expect(told.map(its)).toEqual([true, false, false, true, false, true, false, true, false, false, false, true, true]);
    expect(belongs({ of, controls: ['AC-01'], sources: [] })(about({ kind: 'act', act: 'alert-raise' }))).toBe(false);
    const all = belongs({ of, controls: null, sources: null });
    expect(told.map(all)).toEqual(told.map(() => true));
  });

  it('by a bundle of format 2: as it said then, by collectors', () => {
    const manner = {
      format: 2,
      origin: 'o',
      size: 1,
      root: 'r',
      period: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
      sealed: false,
      earlier: null,
    };
    const read = parseManner(encode({ ...manner, controls: ['AC-01'], collectors: ['csv/dataset'] }));
    const its = belongs({ ...read, of });
    expect([run('csv/dataset', 'salaries'), run('github/members', 'main'), about({ kind: 'act', act: 'sign-in' })].map(its)).toEqual([true, false, true]);
    expect(() => parseManner(encode({ ...manner, controls: null, sources: null }))).toThrow(/does not say what the bundle holds/);
    expect(() => parseManner(encode({ ...manner, format: 3, controls: null, collectors: null }))).toThrow(/does not say what the bundle holds/);
    expect(() => parseManner(encode({ ...manner, format: 4, controls: null, sources: null }))).toThrow(/reads formats 2 and 3/);
  });
});
