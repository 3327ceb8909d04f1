import type { Hono } from 'hono';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashPassword } from '../../auth/password.ts';
import { addUser } from '../../auth/people.ts';
import { hours, iso } from '../../core/instant.ts';
import { principals, withSignIn } from '../sign-in/gate.ts';
import { signInMeans } from '../sign-in/means.ts';
import { type Browser, browserOf, PASSWORD } from '../sign-in/testing/ground.ts';
import { api } from './api.ts';
import { contract } from './contract/index.ts';
import { endpointsOf } from './methods.ts';
import { principal } from './testing/company.ts';
import { inside, type Inside, ORIGIN } from './testing/inside.ts';
import { passkeyOf } from './testing/passkey.ts';

/** Every endpoint that changes something is called, and what it did is in the log. */

type Said = Readonly<Record<string, unknown>>;
const WRITING = endpointsOf(contract).filter(({ method }) => method !== 'GET');

/** What succeeds without a record, each with its reason. */
const SILENT: Readonly<Record<string, string>> = {
  'statements.prepare': 'it asks for what is to be signed: nothing is stated until the signature comes',
  'account.offerAuthenticator': 'it shows a secret: nothing signs in with it until a code of it was given',
  'settings.readOn': 'it reads the archive and compares: the log is not told that it was read',
  'settings.attend': 'it asks witnesses and authorities, whose answers lie beside the log and verify by themselves',
  'alerts.test': 'it sends a trial to a channel: nothing is raised, changed or told of the company',
  'connect.trial': 'it asks a source and keeps nothing of the answer',
  'connect.upload': 'the file is sealed when a source reads it, and is evidence of nothing before',
  'views.save': 'how somebody looks at a page says nothing of evidence',
  'views.change': 'how somebody looks at a page says nothing of evidence',
  'views.remove': 'how somebody looks at a page says nothing of evidence',
  'views.share': 'how somebody looks at a page says nothing of evidence',
  'companies.begin': 'it begins another log, whose first record is of that company',
};

let its: Inside;
let app: Hono;
let admin: Browser;
let other: string;
const JOB = 'collect hr/csv/people company';
const size = async (): Promise<number> => (await its.acme.workspace.checkpoint()).size;

beforeAll(async () => {
  its = await inside();
  const means = signInMeans(its.acme.workspace, () => ORIGIN, 4);
  const who = principals(means);
  const served = api({ services: { workspace: its.acme.workspace, hub: its.acme.hub, signIn: means, failed: () => undefined }, principalOf: who.principalOf });
  app = withSignIn(means, served, who) as unknown as Hono;
  await addUser(means, { email: 'ada@acme.example', name: 'Ada Park', role: 'admin', cameBy: 'owner', password: await hashPassword(PASSWORD, 4) });
  admin = browserOf(app, { origin: ORIGIN });
  expect((await admin.post('/sign-in', { email: 'ada@acme.example', password: PASSWORD })).status).toBe(303);
  other = its.userOf('eva').id;
  await its.as('otto.berg');
  for (const id of ['R-1', 'R-2']) await its.post('/statements', { kind: 'risks', entry: { id, title: `Risk ${id}` } }); // nobody answers for them: findings
  await its.acme.workspace.alerts.look([{ kind: 'late', what: 'collect', since: its.acme.workspace.now(), says: 'it was not run' }]);
  await its.acme.workspace.alerts.tick();
});
afterAll(() => its.acme.close());

/** Addresses an endpoint of the contract: the rest of `input` is its body. */
function requestOf(name: string, input: Said): { readonly method: string; readonly path: string; readonly body: string } {
  const endpoint = WRITING.find((it) => it.name === name);
  if (!endpoint) throw new RangeError(`no endpoint is called ${name}`);
  const inPath = [...endpoint.path.matchAll(/\{([^}]+)\}/g)].map(([, key = '']) => key);
  const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, key: string) => encodeURIComponent(String(input[key])));
  return {
    method: endpoint.method,
    path: `/api${path}`,
    body: JSON.stringify(Object.fromEntries(Object.entries(input).filter(([key]) => !inPath.includes(key)))),
  };
}

const answered = async (name: string, response: Response): Promise<Said> => {
  const said = (await response.json()) as Said;
  if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(said)}`);
  return said;
};

/** As whoever was let in last, by a token. */
async function call(name: string, input: Said = {}): Promise<Said> {
  const { method, path, body } = requestOf(name, input);
  return answered(name, await its.acme.app.request(`${ORIGIN}${path}`, { method, headers: { 'content-type': 'application/json' }, body }));
}

/** As the admin who sits before a page. */
async function callInside(name: string, input: Said = {}): Promise<Said> {
  const { method, path, body } = requestOf(name, input);
  const cookie = [...admin.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  const headers = { host: new URL(ORIGIN).host, cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const response = await app.request(`${ORIGIN}${path}`, { method, headers, body });
  for (const set of response.headers.getSetCookie()) {
    const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    admin.cookies.set(key, value);
  }
  return answered(name, response);
}

const request = (id: string) => ({
  kind: 'access-requests',
  entry: { id, title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' },
});
const asAdmin = () => its.acme.as(principal('admin'));
const findings = async () => (await its.get<{ readonly findings: readonly { readonly id: string }[] }>('/findings')).findings.map(({ id }) => id);
const alertId = async () => (await its.acme.workspace.alerts.list(true)).find(({ signal }) => signal.on === 'job-trouble')?.id ?? '';
const digest = () => its.acme.workspace.connecting.editing().digest;
const idOf = (said: Said, member: string): string => (said[member] as { readonly id: string }).id;
/** A waiver that Otto asks for, and the second of two people looks at. */
async function waiver(place: number): Promise<string> {
  await its.as('otto.berg');
  const until = iso(its.acme.workspace.now() + hours(24 * 30)).slice(0, 10);
  const said = await call('findingActs.act', { id: (await findings())[place], act: { do: 'waive', until, text: 'it waits for its owner' } });
  await its.as('ines.duarte');
  return String((said.done as readonly { readonly entry: string }[])[0]?.entry);
}
/** A request of Maria's, and Ines who may approve it. */
async function asked(id: string): Promise<void> {
  await its.as('maria.lopez');
  await call('statements.state', request(id));
  await its.as('ines.duarte');
}

/** When a slot was skipped because its schedule was paused. */
const skipped = async () =>
  (await its.acme.workspace.jobs().slots({ schedule: JOB, limit: 9 })).find(({ note }) => note?.startsWith('paused by'))?.slot ?? null;
/** Lets a worker go on until it has done something, and no longer: what it records is not what is counted here. */
async function whileWorking(isDone: () => Promise<boolean>): Promise<void> {
  const patience = { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 0 };
  const worker = await its.acme.workspace.jobs().work({ tell: () => undefined, look: 200, tolerance: Number.MAX_SAFE_INTEGER, patience });
  await expect.poll(isDone, { timeout: 30_000 }).toBe(true);
  await worker.stop(5000);
}

/** A call of each that succeeds; what it needs is made before it, and is not counted. Each may rest on those before it. */
const CALLS: Readonly<Record<string, () => Promise<() => Promise<Said>>>> = {
  'sources.collect': async () => {
    asAdmin();
    return () => call('sources.collect', { source: 'hr/csv/people' });
  },
  'controls.sample': async () => () => call('controls.sample', { id: 'TR-01', check: 'workers-trained', size: 1, seed: 'march' }),
  'statements.state': async () => {
    await its.as('maria.lopez');
    return () => call('statements.state', request('AR-1'));
  },
  'statements.withdraw': async () => () => call('statements.withdraw', { kind: 'access-requests', entry: 'AR-1', reason: 'asked twice' }),
  'statements.approve': async () => {
    await asked('AR-2');
    return () => call('statements.approve', { kind: 'access-requests', entry: 'AR-2' });
  },
  'statements.sign': async () => {
    const key = await passkeyOf(its, 'ines.duarte');
    await asked('AR-3');
    const { sha256 } = await call('statements.prepare', { kind: 'access-requests', act: 'approve', entry: { id: 'AR-3' } });
    return () => call('statements.sign', { response: key.answers(String(sha256)) });
  },
  'findingActs.act': async () => {
    const [id] = await findings();
    return () => call('findingActs.act', { id, act: { do: 'note', text: 'looked at' } });
  },
  'findingActs.actOnAll': async () => () => call('findingActs.actOnAll', { of: { state: 'open' }, act: { do: 'note', text: 'looked at too' } }),
  'findingActs.approveWaiver': async () => {
    const id = await waiver(0);
    return () => call('findingActs.approveWaiver', { id });
  },
  'findingActs.refuseWaiver': async () => {
    const id = await waiver(1);
    return () => call('findingActs.refuseWaiver', { id, reason: 'it can be mended today' });
  },
  'alerts.acknowledge': async () => {
    asAdmin();
    const id = await alertId();
    return () => call('alerts.acknowledge', { id });
  },
  'alerts.note': async () => {
    const id = await alertId();
    return () => call('alerts.note', { id, note: 'the disk was full' });
  },
  'alerts.assign': async () => {
    const id = await alertId();
    return () => call('alerts.assign', { id, to: 'otto.berg@acme.example' });
  },
  'alerts.snooze': async () => {
    const id = await alertId();
    return () => call('alerts.snooze', { id, until: iso(its.acme.workspace.now() + hours(5)), note: 'tomorrow' });
  },
  'alerts.resolve': async () => {
    const id = await alertId();
    return () => call('alerts.resolve', { id, conclusion: 'benign', cause: 'it was made up' });
  },
  'settings.changeNotifications': async () => {
    const form = await its.get<{ readonly digest: string }>('/settings/notifications/form');
    return () => call('settings.changeNotifications', { alerts: { quiet: { from: '22:00', to: '07:00' } }, secrets: {}, digest: form.digest });
  },
  'connect.scope': async () => () => call('connect.scope', { systems: [{ id: 'okta', name: 'Okta', identityProvider: true }], digest: digest() }),
  'connect.add': async () => {
    await call('connect.upload', {
      name: 'people.csv',
      text: `# generated ${iso(its.acme.workspace.now())}\nemployee_id,name,start_date,end_date\nW-1,Maria Lopez,2020-01-01,\n`,
    });
    return () => call('connect.add', { collector: 'hr/csv', name: 'second', config: { path: 'uploads/people.csv' }, credentials: {}, digest: digest() });
  },
  'connect.change': async () => () =>
    call('connect.change', {
      vendor: 'hr',
      kind: 'csv',
      name: 'second',
      config: { path: 'uploads/people.csv', company: 'other' },
      credentials: {},
      digest: digest(),
    }),
  'connect.retire': async () => () => call('connect.retire', { vendor: 'hr', kind: 'csv', name: 'second', because: 'it was a trial', digest: digest() }),
  'keeping.place': async () => () => call('keeping.place', { what: { era: 'evidence/2026-Q1' }, reason: 'the court asked' }),
  'keeping.release': async () => {
    const { record } = await call('keeping.place', { what: { source: 'hr/csv/people' }, reason: 'the court asked' });
    return () => call('keeping.release', { record, reason: 'the case is closed' });
  },
  'settings.rotate': async () => () => call('settings.rotate', { who: 'workspace' }),
  'users.invite': async () => () => callInside('users.invite', { email: 'eve@acme.example', role: 'auditor' }),
  'users.withdraw': async () => {
    const id = idOf(await callInside('users.invite', { email: 'eva.two@acme.example', role: 'auditor' }), 'invitation');
    return () => callInside('users.withdraw', { id });
  },
  'users.change': async () => () => callInside('users.change', { id: other, role: 'member' }),
  'users.endSessions': async () => {
    await its.as('eva');
    return () => callInside('users.endSessions', { id: other });
  },
  'users.reset': async () => () => callInside('users.reset', { id: other }),
  'users.makeMyToken': async () => () => callInside('users.makeMyToken', { name: 'nightly', days: 7 }),
  'users.revokeMyToken': async () => {
    const id = idOf(await callInside('users.makeMyToken', { name: 'nightly too', days: 7 }), 'token');
    return () => callInside('users.revokeMyToken', { id });
  },
  'users.makeScimToken': async () => () => callInside('users.makeScimToken', { name: 'okta', days: 7 }),
  'users.revokeToken': async () => {
    const id = idOf(await callInside('users.makeScimToken', { name: 'okta too', days: 7 }), 'token');
    return () => callInside('users.revokeToken', { id });
  },
  'account.setPassword': async () => () => callInside('account.setPassword', { password: 'nine copper kettles' }),
  'account.addAuthenticator': async () => {
    const { offer, secret } = await callInside('account.offerAuthenticator');
    const code = new TOTP({ secret: String(secret) }).generate({ timestamp: its.acme.pass(0) });
    return () => callInside('account.addAuthenticator', { offer, code, name: 'Phone' });
  },
  'account.recoveryCodes': async () => () => callInside('account.recoveryCodes'),
  'account.removeFactor': async () => {
    const cookie = [...admin.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const me = (await (await app.request(`${ORIGIN}/api/me`, { headers: { host: new URL(ORIGIN).host, cookie } })).json()) as {
      readonly factors: readonly { readonly id: string; readonly kind: string }[];
    };
    return () => callInside('account.removeFactor', { id: me.factors.find(({ kind }) => kind === 'totp')?.id });
  },
  'users.endMySessions': async () => {
    await browserOf(app, { origin: ORIGIN }).post('/sign-in', { email: 'ada@acme.example', password: 'nine copper kettles' });
    return () => callInside('users.endMySessions');
  },
  'jobs.pause': async () => {
    asAdmin();
    await whileWorking(async () => (await its.acme.workspace.jobs().view()).schedules.some(({ schedule, next }) => schedule === JOB && next !== null));
    return () => call('jobs.pause', { schedule: JOB, because: 'the file moves' });
  },
  'jobs.resume': async () => {
    its.acme.pass(hours(24));
    await whileWorking(async () => (await skipped()) !== null);
    return () => call('jobs.resume', { schedule: JOB });
  },
  'jobs.retry': async () => {
    const slot = iso((await skipped()) ?? 0);
    return () => call('jobs.retry', { schedule: JOB, slot });
  },
  'jobs.run': async () => () => call('jobs.run', { schedule: 'report access-review' }),
};

it('every endpoint that changes something is called here, or says why it leaves no record', () => {
  expect(WRITING.map(({ name }) => name).toSorted()).toEqual([...Object.keys(CALLS), ...Object.keys(SILENT)].toSorted());
});

it.each(Object.entries(CALLS))('%s leaves a record', async (_, prepared) => {
  const act = await prepared();
  const before = await size();
  await act();
  expect(await size()).toBeGreaterThan(before);
});
