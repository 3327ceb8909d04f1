import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, instant, iso } from '../../core/instant.ts';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  acme = await company();
});
afterAll(() => acme.close());

const get = async <Its = Record<string, unknown>>(path: string) => (await (await acme.ask(path)).json()) as Its;

async function post(path: string, body: object) {
  const answer = await acme.ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

interface Retention {
  readonly classes: readonly { readonly name: string; readonly kept: string }[];
  readonly eras: readonly { readonly era: string; readonly records: number; readonly due: string; readonly holds: readonly number[] }[];
  readonly holds: readonly { readonly record: number; readonly says: string; readonly by: string; readonly reason: string }[];
}

describe('retention', () => {
  it('tells how long each class is kept, and when an era is due', async () => {
    const { classes, eras, holds } = await get<Retention>('/retention');
    expect(classes).toEqual([
      { name: 'evidence', kept: '7 years' },
      { name: 'configuration', kept: '10 years' },
    ]);
    expect(eras.map(({ era, records, due }) => [era, records, due])).toEqual([
      ['configuration/2026-Q1', 1, '2036-04-01T00:00:00Z'],
      ['evidence/2026-Q1', 1, '2033-04-01T00:00:00Z'],
    ]);
    expect(holds).toEqual([]);
  });

  it('places a hold under the name of who asks, stands in the way of a disposal, and is released once', async () => {
    const { status, body } = await post('/holds', { what: { era: 'evidence/2026-Q1' }, reason: 'the court asked' });
    expect(status).toBe(201);
    const { holds, eras } = await get<Retention>('/retention');
    expect(holds).toMatchObject([{ record: body.record, says: 'evidence/2026-Q1', by: 'admin@acme.example', reason: 'the court asked' }]);
    expect(eras.find(({ era }) => era === 'evidence/2026-Q1')?.holds).toEqual([body.record]);
    const plan = await get<{ readonly refusals: readonly string[] }>('/retention/plan?era=evidence/2026-Q1');
    expect(plan.refusals).toContain(`the hold of record ${String(body.record)} keeps evidence/2026-Q1: it must be released first`);
    const released = await post(`/holds/${String(body.record)}/release`, { reason: 'the case is closed' });
    expect(released).toMatchObject({ status: 200, body: { record: Number(body.record) + 1 } });
    expect((await post(`/holds/${String(body.record)}/release`, { reason: 'again' })).status).toBe(404);
    expect((await get<Retention>('/retention')).holds).toEqual([]);
  });

  it('takes no hold of something that could not be an era, and none without a reason', async () => {
    expect((await post('/holds', { what: { era: 'everything' }, reason: 'the court asked' })).status).toBe(400);
    expect((await post('/holds', { what: { source: 'hr/csv/people' }, reason: '' })).status).toBe(400);
  });
});

interface Keys {
  readonly began: string;
  readonly keys: readonly {
    readonly role: string;
    readonly who: string;
    readonly fingerprint: string;
    readonly introduced: object | null;
    readonly ended: object | null;
  }[];
  readonly overlap: { readonly record: number; readonly until: string } | null;
}

describe('keys', () => {
  it('tells which sign what, lets a new one sign in place of an old one, and seals who asked for it', async () => {
    const before = await get<Keys>('/keys');
    expect(before.keys.map(({ role, who, ended }) => [role, who.replace(/^acme-.*/, 'the log'), ended])).toEqual([
      ['log', 'the log', null],
      ['statement', 'workspace', null],
      ['statement', 'hr/csv', null],
    ]);
    expect(before).toMatchObject({ began: iso(instant('2026-03-02T09:00:00Z')), overlap: null, payloads: { keeper: 'files' } });
    const { status, body } = await post('/keys/rotate', { who: 'workspace' });
    expect(status).toBe(201);
    const after = await get<Keys>('/keys');
    const its = after.keys.filter(({ who }) => who === 'workspace');
    expect(its).toMatchObject([
      { introduced: { record: body.record }, ended: null },
      { fingerprint: before.keys[1]?.fingerprint, introduced: null, ended: { record: body.record } },
    ]);
    const log = await post('/keys/rotate', { who: 'log', overlapDays: 30 });
    expect(await get<Keys>('/keys')).toMatchObject({ overlap: { record: log.body.record, until: iso(acme.pass(0) + days(30)) } });
    const again = await post('/keys/rotate', { who: 'log' });
    expect([again.status, String(again.body.detail)]).toEqual([400, expect.stringMatching(/being replaced since record/)]);
    const trail = await get<{ readonly lines: readonly { readonly act: string; readonly by: string; readonly target: string }[] }>('/trail?act=key-rotate');
    expect(trail.lines.map(({ by, target }) => [by, target])).toEqual([
      ['admin@acme.example', 'keys/log'],
      ['admin@acme.example', 'keys/log'],
      ['admin@acme.example', 'keys/workspace'],
    ]);
  });

  it('says where the archive lies, reads it again when asked, and finds nothing wrong', async () => {
    const room = await get<{ readonly place: string; readonly parts: readonly { readonly part: string; readonly bytes: number }[] }>('/log/room');
    expect(room.place).toBe('.tickmark');
    expect(room.parts.find(({ part }) => part.startsWith('Log'))?.bytes).toBeGreaterThan(1000);
    const { body } = await post('/log/scrub', { seconds: 5 });
    const size = (await acme.workspace.checkpoint()).size;
    expect(body.last).toMatchObject({ position: size, size, problems: [] });
    expect(await get('/log/scrub')).toEqual(body);
    expect((await post('/log/attend', {})).body).toEqual({ witnessed: false, timestamped: false });
  });

  it('says when nobody is woken', async () => {
    expect(await get('/settings/notifications')).toEqual({
      quiet: null,
      resume: 28_800_000,
      reopen: 86_400_000,
      recheck: { real: 129_600_000, other: 2_592_000_000 },
    });
  });
});

interface Trail {
  readonly lines: readonly {
    readonly record: number;
    readonly by: string | null;
    readonly act: string;
    readonly target: string | null;
    readonly from: string | null;
    readonly says: object | null;
  }[];
  readonly next: string | null;
}

describe('the audit trail', () => {
  beforeAll(async () => {
    await acme.workspace.recordActs([
      { act: 'sign-in', by: 'ines.duarte@acme.example', target: 'users/u2', says: { address: '203.0.113.7', methods: ['password'] } },
      { act: 'role-change', by: 'admin@acme.example', target: 'users/u2', says: { role: { from: 'member', to: 'manager' } } },
    ]);
  });

  it('says who did what, from where, and on which record, and holds no run of a source', async () => {
    const { lines } = await get<Trail>('/trail?limit=2');
    expect(lines).toMatchObject([
      { by: 'admin@acme.example', act: 'role-change', target: 'users/u2', from: null, says: { role: { from: 'member', to: 'manager' } } },
      { by: 'ines.duarte@acme.example', act: 'sign-in', target: 'users/u2', from: '203.0.113.7', says: { methods: ['password'] } },
    ]);
    const all = await get<Trail>('/trail?limit=500');
    expect(all.next).toBeNull();
    const { size } = await acme.workspace.checkpoint();
    const runs = (await acme.workspace.records(null, 500, ['success'])).length;
    expect(all.lines).toHaveLength(size - runs);
    expect(all.lines.map(({ act }) => act)).toContain('hold placed');
    expect(all.lines.at(-1)).toMatchObject({ act: 'configuration sealed', by: null });
  });

  it('goes on from page to page, and finds by who, what and when', async () => {
    const [first] = [await get<Trail>('/trail?limit=3')];
    const second = await get<Trail>(`/trail?limit=3&cursor=${first.next}`);
    expect(Math.max(...second.lines.map(({ record }) => record))).toBeLessThan(Math.min(...first.lines.map(({ record }) => record)));
    expect((await get<Trail>('/trail?by=INES')).lines.map(({ act }) => act)).toEqual(['sign-in']);
    expect((await get<Trail>('/trail?act=role')).lines.map(({ by }) => by)).toEqual(['admin@acme.example']);
    expect((await get<Trail>('/trail?kind=hold')).lines.map(({ act }) => act)).toEqual(['hold released', 'hold placed']);
    expect((await get<Trail>('/trail?period=2020-01-01T00:00:00Z..2021-01-01T00:00:00Z')).lines).toEqual([]);
  });

  it('is to be had as CSV, in which no cell begins a formula', async () => {
    await acme.workspace.recordActs([{ act: 'sign-in', by: '=cmd@acme.example', target: null, says: null }]);
    const text = await (await acme.ask('/trail.csv?act=sign-in')).text();
    const [head, first, second] = text.split('\r\n');
    expect(head).toBe('record,sealed,by,act,target,from,says');
    expect(first).toMatch(/^\d+,2026-03-02T09:00:00Z,'=cmd@acme\.example,sign-in,,,$/);
    expect(second).toContain(',ines.duarte@acme.example,sign-in,users/u2,203.0.113.7,"{""methods"":[""password""]}"');
  });

  it('shows whoever is bounded to controls no act of anybody, and to a period those of that period', async () => {
    const period = { from: instant('2026-03-02T00:00:00Z'), to: instant('2026-03-03T00:00:00Z') };
    acme.as(principal('auditor', { bounds: { period, controls: null } }));
    expect((await get<Trail>('/trail?act=role')).lines).toHaveLength(1);
    acme.as(principal('auditor', { bounds: { period, controls: ['AC-01'] } }));
    expect((await get<Trail>('/trail?kind=act')).lines).toEqual([]);
    acme.as(principal('auditor', { bounds: { period: { from: 0, to: 1 }, controls: null } }));
    expect((await get<Trail>('/trail')).lines).toEqual([]);
    acme.as(principal('admin'));
  });
});
