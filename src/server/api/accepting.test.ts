import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../core/instant.ts';
import { principal } from './testing/company.ts';
import { inside, type Inside } from './testing/inside.ts';

interface Policies {
  readonly policies: {
    readonly covered: boolean;
    readonly gaps: readonly string[];
    readonly lines: readonly {
      readonly policy: string;
      readonly current: { readonly version: string } | null;
      readonly accepted: readonly { readonly version: string; readonly at: string; readonly shownBy: string; readonly records: readonly number[] }[];
      readonly state: string;
      readonly due: string | null;
    }[];
  };
}

let its: Inside;
beforeAll(async () => {
  its = await inside(['policies', 'policy-acceptances']);
});
afterAll(() => its.acme.close());

/** As a manager sees it: a member does not read what is known of people. */
const of = async (id: string): Promise<Policies['policies']> => {
  await its.as('ines.duarte');
  return (await its.get<Policies>(`/people/${id}`)).policies;
};
/** How the policies stand with somebody: id, state, and the day on which it is or was due. */
const standing = async (id: string) => (await of(id)).lines.map(({ policy, state, due }) => [policy, state, due?.slice(0, 10) ?? null]);
const states = async (kind: string, entry: object) => (await its.post('/statements', { kind, entry })).said as { readonly record: number };
const policy = (id: string, version: string, effective: string) => ({
  id: `${id}-${version}`,
  policy: id,
  title: id,
  version,
  effective,
  mustBeAccepted: true,
});

/** Maria states a version, and Ines approves it. */
async function inForce(entry: ReturnType<typeof policy>): Promise<void> {
  await its.as('maria.lopez');
  await states('policies', entry);
  await its.as('ines.duarte');
  await its.post(`/statements/policies/${entry.id}/approve`);
}
const tasks = async (): Promise<readonly { readonly kind: string; readonly title: string; readonly about: string }[]> =>
  (await its.get<{ readonly tasks: readonly { readonly kind: string; readonly title: string; readonly about: string }[] }>('/tasks')).tasks.filter(
    ({ kind }) => kind === 'acceptance',
  );
const deviating = async (check: string): Promise<readonly string[]> =>
  (await its.get<{ readonly deviations: readonly { readonly because: string }[] }>(`/deviations?check=${check}&verdict=deviates`)).deviations.map(
    ({ because }) => because,
  );

describe('a policy', () => {
  it('is asked of nobody while it is a draft', async () => {
    await its.as('maria.lopez');
    await states('policies', policy('POL-1', '1', '2026-01-20'));
    expect(await of('W-1')).toEqual({ covered: true, gaps: [], lines: [] });
  });

  it('is owed by everybody once another has approved it, and overdue by when they joined or it came into force', async () => {
    await its.as('ines.duarte');
    await its.post('/statements/policies/POL-1-1/approve');
    await inForce(policy('POL-2', '1', '2026-01-05'));
    await inForce(policy('POL-3', '1', '2026-02-15'));
    const soon = ['POL-3', 'owed', '2026-03-16'];
    expect(await standing('W-1')).toEqual([['POL-1', 'overdue', '2026-02-18'], ['POL-2', 'overdue', '2026-02-03'], soon]);
    expect(await standing('W-3')).toEqual([['POL-1', 'overdue', '2026-02-18'], ['POL-2', 'overdue', '2026-01-25'], soon]); // two weeks from the first day
    expect(await deviating('policies-accepted-by-new-workers')).toEqual([expect.stringMatching(/had not accepted POL-2, version 1 by 2026-01-25T/)]);
  });
});

describe('who states an acceptance', () => {
  it('accepts for themselves, and for nobody else', async () => {
    await its.as('otto.berg');
    expect((await tasks()).map(({ title, about }) => [title, about])).toEqual([
      ['Accept POL-2, version 1', 'POL-2/1'],
      ['Accept POL-1, version 1', 'POL-1/1'],
      ['Accept POL-3, version 1', 'POL-3/1'],
    ]);
    const refused = await its.post('/statements', { kind: 'policy-acceptances', entry: { id: 'PA-0', policy: 'POL-2', version: '1', worker: 'W-1' } });
    expect(refused.said.detail).toMatch(/policy-acceptances has no such field/);
    const { record } = await states('policy-acceptances', { id: 'PA-1', policy: 'POL-2', version: '1' });
    const [line] = (await of('W-3')).lines.filter((it) => it.policy === 'POL-2');
    expect(line).toMatchObject({ state: 'accepted', due: null, accepted: [{ version: '1', shownBy: 'session', records: [record] }] });
    expect(line?.accepted[0]?.at).toMatch(/^2026-03-02T/); // when it was stated: nobody dates it back
    expect((await standing('W-1'))[1]).toEqual(['POL-2', 'overdue', '2026-02-03']);
    expect(await deviating('policies-accepted-by-new-workers')).toEqual([]);
    await its.as('otto.berg');
    expect(await tasks()).toHaveLength(2);
  });

  it('has accepted nothing that is known where nothing shows that it was they', async () => {
    await its.as('maria.lopez', ['password']);
    await states('policy-acceptances', { id: 'PA-2', policy: 'POL-1', version: '1' });
    expect((await standing('W-1')).find(([id]) => id === 'POL-1')).toEqual(['POL-1', 'unknown', '2026-02-18']);
    await its.as('m.lopez'); // the same person under another address of theirs
    await states('policy-acceptances', { id: 'PA-3', policy: 'POL-1', version: '1' });
    expect((await standing('W-1')).find(([id]) => id === 'POL-1')).toEqual(['POL-1', 'accepted', null]);
    expect((await deviating('revised-policies-accepted-by-workforce')).find((because) => because.includes('Otto Berg'))).toMatch(
      /^Ines Duarte \(W-2\) and Otto Berg \(W-3\) had not accepted it by 2026-02-18T23:00:00Z$/,
    );
  });

  it('owes the next version again, and has it in time', async () => {
    await inForce(policy('POL-2', '2', '2026-03-01'));
    expect((await standing('W-3')).find(([id]) => id === 'POL-2')).toEqual(['POL-2', 'owed', '2026-03-30']);
    its.acme.pass(days(40));
    expect((await of('W-3')).lines.find((it) => it.policy === 'POL-2')).toMatchObject({
      state: 'unknown', // nobody has asked HR since who works here
      accepted: [{ version: '1' }],
      current: { version: '2' },
    });
  });
});

it('is not told to who audits controls that do not rest on it', async () => {
  const read = async (...controls: readonly string[]) => {
    its.acme.as(principal('auditor', { bounds: { period: null, controls } }));
    return (await its.get<Policies>('/people/W-3')).policies;
  };
  expect((await read('AC-01', 'AC-03', 'PO-02')).lines).not.toEqual([]);
  expect(await read('AC-01', 'AC-03')).toEqual({ covered: false, gaps: ['Policies are outside of the controls that you audit.'], lines: [] });
});
