import { expect } from 'vitest';
import type { Workspace } from '../src/app/views.ts';
import { api } from '../src/server/api/api.ts';
import { hub } from '../src/server/api/hub.ts';
import { principal } from '../src/server/api/testing/company.ts';
import { signInMeans } from '../src/server/sign-in/means.ts';

interface Answers {
  readonly controls: { readonly controls: readonly { readonly id: string; readonly checks: readonly string[] }[] };
  readonly deviations: {
    readonly deviations: readonly {
      readonly check: string;
      readonly verdict: string;
      readonly item: Readonly<Record<'source' | 'partition' | 'key' | 'label', string>>;
    }[];
  };
  readonly findings: { readonly count: number; readonly findings: readonly { readonly id: string }[]; readonly next: string | null };
  readonly datasets: { readonly datasets: readonly { readonly id: string }[] };
  readonly people: { readonly covered: boolean; readonly people: readonly { readonly id: string; readonly state: string }[] };
  readonly accounts: { readonly accounts: readonly { readonly login: string; readonly personId: string | null }[] };
  readonly sources: { readonly sources: readonly { readonly collector: string; readonly name: string }[] };
}

/** Everything that the API tells of Acme can be asked for, and is what the workspace says. @param orphanAt when an account was nobody's */
export async function servedWhole(workspace: Workspace, orphanAt: string): Promise<void> {
  const failures: unknown[] = [];
  const app = api({
    services: { workspace, hub: hub(), signIn: signInMeans(workspace, () => 'http://127.0.0.1:7400'), failed: (error) => void failures.push(error) },
    principalOf: async () => principal('auditor'),
  });
  const json = async <Answer>(path: string): Promise<Answer> => {
    const response = await app.request(`http://127.0.0.1/api${path}`);
    const answer = await response.json();
    expect([path, response.status, response.status === 200 ? null : answer]).toEqual([path, 200, null]);
    return answer as Answer;
  };
  const posture = await workspace.posture();

  const { controls } = await json<Answers['controls']>('/controls');
  expect(controls.map(({ id }) => id)).toEqual(posture.controls.map(({ id }) => id));
  for (const { id, checks } of controls) {
    await json(`/controls/${id}`);
    await json(`/controls/${id}/period`);
    if (checks[0] !== undefined) await json(`/controls/${id}/population?check=${checks[0]}&limit=5`);
  }

  const { deviations } = await json<Answers['deviations']>('/deviations?verdict=deviates&limit=500');
  const named = [...posture.findings].filter(({ verdict }) => verdict === 'deviates');
  expect(deviations.map(({ check, item }) => `${check} ${item.label}`).sort()).toEqual(named.map(({ check, item }) => `${check} ${item.label}`).sort());
  for (const { check, item } of deviations) {
    const asked = new URLSearchParams({ source: item.source, partition: item.partition, key: item.key });
    const { steps, label } = await json<{ readonly steps: readonly { readonly kind: string; readonly to: string | null }[]; readonly label: string }>(
      `/checks/${check}/item?${asked}`,
    );
    expect([check, label, steps.at(-1)?.kind, steps.at(-1)?.to]).toEqual([check, item.label, 'deviates', null]);
  }

  const first = await json<Answers['findings']>('/findings?limit=60');
  const rest = first.next === null ? [] : (await json<Answers['findings']>(`/findings?limit=60&cursor=${first.next}`)).findings;
  expect(new Set([...first.findings, ...rest].map(({ id }) => id)).size).toBe(Math.min(first.count, 120));
  const [finding] = first.findings;
  await json(`/findings/${finding?.id}`);

  for (const { id } of (await json<Answers['datasets']>('/datasets')).datasets) await json(`/datasets/${id}/rows?limit=3`);
  for (const { collector, name } of (await json<Answers['sources']>('/sources')).sources) await json(`/sources/${collector}/${name}/runs?limit=1`);

  const { people, covered } = await json<Answers['people']>('/people?limit=500');
  expect([covered, people.length > 40]).toEqual([true, true]);
  for (const { id } of people.filter(({ state }) => state === 'left').slice(0, 3)) {
    const { person } = await json<{
      readonly person: { readonly lanes: readonly { readonly spells: readonly object[] }[]; readonly events: readonly { readonly what: string }[] };
    }>(`/people/${id}`);
    expect(person.lanes.filter(({ spells }) => spells.length === 0)).toEqual([]);
    expect(person.events.map(({ what }) => what)).toEqual(expect.arrayContaining(['starts', 'ends']));
  }
  const { accounts } = await json<Answers['accounts']>(`/accounts?of=orphans&asOf=${orphanAt}`);
  expect(accounts.map(({ login }) => login)).toContain('ghost-42');
  expect(accounts.filter(({ personId }) => personId !== null)).toEqual([]);
  expect(failures).toEqual([]);
}
