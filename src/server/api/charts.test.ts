import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../core/instant.ts';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  acme = await company();
});
afterAll(() => acme.close());

const json = async <Its = Record<string, unknown>>(path: string): Promise<Its> => (await (await acme.ask(path)).json()) as Its;
interface Step {
  readonly from: string;
  readonly to: string;
  readonly counts: Readonly<Record<string, number>>;
}
const ISO = '2026-03-02T09:00:00Z';

describe('charts', () => {
  it('count criteria by status in steps that meet, over what has come of the period', async () => {
    const { criteria, controls, until, period } = await json<{ criteria: readonly Step[]; controls: readonly Step[]; until: string; period: unknown }>(
      '/charts/statuses',
    );
    expect([period, until]).toEqual([{ from: '2025-12-31T23:00:00Z', to: '2026-12-31T23:00:00Z' }, '2026-03-02T09:00:00.001Z']);
    for (const steps of [criteria, controls]) {
      expect([steps[0]?.from, steps.at(-1)?.to]).toEqual(['2025-12-31T23:00:00Z', until]);
      expect(steps.slice(1).map(({ from }) => from)).toEqual(steps.slice(0, -1).map(({ to }) => to));
      expect(new Set(steps.map(({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0))).size).toBe(1);
    }
    const { criteria: now } = await json<{ criteria: readonly { readonly status: string | null }[] }>('/posture');
    const count = (status: string) => now.filter((criterion) => criterion.status === status).length;
    expect(criteria.at(-1)?.counts).toMatchObject({ unknown: count('unknown'), pass: count('pass'), empty: count('empty') });
  });

  it('tell of one leaver without an account what is not known of them', async () => {
    const { leavers, deadline, covered } = await json<{ leavers: readonly object[]; deadline: number; covered: boolean }>('/charts/removals');
    expect([deadline, covered, leavers]).toEqual([
      days(1),
      false,
      [{ workerId: 'W-3', name: 'Otto Berg', leftAt: '2026-02-20T23:00:00Z', state: 'unknown', took: null, account: null, records: [1] }],
    ]);
    expect(await json('/charts/removals?period=2026-03-01T00:00:00Z..2026-03-02T00:00:00Z')).toMatchObject({ leavers: [] });
  });

  it('tell what changed since an instant, and how many, however many are asked for', async () => {
    const all = await json<{ count: number; since: string; changes: readonly { readonly at: string; readonly what: string; readonly says: string }[] }>(
      `/charts/changes?since=2026-01-01T00:00:00Z`,
    );
    expect([all.since, all.count]).toEqual(['2026-01-01T00:00:00Z', all.changes.length]);
    expect(all.changes.length).toBeGreaterThan(0);
    expect(await json(`/charts/changes?since=2026-01-01T00:00:00Z&limit=1`)).toMatchObject({ count: all.count, changes: [all.changes[0]] });
    expect(await json(`/charts/changes?since=${ISO}`)).toMatchObject({ count: 0, changes: [] });
  });

  it('draw nothing where nothing was told', async () => {
    expect(await json('/charts/access')).toMatchObject({ covered: false, systems: [] });
    const { weeks } = await json<{ weeks: readonly { readonly from: string; readonly reviewed: number }[] }>('/charts/merges');
    expect([weeks.length, weeks[0]?.from, weeks.every(({ reviewed }) => reviewed === 0)]).toEqual([10, '2025-12-28T23:00:00Z', true]);
    const { months, systems } = await json<{ systems: readonly string[]; months: readonly { readonly month: string; readonly raised: number }[] }>(
      '/charts/responses',
    );
    expect([systems, months.map(({ month, raised }) => [month, raised])]).toEqual([
      [],
      [
        ['2026-01', 0],
        ['2026-02', 0],
        ['2026-03', 0],
      ],
    ]);
  });

  it('tell of outcomes in the order of the checks that are asked for', async () => {
    const { checks } = await json<{ checks: readonly { readonly check: string }[] }>(
      '/charts/outcomes?check=workers-trained&check=leaver-access-removed&check=none-such',
    );
    expect(checks.map(({ check }) => check)).toEqual(['workers-trained', 'leaver-access-removed']);
  });

  it('show to an auditor what lies within their bounds', async () => {
    const period = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-02-01T00:00:00Z') };
    acme.as(principal('auditor', { bounds: { period, controls: ['AC-03'] } }));
    const seen = await json<{ criteria: readonly Step[]; controls: readonly Step[]; until: string }>('/charts/statuses');
    expect([seen.criteria, seen.controls[0]?.counts, seen.until]).toEqual([
      [],
      { fail: 0, unknown: 1, waived: 0, pass: 0, empty: 0, excluded: 0 },
      '2026-02-01T00:00:00Z',
    ]);
    expect(await json('/charts/deviations?control=TR-01')).toMatchObject({ type: '/api/problems/out-of-bounds' });
    expect(await json('/charts/responses')).toMatchObject({ type: '/api/problems/out-of-bounds' });
    expect(await json(`/charts/changes?since=2025-01-01T00:00:00Z&asOf=${ISO}`)).toMatchObject({ type: '/api/problems/out-of-bounds' });
    acme.as(principal('admin'));
  });
});
