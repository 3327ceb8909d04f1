import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, hours, instant, iso } from '../../core/instant.ts';
import { contract } from './contract/index.ts';
import { endpointsOf } from './methods.ts';
import { type Company, company, principal, START } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  acme = await company();
});
afterAll(() => acme.close());

const FEBRUARY = { from: instant('2026-02-01T00:00:00Z'), to: instant('2026-03-01T00:00:00Z') };
const json = async <Answer = Record<string, never>>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;
const outside = (detail: string) => ({ type: '/api/problems/out-of-bounds', status: 403, detail });

interface Posture {
  readonly asOf: string;
  readonly criteria: readonly { readonly id: string; readonly controls: readonly string[]; readonly status: string }[];
  readonly controls: readonly { readonly id: string }[];
  readonly checks: readonly { readonly id: string }[];
}

describe('an auditor of some controls', () => {
  beforeAll(() => acme.as(principal('auditor', { bounds: { period: null, controls: ['TR-01', 'AC-08'] } })));

  it('is told of those alone, and a criterion is what they make it', async () => {
    const whole = await acme.workspace.posture();
    const mine = whole.controls.filter(({ id }) => ['TR-01', 'AC-08'].includes(id));
    const told = await json<Posture>('/posture');
    expect(told.controls.map(({ id }) => id)).toEqual(mine.map(({ id }) => id));
    expect(new Set(told.checks.map(({ id }) => id))).toEqual(new Set(mine.flatMap(({ checks }) => checks)));
    expect(told.criteria.map(({ id }) => id)).toEqual(
      whole.criteria.filter(({ controls }) => controls.some((id) => ['TR-01', 'AC-08'].includes(id))).map(({ id }) => id),
    );
    expect(told.criteria.flatMap(({ controls }) => controls).filter((id) => !['TR-01', 'AC-08'].includes(id))).toEqual([]);
    const strips = await json<Posture>('/strips');
    expect([strips.controls.map(({ id }) => id).sort(), strips.criteria]).toEqual([['AC-08', 'TR-01'], []]);
  });

  it('is refused others, whichever way they are asked for', async () => {
    const says = 'the controls TR-01, AC-08';
    expect(await json('/controls/AC-01')).toMatchObject({ status: 404 });
    expect(await json('/deviations?control=AC-01')).toMatchObject({ status: 404 });
    expect(await json('/findings?control=AC-01')).toMatchObject(outside(`AC-01 lies outside of what you may see: ${says}.`));
    expect(await json('/occurrences?period=2026-01-01T00:00:00Z..2026-02-01T00:00:00Z&control=AC-01')).toMatchObject(
      outside(`AC-01 lies outside of what you may see: ${says}.`),
    );
    expect(await json('/reports/evidence?period=2026-01-01T00:00:00Z..2026-02-01T00:00:00Z&control=AC-01')).toMatchObject(
      outside(`AC-01 lies outside of what you may see: ${says}.`),
    );
    expect(await json('/bundle?period=2026-01-01T00:00:00Z..2026-02-01T00:00:00Z&control=AC-01')).toMatchObject(
      outside(`AC-01 lies outside of what you may see: ${says}.`),
    );
    expect(await json('/datasets/iam.access-keys/rows')).toMatchObject({ status: 404 });
    expect(await json('/checks/access-keys-rotated/item?source=a&partition=b&key=c')).toMatchObject(
      outside(`access-keys-rotated lies outside of what you may see: ${says}.`),
    );
    expect((await json<{ readonly datasets: readonly { readonly id: string }[] }>('/datasets')).datasets.map(({ id }) => id)).not.toContain('iam.access-keys');
    const { found } = await json<{ readonly found: readonly { readonly kind: string; readonly id: string }[] }>('/search?q=AC-0&limit=50');
    expect(found.filter(({ kind }) => kind === 'control').map(({ id }) => id)).toEqual(['AC-08']);
  });

  it('sees no acts of users', async () => {
    const [act = -1] = await acme.workspace.recordActs([{ act: 'sign-in', by: 'maria.lopez@acme.example', target: null, says: null }]);
    expect(await json(`/records/${act}`)).toMatchObject({ status: 403 });
    const { records } = await json<{ readonly records: readonly { readonly index: number; readonly outcome: string }[] }>('/records');
    expect(records.filter(({ outcome }) => outcome === 'act')).toEqual([]);
  });
});

describe('an auditor of a period', () => {
  beforeAll(() => acme.as(principal('auditor', { bounds: { period: FEBRUARY, controls: null } })));

  it('is told of its last instant where nothing is asked, and of no other time', async () => {
    expect((await json<Posture>('/posture')).asOf).toBe('2026-02-28T23:59:59.999Z');
    expect(await json('/posture?asOf=2026-01-15T00:00:00Z')).toMatchObject(
      outside('2026-01-15T00:00:00Z lies outside of what you may see: the period from 2026-02-01T00:00:00Z up to 2026-03-01T00:00:00Z.'),
    );
    expect(await json('/posture?asOf=2026-03-01T00:00:00Z')).toMatchObject({ status: 403 });
    expect(await json('/people')).toMatchObject({ asOf: '2026-02-28T23:59:59.999Z' });
  });

  it('is told of the part of a period that lies within', async () => {
    const part = { from: '2026-02-01T00:00:00Z', to: '2026-02-10T00:00:00Z' };
    expect(await json('/strips?period=2026-01-01T00:00:00Z..2026-02-10T00:00:00Z')).toMatchObject({ period: part });
    expect(await json('/controls/AC-08/period?period=2026-01-01T00:00:00Z..2026-02-10T00:00:00Z')).toMatchObject({ period: part });
    expect(await json('/strips')).toMatchObject({ period: { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' } });
    expect(await json('/strips?period=2025-01-01T00:00:00Z..2025-02-01T00:00:00Z')).toMatchObject({ status: 403 });
  });

  it('sees no record that was sealed at another time', async () => {
    const { sealedAt } = await acme.workspace.sealed(1);
    expect(sealedAt).toBe(START);
    expect(await json('/records/1')).toMatchObject(outside('Record 1 lies outside of them: the period from 2026-02-01T00:00:00Z up to 2026-03-01T00:00:00Z.'));
    for (const part of ['envelope', 'leaf', 'proof', 'sigstore', 'artifacts/export', 'artifacts/export/json'])
      expect([part, (await acme.ask(`/records/1/${part}`)).status]).toEqual([part, 403]);
    expect(await json('/records')).toEqual({ records: [], count: null, size: null, next: null });
    expect(await json('/posture?asKnownAt=1')).toMatchObject({ status: 403 });
    const { digest } = await acme.workspace.sealed(1);
    expect(await json(`/search?q=${digest}`)).toEqual({ found: [] });
  });
});

it('serves nobody who is bounded an endpoint that does not say how bounds take effect', async () => {
  acme.as(principal('admin', { bounds: { period: FEBRUARY, controls: null } }));
  const refused = endpointsOf(contract).filter(({ bounds }) => bounds === 'refused');
  expect(refused.map(({ name }) => name)).toEqual(expect.arrayContaining(['sources.collect', 'statements.state', 'statements.withdraw']));
  for (const { method, path, name } of refused) {
    const body = method === 'GET' ? {} : { method, headers: { 'content-type': 'application/json' }, body: '{}' };
    const response = await acme.ask(path.replace(/\{[^}]+\}/g, '0'), body);
    expect([name, response.status, ((await response.json()) as { readonly type: string }).type]).toEqual([name, 403, '/api/problems/out-of-bounds']);
  }
});

describe('what lies ahead', () => {
  const made = (age: number) => iso(START - days(age));
  const keys = `  - { collector: csv/dataset, name: keys, config: { path: keys.csv, dataset: iam.access-keys, attestedBy: W-1, company: acme, columns: { systemId: { value: cloud }, accountId: { value: main }, userId: Login, login: Login, keyId: Id, status: { value: active }, createdAt: Made } } }
scope: { systems: [{ id: cloud, name: The cloud, environment: production }] }
`;
  let cloud: Company;
  beforeAll(async () => {
    cloud = await company({
      more: keys,
      prepare: (dir) =>
        writeFileSync(
          join(dir, 'keys.csv'),
          `# generated ${iso(START - hours(1))}\nId,Login,Made\nK-1,deploy,${made(80)}\nK-2,backup,${made(40)}\nK-3,old,${made(95)}\n`,
        ),
    });
  });
  afterAll(() => cloud.close());

  const ahead = async (bounds: Parameters<typeof principal>[1]) => {
    cloud.as(principal('auditor', bounds));
    const told = (await (await cloud.ask('/ahead?days=100')).json()) as { readonly ahead: readonly { readonly at: string; readonly check: string }[] };
    return told.ahead.filter(({ check }) => check === 'access-keys-rotated').map(({ at }) => at);
  };
  const due = [iso(START + days(10)), iso(START + days(50))];

  it('is told to an auditor of its controls, up to the end of their period, and to nobody else', async () => {
    const period = (to: number) => ({ from: START - days(60), to });
    expect(await ahead({})).toEqual(due);
    expect(await ahead({ bounds: { period: null, controls: ['AC-15'] } })).toEqual(due);
    expect(await ahead({ bounds: { period: null, controls: ['AC-08'] } })).toEqual([]);
    expect(await ahead({ bounds: { period: period(START + days(20)), controls: null } })).toEqual(due.slice(0, 1));
    expect(await ahead({ bounds: { period: period(START + days(10)), controls: null } })).toEqual([]);
  });
});
