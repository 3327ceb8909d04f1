import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../core/instant.ts';
import type { Company } from './testing/company.ts';
import { inside } from './testing/inside.ts';

let acme: Company;
beforeAll(async () => {
  const its = await inside();
  acme = its.acme;
  await its.as('otto.berg');
  // They name no owner, and so they deviate.
  for (const count of [1, 2, 3]) await its.post('/statements', { kind: 'risks', entry: { id: `R-${count}`, title: `Risk ${count} of Otto` } });
});
afterAll(() => acme.close());

const json = async <Answer>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;

interface Refused {
  readonly type: string;
  readonly detail: string;
}

describe('a window of a list', () => {
  it('is any part of people, of accounts and of findings, as of the instant of the first', async () => {
    interface People {
      readonly asOf: string;
      readonly count: number;
      readonly people: readonly { readonly id: string }[];
      readonly next: string | null;
    }
    const first = await json<People>('/people?limit=1');
    const part = await json<People>(`/people?asOf=${first.asOf}&skip=1&limit=1`);
    expect([first, part].map(({ count, people }) => [count, people.map(({ id }) => id)])).toEqual([
      [3, ['W-2']],
      [3, ['W-1']],
    ]);
    expect((await json<People>(`/people?asOf=${first.asOf}&limit=1&cursor=${part.next}`)).people.map(({ id }) => id)).toEqual(['W-3']);
    expect(await json<People>(`/people?asOf=${first.asOf}&skip=9&limit=1`)).toMatchObject({ count: 3, people: [], next: null });
    const all = await json<{ readonly asOf: string; readonly count: number; readonly findings: readonly { readonly id: string }[] }>('/findings');
    expect(all.count).toBeGreaterThan(1);
    expect(await json(`/findings?asOf=${all.asOf}&skip=${all.count - 1}`)).toMatchObject({ count: all.count, findings: [all.findings.at(-1)], next: null });
    expect(await json('/accounts?skip=1')).toMatchObject({ count: 0, accounts: [] });
    for (const path of ['/people', '/findings', '/accounts', '/records'])
      expect(await json<Refused>(`${path}?skip=1&cursor=bm9uZQ`)).toMatchObject({ type: '/api/problems/invalid-request', fields: [{ name: 'skip' }] });
  });

  it('of records is of the log as it was at the first, and is not told where all of them have to be read', async () => {
    interface Records {
      readonly count: number | null;
      readonly size: number | null;
      readonly records: readonly { readonly index: number }[];
      readonly next: string | null;
    }
    const { count, size, records } = await json<Records>('/records?limit=1');
    const acts = (await json<Records>('/records?outcome=act')).count ?? 0;
    expect([count, records.map(({ index }) => index)]).toEqual([size, [(size ?? 0) - 1]]);
    await acme.workspace.recordActs([{ act: 'trial', by: 'owner@acme.example', target: null, says: null }]);
    const later = await json<Records>(`/records?size=${size}&skip=1&limit=1`);
    expect([later.count, later.size, later.records.map(({ index }) => index)]).toEqual([size, size, [(size ?? 0) - 2]]);
    expect(await json<Records>('/records?limit=1')).toMatchObject({ count: (size ?? 0) + 1, records: [{ index: size }] });
    expect(await json<Records>('/records?outcome=act')).toMatchObject({ count: acts + 1, next: null });
    const after = await json<Records>(`/records?limit=1&cursor=${(await json<Records>('/records?limit=1')).next}`);
    expect([after.count, after.records.map(({ index }) => index)]).toEqual([null, [(size ?? 0) - 1]]);
    expect(await json<Records>('/records?text=trial')).toMatchObject({ count: null, size: null, records: [{ index: size }] });
    expect(await json<Refused>('/records?text=trial&skip=1')).toMatchObject({ type: '/api/problems/invalid-request', fields: [{ name: 'skip' }] });
  });
});

it('findings are listed by the ages that the chart counts them by', async () => {
  acme.pass(days(40));
  await acme.workspace.collect();
  interface Bucket {
    readonly from: number;
    readonly to: number | null;
    readonly bySeverity: Readonly<Record<string, number>>;
    readonly waived: number;
  }
  const { asOf, open } = await json<{ readonly asOf: string; readonly open: readonly Bucket[] }>('/charts/ages');
  const counted = open.map(({ bySeverity, waived }) => Object.values(bySeverity).reduce((sum, count) => sum + count, waived));
  const listed = await Promise.all(
    open.map(async ({ from, to }) => {
      const until = to === null ? '' : `&ageTo=${to / days(1)}`;
      const { count, findings } = await json<{ readonly count: number; readonly findings: readonly { readonly state: string }[] }>(
        `/findings?asOf=${asOf}&ageFrom=${from / days(1)}${until}`,
      );
      expect(findings.filter(({ state }) => state === 'fixed' || state === 'closed')).toEqual([]);
      return count;
    }),
  );
  expect(listed).toEqual(counted);
  expect(Math.max(...counted)).toBeGreaterThan(0);
});

describe('a sample that was drawn', () => {
  it('is drawn again from its record, whatever is known since', async () => {
    interface Sampled {
      readonly record: number;
      readonly seed: string;
      readonly size: number;
      readonly same: boolean;
      readonly items: readonly { readonly key: string }[];
    }
    const { controls } = await json<{ readonly controls: readonly { readonly id: string; readonly checks: readonly string[] }[] }>('/controls');
    const control = controls.find(({ checks }) => checks.includes('workers-trained'))?.id;
    const response = await acme.ask(`/controls/${control}/samples`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ check: 'workers-trained', size: 2, seed: 'march' }),
    });
    const drawn = (await response.json()) as Sampled;
    expect([response.status, drawn.items.length]).toEqual([201, 2]);
    acme.pass(days(2));
    await acme.workspace.collect();
    expect(await json<Sampled>(`/controls/${control}/samples/${drawn.record}`)).toEqual({ ...drawn, same: true });
    const other = controls.find(({ id }) => id !== control)?.id;
    const refused = await Promise.all(
      [`/controls/${other}/samples/${drawn.record}`, `/controls/${control}/samples/0`, `/controls/${control}/samples/9999`].map(json<Refused>),
    );
    expect(refused.map(({ type }) => type)).toEqual(Array(3).fill('/api/problems/not-found'));
  });
});
