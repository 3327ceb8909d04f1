import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acmeWire } from '../../acme/wire.ts';
import { makeWorld } from '../../acme/world.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import { type Company, company, principal, START } from './testing/company.ts';

const SECRET = '00top-secret-0123456789';
const OKTA = { collector: 'okta/users', name: 'main', config: { org: 'acme.okta.com' }, credentials: { token: SECRET } };
const world = makeWorld(START);
const vendors = acmeWire(world, () => START);

let sent: WireRequest[] = [];
let refuse: (request: WireRequest) => ReturnType<Wire> | null = () => null;
const wire: Wire = (request) => {
  sent.push(request);
  return refuse(request) ?? vendors(request);
};
const answer = (status: number, body: unknown, headers = {}) =>
  Promise.resolve({ status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(body)) });

const resolve = async (host: string) => (host.endsWith('.invalid') ? Promise.reject(new Error('ENOTFOUND')) : [{ address: '8.8.8.8', family: 4 as const }]);

let acme: Company;
const open = async () => {
  acme = await company({ wire, trial: { wire, resolve } });
};
const close = () => acme.close();
beforeEach(() => {
  sent = [];
  refuse = () => null;
  acme?.as(principal('admin'));
});

const file = () => readFileSync(join(acme.workspace.dir, 'tickmark.yaml'), 'utf8');
const digest = () => acme.workspace.connecting.editing().digest;
async function post(path: string, body: object, method = 'POST') {
  const response = await acme.ask(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  expect(text).not.toContain(SECRET);
  return { status: response.status, body: JSON.parse(text) as never as Record<string, never> & Trial };
}
interface Trial {
  readonly outcome: string;
  readonly says: string;
  readonly detail: string;
  readonly type: string;
  readonly fields: readonly { readonly name: string; readonly says: string }[];
  readonly missing: readonly { readonly right: string }[];
  readonly calls: readonly {
    readonly method: string;
    readonly url: string;
    readonly status: number | null;
    readonly items: number | null;
    readonly says: string | null;
  }[];
  readonly rows: readonly { readonly dataset: string; readonly rows: number }[];
}
const records = async () => (await acme.workspace.checkpoint()).size;

describe('the catalogue of collectors', () => {
  beforeAll(open);
  afterAll(close);

  it('tells what each feeds, answers and needs', async () => {
    const response = await acme.ask('/collectors');
    const { collectors, editing } = (await response.json()) as { readonly collectors: readonly Record<string, unknown>[]; readonly editing: unknown };
    expect(editing).toEqual({ digest: digest(), refused: null });
    const okta = collectors.find(({ id }) => id === 'okta/users');
    expect(okta).toMatchObject({
      credentials: { token: 'an API token of a read-only administrator' },
      schema: { required: ['org'], properties: { org: { description: 'Host name of the tenant, without "-admin"' } } },
      connected: [],
      policy: null,
    });
    expect(okta?.feeds).toContain('identity.users');
    expect(okta?.criteria).toContain('CC6.2');
    expect(collectors.find(({ id }) => id === 'hr/csv')).toMatchObject({ connected: ['people'] });
    expect(collectors.find(({ id }) => id === 'github/organization')).toMatchObject({ hosts: ['api.github.com'] });
    expect(collectors.find(({ id }) => id === 'aws/iam')).toMatchObject({ policy: { Version: '2012-10-17' } });
  });
});

it('serves one company where it serves no demo beside it', async () => {
  await open();
  expect(await (await acme.ask('/companies')).json()).toEqual({ companies: [{ id: 'company', name: 'Acme', here: true, enter: '/' }], begin: false });
  const { status, body } = await post('/companies', {
    company: 'Lantern',
    timezone: 'UTC',
    period: { from: '2026-01-01', to: '2027-01-01' },
    categories: ['Security'],
  });
  expect([status, body.type]).toEqual([400, '/api/problems/cannot-be-answered']);
  await close();
});

describe('a trial', () => {
  beforeAll(open);
  afterAll(close);

  it('tells each call and what a run would tell of, and seals that it was tried', async () => {
    const before = await records();
    const { status, body } = await post('/sources/trial', OKTA);
    expect([status, body.outcome]).toEqual([200, 'complete']);
    expect(body.calls[0]).toMatchObject({ method: 'GET', url: 'https://acme.okta.com/api/v1/users/me', status: 200, items: null });
    expect(body.calls.find(({ url }) => url.includes('users?limit'))).toMatchObject({ status: 200, items: 20 });
    expect(body.rows.find(({ dataset }) => dataset === 'identity.users')?.rows).toBeGreaterThan(40);
    expect(sent[0]?.headers.authorization).toBe(`SSWS ${SECRET}`);
    expect(await records()).toBe(before + 1);
    expect((await acme.workspace.record(before)).record.body).toMatchObject({
      kind: 'act',
      act: 'source-trial',
      by: 'admin@acme.example',
      target: 'sources/okta/users/main',
    });
    expect(file()).not.toContain('okta');
  });

  it('names the refusal and the right that is missing', async () => {
    refuse = ({ url }) => (url.includes('/roles') ? answer(403, { errorCode: 'E0000006', errorSummary: `You may not, ${SECRET}` }) : null);
    const { body } = await post('/sources/trial', OKTA);
    expect(body.outcome).toBe('refused');
    expect(body.says).toMatch(/answered 403 \(You may not, \[secret\]\)/);
    expect(body.missing).toEqual([{ right: 'okta.roles.read', why: 'who administers the tenant, by himself or through a group' }]);
    expect(body.calls.at(-1)).toMatchObject({ status: 403, says: 'You may not, [secret]' });
  });

  it('does not wait for a source that asks to be asked later, or that is not there', async () => {
    refuse = () => answer(429, { errorSummary: 'slow down' }, { 'retry-after': '60' });
    expect((await post('/sources/trial', OKTA)).body).toMatchObject({
      outcome: 'refused',
      says: expect.stringContaining('answered 429 (slow down), and asks to be asked again later'),
    });
    refuse = () => Promise.reject(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    expect((await post('/sources/trial', OKTA)).body).toMatchObject({
      outcome: 'refused',
      says: expect.stringContaining('gave no answer: connect ECONNREFUSED'),
    });
    expect(sent).toHaveLength(2);
  });

  it('ends after so many calls, and says that there is more', async () => {
    let page = 0;
    refuse = ({ url }) =>
      url.includes('users?limit') || url.includes('after=')
        ? answer(200, [], { link: `<https://acme.okta.com/api/v1/users?limit=200&after=${++page}>; rel="next"` })
        : null;
    const { body } = await post('/sources/trial', OKTA);
    expect(body).toMatchObject({ outcome: 'stopped', missing: [], rows: [] });
    expect(body.calls).toHaveLength(150);
    expect(body.says).toBe('150 calls answered. There is more than a trial waits for: the first run asks for all of it.');
  });

  it.each<[string, object, string, string]>([
    ['a setting that is missing', { config: {} }, 'config.org', 'expected string'],
    ['a setting that there is not', { config: { org: 'acme.okta.com', orgg: 1 } }, 'config.orgg', 'there is no such setting (did you mean "org"?)'],
    ['a credential that is missing', { credentials: {} }, 'credentials.token', 'it is needed: an API token of a read-only administrator'],
    ['a credential of another', { credentials: { key: 'x' } }, 'credentials.key', 'the collector needs no such credential'],
    ['a header in a credential', { credentials: { token: 'a\r\nHost: b' } }, 'credentials.token', 'expected one line'],
    ['a schedule that is too seldom', { every: '30d' }, 'every', 'too seldom'],
    ['this machine', { endpoint: 'http://127.0.0.1:1' }, 'endpoint', '127.0.0.1 is at an address that may not be reached from here'],
    ['the metadata of a cloud', { endpoint: 'http://169.254.169.254' }, 'endpoint', 'may not be reached from here'],
    ['an address with a password', { endpoint: 'http://a:b@acme.example' }, 'endpoint', 'expected an address'],
    ['a name of nobody', { config: { org: 'nobody.invalid' } }, 'config', 'the name nobody.invalid cannot be resolved'],
    [
      'a file of the machine',
      { collector: 'hr/csv', config: { path: '/etc/passwd' }, credentials: {} },
      'config.path',
      'expected a path below the folder of the workspace',
    ],
    ['a key of the log', { collector: 'hr/csv', config: { path: 'x/../.tickmark/keys/log' }, credentials: {} }, 'config.path', 'expected a path below'],
    [
      'a repository elsewhere',
      { collector: 'git/repository', config: { path: '../..', repo: 'acme/web' }, credentials: {} },
      'config.path',
      'expected a path below',
    ],
  ])('refuses %s by its field', async (_, over, name, says) => {
    const { status, body } = await post('/sources/trial', { ...OKTA, ...over });
    expect([status, body.type]).toEqual([400, '/api/problems/invalid-request']);
    expect(body.fields).toEqual([{ name, says: expect.stringContaining(says) }]);
    expect(sent).toEqual([]);
  });
});

describe('a source is connected', () => {
  beforeEach(open);
  afterEach(close);

  it('by a line in the file and a credential that is kept, and is asked without beginning anew', async () => {
    acme.as(principal('manager'));
    const { status, body } = await post('/sources', { ...OKTA, digest: digest() });
    expect([status, body]).toEqual([201, { digest: digest(), restart: [] }]);
    expect(file()).toContain('collector: okta/users\n    name: main\n    config:\n      org: acme.okta.com\n    credentials:\n      token: kept\n');
    const [run] = await acme.workspace.collect('okta/users/main');
    expect(run).toMatchObject({ complete: true, partition: 'acme.okta.com' });
    expect(sent.at(-1)?.headers.authorization).toBe(`SSWS ${SECRET}`);
    const listed = (await (await acme.ask('/sources')).json()) as { readonly sources: readonly { readonly name: string }[] };
    expect(listed.sources.map(({ name }) => name)).toEqual(['people', 'main']);
    const acts = await Promise.all(
      (await acme.workspace.records(null, 10)).filter(({ outcome }) => outcome === 'act').map(({ index }) => acme.workspace.record(index)),
    );
    expect(acts[0]?.record.body).toMatchObject({ act: 'source-connect', by: 'manager@acme.example', target: 'sources/okta/users/main' });
    expect((await acme.workspace.jobs().view()).schedules).toEqual([]); // no worker has planned yet
  });

  it('and its secret is in no file of the workspace', async () => {
    await post('/sources', { ...OKTA, digest: digest() });
    await acme.workspace.collect('okta/users/main');
    expect(acme.workspace.secretsSeen()).toEqual([SECRET]);
    const form = await (await acme.ask('/sources/okta/users/main/form')).json();
    expect(form).toMatchObject({ credentials: { token: 'kept' }, config: { org: 'acme.okta.com' }, chain: false });
    const { dir } = acme.workspace;
    const holding = readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(SECRET));
    expect(holding).toEqual([]);
  });

  it('but not over a file that somebody else has changed meanwhile', async () => {
    const seen = digest();
    const theirs = `${file()}# by another hand\n`;
    writeFileSync(join(acme.workspace.dir, 'tickmark.yaml'), theirs);
    const { status, body } = await post('/sources', { ...OKTA, digest: seen });
    expect([status, body.type]).toEqual([409, '/api/problems/changed-meanwhile']);
    expect(file()).toBe(theirs);
    await post('/sources', { ...OKTA, digest: digest(), credentials: { token: 'another-token-1' } });
    await acme.workspace.collect('okta/users/main');
    expect(sent.at(-1)?.headers.authorization).toBe('SSWS another-token-1');
  });

  it('nor twice, nor by who may not', async () => {
    await post('/sources', { ...OKTA, digest: digest() });
    expect((await post('/sources', { ...OKTA, digest: digest() })).body.fields).toEqual([
      { name: 'name', says: 'there is a source okta/users/main already. Choose another name' },
    ]);
    acme.as(principal('auditor'));
    expect((await post('/sources', { ...OKTA, name: 'second', digest: digest() })).status).toBe(403);
    expect((await acme.ask('/sources/okta/users/main/form')).status).toBe(403);
  });

  it('nor where whoever runs the server keeps the file to themselves', async () => {
    const path = join(acme.workspace.dir, 'tickmark.yaml');
    chmodSync(path, 0o444);
    const { status, body } = await post('/sources', { ...OKTA, digest: digest() });
    expect([status, body.detail]).toEqual([400, 'tickmark.yaml is read-only. Whoever runs the server can make it writable.']);
    chmodSync(path, 0o644);
    expect(file()).not.toContain('okta');
    expect(acme.workspace.connecting.editing().refused).toBeNull();
  });

  it('and of two who save at once one is told to look again', async () => {
    const seen = digest();
    const states = await Promise.all([post('/sources', { ...OKTA, digest: seen }), post('/sources', { ...OKTA, name: 'second', digest: seen })]);
    expect(states.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('a source that is there', () => {
  beforeAll(async () => {
    await open();
    await post('/sources', { ...OKTA, digest: digest() });
  });
  afterAll(close);
  const change = (over: object) => post('/sources/okta/users/main', { config: OKTA.config, ...over, digest: digest() }, 'PUT');

  it('is changed, and goes on with the credential that is kept', async () => {
    expect((await change({ config: { ...OKTA.config, system: 'directory' }, every: '6h' })).status).toBe(200);
    expect(file()).toContain('      system: directory\n    credentials:\n      token: kept\n    every: 6h\n');
    sent = [];
    await acme.workspace.collect('okta/users/main');
    expect(sent[0]?.headers.authorization).toBe(`SSWS ${SECRET}`);
  });

  it('does not send what is kept to another place than it was typed in for', async () => {
    const moved = await change({ config: { org: 'www.okta.com' } });
    expect(moved.body.fields).toEqual([{ name: 'credentials.token', says: 'type it in again: it is now to be sent to another place than before' }]);
    sent = [];
    expect((await post('/sources/trial', { ...OKTA, config: { org: 'www.okta.com' }, credentials: {} })).status).toBe(400);
    expect(sent).toEqual([]);
  });

  it('is retired: nothing is expected of it, and its credential is forgotten', async () => {
    const { status } = await post('/sources/okta/users/main/retire', { because: 'moved to another directory', digest: digest() });
    expect(status).toBe(200);
    expect(file()).toContain('    retired: { at: 2026-03-02, because: moved to another directory }\n');
    await expect(acme.workspace.collect('okta/users/main')).rejects.toThrow('no source is called so');
    expect((await acme.workspace.sources()).map(({ name }) => name)).toEqual(['people']);
    expect((await post('/sources/okta/users/main/retire', { because: 'again', digest: digest() })).body.detail).toBe(
      'okta/users/main is retired since 2026-03-02 already.',
    );
  });
});

describe('the file', () => {
  beforeEach(open);
  afterEach(close);

  it('is taken up as a hand has changed it, and what cannot be read leaves what was in force', async () => {
    const path = join(acme.workspace.dir, 'tickmark.yaml');
    const was = file();
    writeFileSync(path, `${was}categories: [Security, Availability]\n`);
    const before = await records();
    expect(await acme.workspace.connecting.reconfigure()).toEqual({ taken: true, restart: [] });
    expect(await records()).toBe(before + 1);
    expect((await acme.workspace.posture()).criteria.find(({ id }) => id === 'A1.1')?.status).not.toBeNull();
    expect(await acme.workspace.connecting.reconfigure()).toEqual({ taken: false, restart: [] });
    writeFileSync(path, `${was}categories: [Elegance]\n`);
    await expect(acme.workspace.connecting.reconfigure()).rejects.toThrow('tickmark.yaml:7:14: categories[0]');
    expect((await acme.workspace.sources()).map(({ name }) => name)).toEqual(['people']);
    writeFileSync(path, was.replace('Europe/Berlin', 'UTC'));
    expect(await acme.workspace.connecting.reconfigure()).toEqual({ taken: false, restart: ['timezone'] });
  });

  it('takes the scope', async () => {
    const { status } = await post(
      '/scope',
      { systems: [{ id: 'okta', name: 'Okta', identityProvider: true }], period: { from: '2026-01-01', to: '2026-07-01' }, digest: digest() },
      'PUT',
    );
    expect(status).toBe(200);
    expect((await acme.workspace.posture()).period.to).toBe(Date.parse('2026-06-30T22:00:00Z'));
    acme.as(principal('manager'));
    expect((await post('/scope', { digest: digest() }, 'PUT')).status).toBe(403);
  });
});

it('takes an export, and tells how it would be read', async () => {
  await open();
  const text = '# generated 2026-03-02T08:00:00Z\nemployee_id,name,start_date,end_date\nW-1,Maria Lopez,2020-01-01,\n';
  expect(await post('/sources/files', { name: 'people.csv', text })).toEqual({ status: 201, body: { path: 'uploads/people.csv' } });
  const tried = { collector: 'hr/csv', name: 'upload', config: { path: 'uploads/people.csv' } };
  expect((await post('/sources/trial', tried)).body).toMatchObject({
    outcome: 'complete',
    rows: [{ dataset: 'hr.workers', rows: 1 }, { dataset: 'hr.departures' }],
  });
  await post('/sources/files', { name: 'people.csv', text: text.replace('2020-01-01', 'soon') });
  expect((await post('/sources/trial', tried)).body).toMatchObject({ outcome: 'refused', says: expect.stringContaining('line 3, column start_date') });
  expect((await post('/sources/files', { name: '../tickmark.yaml', text })).status).toBe(400);
  expect(existsSync(join(acme.workspace.dir, '..', 'tickmark.yaml'))).toBe(false);
  await close();
});
