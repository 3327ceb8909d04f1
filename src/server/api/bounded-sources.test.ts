import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, LIMITS } from '../../auth/attempts.ts';
import { days, hours, instant, iso } from '../../core/instant.ts';
import { type Company, company, principal, START } from './testing/company.ts';

// One collector tells of whatever it is configured to: that it can tell of trainings does not make it a source of trainings.
const MORE = `  - { collector: csv/dataset, name: keys, config: { path: keys.csv, dataset: iam.access-keys, attestedBy: W-1, company: acme, columns: { systemId: { value: cloud }, accountId: { value: main }, userId: Login, login: Login, keyId: Id, status: { value: active }, createdAt: Made } } }
  - { collector: terraform/state, name: falcon, retired: { at: 2026-02-15, because: project Falcon was sold }, config: { path: falcon.tfstate } }
scope: { systems: [{ id: cloud, name: The cloud, environment: production }] }
`;

let acme: Company;
/** The record that holds the export of keys. */
let keys: number;
beforeAll(async () => {
  acme = await company({
    more: MORE,
    prepare: (dir) => writeFileSync(join(dir, 'keys.csv'), `# generated ${iso(START - hours(1))}\nId,Login,Made\nK-1,deploy,${iso(START - days(80))}\n`),
  });
  const records = await acme.workspace.records(null, 50);
  keys = records.find(({ title }) => title.includes('csv/dataset'))?.index ?? -1;
});
afterAll(() => acme.close());

const json = async <Answer = Record<string, never>>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;
const auditing = (bounds: NonNullable<Parameters<typeof principal>[1]>['bounds']) => acme.as(principal('auditor', { bounds: bounds ?? null }));

interface Sources {
  readonly sources: readonly {
    readonly collector: string;
    readonly name: string;
    readonly partitions: readonly { readonly last: object | null; readonly nextAt: string | null }[];
  }[];
}
const names = async () => (await json<Sources>('/sources')).sources.map(({ collector, name }) => `${collector}/${name}`);

describe('an auditor of some controls', () => {
  it('reads the evidence of what their checks read, and of a source by what it is configured to tell of', async () => {
    auditing({ period: null, controls: ['AC-15'] });
    expect(await json(`/records/${keys}`)).toMatchObject({ index: keys });
    expect(await names()).toContain('csv/dataset/keys');
    expect((await acme.ask('/sources/csv/dataset/keys/runs')).status).toBe(200);

    auditing({ period: null, controls: ['TR-01'] });
    for (const path of [`/records/${keys}`, `/records/${keys}/artifacts/export`]) expect([path, (await acme.ask(path)).status]).toEqual([path, 403]);
    expect((await acme.ask('/sources/csv/dataset/keys/runs')).status).toBe(404);
    const { records } = await json<{ readonly records: readonly { readonly index: number }[] }>('/records');
    expect(records.map(({ index }) => index)).not.toContain(keys);
    expect(await names()).toEqual(['hr/csv/people']);
  });

  it('is handed a bundle of those alone', async () => {
    const evidenceIn = async () => {
      const tar = Buffer.from(await (await acme.ask('/bundle?period=2026-03-01T00:00:00Z..2026-03-03T00:00:00Z')).arrayBuffer()).toString('latin1');
      return [tar.includes(`evidence/${String(keys).padStart(8, '0')}/`), /"sources":\[[^\]]*\]/.exec(tar)?.[0]];
    };
    auditing({ period: null, controls: ['TR-01'] });
    expect(await evidenceIn()).toEqual([false, '"sources":["hr/csv/people","training-completions","training-courses"]']);
    auditing({ period: null, controls: ['AC-15'] });
    expect(await evidenceIn()).toEqual([true, expect.stringContaining('csv/dataset/keys')]);
  });

  it('is told what is held, and neither why nor by whom', async () => {
    const record = await acme.workspace.placeHold({ records: [1] }, { reason: 'litigation Smith v. Acme', by: 'admin@acme.example' });
    acme.as(principal('auditor'));
    expect(await (await acme.ask(`/records/${record}`)).text()).toContain('Smith');
    auditing({ period: null, controls: ['TR-01'] });
    expect(await json(`/records/${record}`)).toMatchObject({ body: { kind: 'hold', reason: null, by: null } });
    expect(await (await acme.ask('/records')).text()).not.toContain('Smith');
    expect((await json<{ readonly records: readonly object[] }>('/records?text=smith')).records).toEqual([]);
  });

  it('draws so many samples an hour, and no more', async () => {
    auditing({ period: null, controls: ['TR-01'] });
    const { signIn } = acme;
    for (let n = 1; n < LIMITS.draw.max; n++) await attempt(signIn, 'draw', 'u-auditor');
    const drawn = async () => {
      const body = JSON.stringify({ check: 'workers-trained', size: 1, seed: 'made up' });
      return (await acme.ask('/controls/TR-01/samples', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
    };
    expect([await drawn(), await drawn()]).toEqual([201, 429]);
    acme.as(principal('auditor'));
    expect(await drawn()).toBe(201);
  });
});

describe('an auditor of a period', () => {
  const around = { from: START - hours(1), to: START + hours(1) };

  it('is shown no sample of which some lies outside', async () => {
    acme.as(principal('admin'));
    const drawn = async (period: string) => {
      const body = JSON.stringify({ check: 'workers-trained', size: 1, seed: 'made up', period });
      const answer = await acme.ask('/controls/TR-01/samples', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return ((await answer.json()) as { readonly record: number }).record;
    };
    const [year, month] = [await drawn('2026-01-01T00:00:00Z..2026-03-02T00:00:00Z'), await drawn('2026-03-01T00:00:00Z..2026-03-02T00:00:00Z')];
    auditing({ period: { from: instant('2026-03-01T00:00:00Z'), to: instant('2026-04-01T00:00:00Z') }, controls: null });
    expect([(await acme.ask(`/controls/TR-01/samples/${year}`)).status, (await acme.ask(`/controls/TR-01/samples/${month}`)).status]).toEqual([403, 200]);
  });

  it('is told of the last run within it, and of none that came after', async () => {
    acme.pass(days(1));
    await acme.workspace.collect();
    auditing({ period: null, controls: null });
    const lastOf = async () => (await json<Sources>('/sources')).sources.find(({ name }) => name === 'people')?.partitions[0];
    expect(await lastOf()).toMatchObject({ last: { at: iso(START + days(1)) } });
    auditing({ period: around, controls: null });
    expect(await lastOf()).toMatchObject({ last: { at: iso(START) }, nextAt: null });
    const { runs } = await json<{ readonly runs: readonly { readonly startedAt: string }[] }>('/sources/hr/csv/people/runs');
    expect(runs.map(({ startedAt }) => startedAt)).toEqual([iso(START)]);
    auditing({ period: { from: START - days(20), to: START - days(1) }, controls: null });
    expect(await lastOf()).toMatchObject({ last: null, nextAt: null });
  });
});
