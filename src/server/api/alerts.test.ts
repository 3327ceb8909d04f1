import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours } from '../../core/instant.ts';
import { alertChanged } from './happenings.ts';
import { company, principal } from './testing/company.ts';

let acme: Awaited<ReturnType<typeof company>>;
let id = '';
beforeAll(async () => {
  acme = await company();
  await acme.workspace.alerts.look([{ kind: 'late', what: '<b>collect</b>', since: acme.workspace.now(), says: 'confidential' }]);
  await acme.workspace.alerts.tick();
  id = (await acme.workspace.alerts.list(true)).find(({ signal }) => signal.on === 'job-trouble')?.id ?? '';
});
afterAll(() => acme.close());

const post = (path: string, body: object) => acme.ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const json = async (response: Promise<Response>) => [(await response).status, await (await response).json()] as const;

describe('alerts in the API', () => {
  it('are listed page by page, and read with their records', async () => {
    acme.as(principal('member'));
    const [status, { alerts }] = await json(acme.ask('/alerts?state=unresolved&limit=1'));
    expect([status, alerts.length]).toEqual([200, 1]);
    const [, whole] = await json(acme.ask(`/alerts/${id}`));
    expect(whole).toMatchObject({ id, state: 'open', severity: 'medium', cause: 'job-trouble', acknowledged: null });
    expect(whole.acts.map(({ act, record }: { act: string; record: unknown }) => [act, typeof record])).toEqual([
      ['raise', 'number'],
      ['notify', 'number'],
    ]);
    expect(JSON.stringify(whole)).not.toContain('confidential');
    expect((await acme.ask('/alerts/A-none')).status).toBe(400);
  });

  it('are taken and resolved under the name of whoever is signed in', async () => {
    acme.as(principal('auditor'));
    expect((await post(`/alerts/${id}/acknowledge`, {})).status).toBe(403);
    const vouched = { by: 'session', id: 's1', user: 'u1', record: 3, methods: ['passkey'], strong: true, verifiedAt: 0 } as const;
    acme.as(principal('member', { name: 'maria.lopez@acme.example', vouched }));
    const heard: unknown[] = [];
    const stop = acme.workspace.alerts.onAct((act, alert) => void heard.push(alertChanged(act, alert)));
    const [, taken] = await json(post(`/alerts/${id}/acknowledge`, { note: 'the disk was full' }));
    expect([taken.state, taken.acknowledged.by, taken.acts.at(-1).says]).toEqual(['acknowledged', 'maria.lopez@acme.example', 'note: the disk was full']);
    expect(taken.acts.map(({ act, knownBy }: { act: string; knownBy: unknown }) => [act, knownBy]).slice(0, 3)).toEqual([
      ['raise', null],
      ['notify', null],
      ['acknowledge', 'session'],
    ]);
    const sealed = (await acme.workspace.record(taken.acts.at(-1).record)).record.body;
    expect(sealed).toMatchObject({ act: 'alert-note', by: 'maria.lopez@acme.example', says: { deed: { vouched: { id: 's1', record: 3 } } } });
    acme.as(principal('member', { name: 'maria.lopez@acme.example' }));
    const [again, refused] = await json(post(`/alerts/${id}/acknowledge`, {}));
    expect([again, refused.detail]).toEqual([400, `${id} is acknowledged already.`]);
    const [, over] = await json(post(`/alerts/${id}/resolve`, { conclusion: 'benign', cause: 'logs were moved', incident: 'INC-7' }));
    expect(over.resolved).toMatchObject({ by: 'maria.lopez@acme.example', conclusion: 'benign', cause: 'logs were moved', incident: 'INC-7' });
    stop();
    expect(heard[0]).toMatchObject({ type: 'alert', permission: 'alerts.read', data: { id, state: 'acknowledged', act: 'acknowledge' } });
    expect((await post(`/alerts/${id}/snooze`, { until: '2020-01-01T00:00:00Z', note: 'x' })).status).toBe(400);
    expect((await post(`/alerts/${id}/resolve`, { conclusion: 'done', cause: 'x' })).status).toBe(400);
  });

  it('are clipped to the bounds of an auditor', async () => {
    const all = (await acme.workspace.alerts.list(false)).length;
    const listed = async () => (await json(acme.ask('/alerts?limit=500')))[1].alerts.length;
    acme.as(principal('auditor', { bounds: { period: null, controls: null } }));
    expect(await listed()).toBe(all);
    acme.as(principal('auditor', { bounds: { period: null, controls: ['AC-99'] } }));
    expect([await listed(), (await acme.ask(`/alerts/${id}`)).status]).toEqual([0, 404]);
    const now = acme.workspace.now();
    acme.as(principal('auditor', { bounds: { period: { from: now - hours(48), to: now - hours(24) }, controls: null } }));
    expect([await listed(), (await acme.ask('/alerts/times')).status]).toEqual([0, 403]);
  });

  it('tell their rules, times and channels', async () => {
    acme.as(principal('manager'));
    const [, { rules, channels }] = await json(acme.ask('/alerts/rules'));
    expect([rules.length, channels]).toEqual([8, [{ name: 'terminal', kind: 'terminal' }]]);
    const [, { times }] = await json(acme.ask('/alerts/times'));
    expect(times.find(({ severity }: { severity: string }) => severity === 'medium')).toMatchObject({ system: 'tickmark', acknowledge: { count: 1 } });
    expect(await json(post('/alerts/channels/terminal/test', {}))).toEqual([200, { channel: 'terminal', taken: true, because: null }]);
  });
});
