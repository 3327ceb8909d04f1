import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, instant, iso, minutes } from '../../core/instant.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../log/merkle.ts';
import { type Company, company, principal, START } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  acme = await company();
});
afterAll(() => acme.close());

const json = async <Answer = Record<string, never>>(path: string, init?: RequestInit): Promise<Answer> =>
  (await acme.ask(path, init)).json() as Promise<Answer>;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  acme.ask(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

describe('a refusal', () => {
  it('says what, where and what to do, by RFC 9457', async () => {
    const response = await acme.ask('/controls/XX-99');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    const { instance, ...told } = (await response.json()) as { readonly instance: string };
    expect(told).toEqual({
      type: '/api/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no control XX-99 in the catalogue, among those you may see.',
      todo: 'Look it up in the list that it should be in.',
    });
    expect(instance).toMatch(/^\/api\/controls\/XX-99#[0-9a-f-]{36}$/);
    expect(await (await acme.ask('/problems/not-found')).text()).toContain('Status 404. Look it up in the list that it should be in.');
  });

  it('names every field that cannot be read', async () => {
    const told = await json('/posture?asOf=yesterday&colour=red');
    expect(told).toMatchObject({
      type: '/api/problems/invalid-request',
      status: 400,
      fields: [
        { name: 'asOf', says: 'expected an instant, like 2026-11-06T23:00:00Z' },
        { name: 'request', says: 'Unrecognized key: "colour"' },
      ],
    });
  });

  it('tells a wrong method, an unknown address and a body that is no JSON apart', async () => {
    const method = await post('/posture', {});
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await acme.ask('/nothing/here')).status).toBe(404);
    expect((await acme.ask('/controls/..%2f..%2ftickmark.yaml')).status).toBe(404);
    const stream = await acme.ask('/bundle?period=2026-01-01T00:00:00Z..2026-04-01T00:00:00Z', { method: 'HEAD' });
    expect([stream.status, stream.headers.get('allow')]).toEqual([405, 'GET']);
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"source":' };
    expect(await json('/collect', body)).toMatchObject({
      type: '/api/problems/invalid-request',
      detail: 'The body cannot be read: it is not JSON, or not in UTF-8.',
    });
    expect((await acme.ask('/collect', { ...body, headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await acme.ask('/collect', { ...body, body: JSON.stringify({ source: 'x'.repeat(1024 * 1024) }) })).status).toBe(413);
  });

  it('tells nobody what broke, and the server all of it', async () => {
    const { note } = acme.workspace;
    Object.assign(acme.workspace, {
      note: () => {
        throw new Error('the password is hunter2');
      },
    });
    const told = await json<{ readonly instance: string }>('/log/checkpoint');
    Object.assign(acme.workspace, { note });
    expect(told).toMatchObject({ type: '/api/problems/broken', detail: 'The server could not answer. It says more in its output.' });
    const [failure] = acme.failures.splice(0);
    expect([failure?.instance, failure?.error]).toEqual([told.instance, new Error('the password is hunter2')]);
  });
});

describe('what changes something', () => {
  const session = principal('manager', { kind: 'user' });
  it('comes of a session from a page of our own, and of a token from anywhere', async () => {
    const refused = { type: '/api/problems/not-same-origin', status: 403 };
    acme.as(session);
    const sent = (headers: Record<string, string>) => post('/collect', { source: 'no/such' }, headers).then((response) => response.json());
    expect(await sent({})).toMatchObject(refused);
    expect(await sent({ 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:7400', host: '127.0.0.1:7400' })).toMatchObject(refused);
    expect(await sent({ 'sec-fetch-site': 'same-site' })).toMatchObject(refused);
    expect(await sent({ origin: 'https://evil.example', host: '127.0.0.1:7400' })).toMatchObject(refused);
    expect(await sent({ origin: 'null', host: '127.0.0.1:7400' })).toMatchObject(refused);
    expect(await sent({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ type: '/api/problems/not-found' });
    expect(await sent({ origin: 'http://127.0.0.1:7400', host: '127.0.0.1:7400' })).toMatchObject({ type: '/api/problems/not-found' });
    const read = (headers: Record<string, string>) => acme.ask('/controls', { headers }).then(({ status }) => status);
    expect(await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
    expect(await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await read({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe(200);
    acme.as(principal('manager'));
    expect(await sent({})).toMatchObject({ type: '/api/problems/not-found', detail: 'There is no source no/such in the configuration that is asked.' });
    acme.as(principal('admin'));
  });
});

describe('an answer about evidence', () => {
  const tag = async (path: string) => (await acme.ask(path)).headers.get('etag') ?? '';
  const again = (path: string, etag: string) => acme.ask(path, { headers: { 'if-none-match': etag } });

  it('says by which log, code and catalogue it was made, sent again or not', async () => {
    const { origin, size, root } = await acme.workspace.checkpoint();
    const first = await acme.ask('/deviations');
    const rests = first.headers.get('tickmark-rests-on');
    const { code, catalog } = await acme.workspace.rests();
    expect(rests).toBe(`log="${origin}", size=${size}, root="${root}", code="${encodeURI(code)}", catalog="${catalog}"`);
    expect((await again('/deviations', first.headers.get('etag') ?? '')).headers.get('tickmark-rests-on')).toBe(rests);
    expect((await acme.ask('/deviations')).headers.get('tickmark-rests-on')).toBe(rests);
  });

  it('is not sent again while nothing it follows from has changed', async () => {
    const etag = await tag('/posture');
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
    const held = await again('/posture', `"other", ${etag}`);
    expect([held.status, held.headers.get('etag'), await held.text()]).toEqual([304, etag, '']);
    const past = await tag('/posture?asOf=2026-02-01T00:00:00Z');
    acme.pass(minutes(1));
    expect((await again('/posture', etag)).status).toBe(200);
    expect((await again('/posture?asOf=2026-02-01T00:00:00Z', past)).status).toBe(304);
    await acme.workspace.recordActs([{ act: 'sign-in', by: 'maria.lopez@acme.example', target: null, says: null }]);
    expect((await again('/posture?asOf=2026-02-01T00:00:00Z', past)).status).toBe(200);
  });

  it('has another name for another question, and for whoever sees less', async () => {
    const names = [await tag('/controls'), await tag('/controls?asOf=2026-02-01T00:00:00Z'), await tag('/controls?asOf=2026-02-02T00:00:00Z')];
    acme.as(principal('auditor', { bounds: { period: null, controls: ['AC-01'] } }));
    names.push(await tag('/controls'));
    acme.as(principal('admin'));
    expect(new Set(names).size).toBe(4);
    expect(await tag('/occurrences?period=2026-01-01T00:00:00Z..2026-02-01T00:00:00Z&limit=5')).toBe(
      await tag('/occurrences?limit=5&period=2026-01-01T00:00:00Z..2026-02-01T00:00:00Z'),
    );
  });

  it('says what it is a function of, and is the workspace’s own', async () => {
    const told = await json<{
      readonly asOf: string;
      readonly checkpoint: object;
      readonly controls: readonly { readonly id: string; readonly status: string }[];
    }>('/posture?asOf=2026-03-02T09:00:00Z');
    const posture = await acme.workspace.posture(START);
    expect(told).toMatchObject({ company: 'Acme', asOf: '2026-03-02T09:00:00Z', checkpoint: posture.checkpoint, catalog: posture.catalog, code: posture.code });
    expect(told.controls.map(({ id, status }) => [id, status])).toEqual(posture.controls.map(({ id, status }) => [id, status]));
  });

  it('comes packed to whoever takes that, with the same in it', async () => {
    const packed = await acme.ask('/catalog', { headers: { 'accept-encoding': 'gzip, br' } });
    const bytes = gunzipSync(Buffer.from(await packed.arrayBuffer()));
    expect([packed.headers.get('content-encoding'), JSON.parse(bytes.toString())]).toEqual(['gzip', await json('/catalog')]);
  });

  it('answers HEAD as GET, without a body', async () => {
    const head = await acme.ask('/posture', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, await tag('/posture'), '']);
  });
});

describe('a list', () => {
  it('loses and doubles nothing while records come in', async () => {
    const seen: number[] = [];
    let cursor: string | null = '';
    const newest = (await acme.workspace.checkpoint()).size;
    while (cursor !== null) {
      const page: { readonly records: readonly { readonly index: number }[]; readonly next: string | null } = await json(
        `/records?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.records.map(({ index }) => index));
      cursor = page.next;
      await acme.workspace.recordActs([{ act: 'sign-in', by: 'ines.duarte@acme.example', target: null, says: null }]);
    }
    expect(seen).toEqual(Array.from({ length: newest }, (_, place) => newest - 1 - place));
  });

  it('pages people as of the instant of its first page', async () => {
    const first = await json<{ readonly asOf: string; readonly next: string; readonly people: readonly { readonly id: string }[] }>('/people?limit=2');
    acme.pass(hours(1));
    const second = await json<typeof first>(`/people?limit=2&cursor=${first.next}`);
    expect([first.people.map(({ id }) => id), second.people.map(({ id }) => id), second.next]).toEqual([['W-2', 'W-1'], ['W-3'], null]);
    expect(second.asOf).toBe(first.asOf);
  });

  it('refuses a cursor of another question, and one that is made up', async () => {
    const { next } = await json<{ readonly next: string }>('/people?limit=2');
    expect(await json(`/people?limit=2&state=left&cursor=${next}`)).toMatchObject({ type: '/api/problems/cursor-of-another-question' });
    expect(await json('/people?cursor=bm9uc2Vuc2U')).toMatchObject({ type: '/api/problems/invalid-request', fields: [{ name: 'cursor' }] });
  });
});

describe('people and rows', () => {
  it('tell one person from joining to leaving', async () => {
    const { person, covered, gaps } = await json<{
      readonly person: { readonly events: readonly object[] };
      readonly covered: boolean;
      readonly gaps: readonly string[];
    }>('/people/W-3');
    expect(person).toMatchObject({
      id: 'W-3',
      name: 'Otto Berg',
      state: 'left',
      startAt: '2026-01-11T23:00:00Z',
      endAt: '2026-02-20T23:00:00Z',
      accounts: 0,
      lanes: [],
    });
    expect(person.events).toMatchObject([
      { what: 'starts', at: '2026-01-11T23:00:00Z' },
      { what: 'ends', at: '2026-02-20T23:00:00Z', records: [1] },
    ]);
    expect([covered, gaps]).toEqual([false, expect.arrayContaining(['No source is connected that tells of identity.users.'])]);
  });

  it('tell why one item stands as it stands', async () => {
    const item = 'source=hr%2Fcsv%2Fpeople&partition=company';
    const told = await json<{
      readonly steps: readonly object[];
      readonly rows: readonly { readonly key: string }[];
      readonly joined: readonly { readonly name: string }[];
    }>(`/checks/workers-trained/item?${item}&key=W-1%401577833200000`);
    expect(told).toMatchObject({ check: 'workers-trained', dataset: 'people.workers', label: 'Maria Lopez (W-1)' });
    expect(told.rows).toMatchObject([{ key: 'W-1@1577833200000', row: { startAt: '2019-12-31T23:00:00Z', terminationAt: null }, records: [1] }]);
    expect(told.steps.at(-1)).toMatchObject({ kind: 'unknown', to: null });
    expect(told.joined.length).toBeGreaterThan(0);
    expect(await json(`/checks/workers-trained/item?${item}&key=W-9`)).toMatchObject({
      status: 400,
      detail: 'workers-trained knew no item W-9 of hr/csv/people (company) by then.',
    });
  });

  it('filter, sort and count on the server, and give a file', async () => {
    const query = '/datasets/hr.workers/rows?where=employmentType:employee&sort=-fullName';
    const told = await json<{ readonly rows: readonly { readonly row: object }[] }>(query);
    expect(told).toMatchObject({ id: 'hr.workers', kind: 'states', covered: true, count: 2, next: null });
    expect(told.rows.map(({ row }) => row)).toMatchObject([
      { fullName: 'Maria Lopez', startAt: '2019-12-31T23:00:00Z', terminationAt: null },
      { fullName: 'Ines Duarte' },
    ]);
    const file = await acme.ask('/datasets/hr.workers/rows.csv?where=employmentType:contractor');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="hr.workers.csv"');
    const [head, line, end] = (await file.text()).split('\r\n');
    expect([head?.startsWith('source,partition,key,label,from,to,workerId,fullName'), line?.includes('W-3,Otto Berg,contractor'), end]).toEqual([
      true,
      true,
      '',
    ]);
    expect(await json('/datasets/hr.workers/rows?where=shoeSize:44')).toMatchObject({ type: '/api/problems/invalid-request', fields: [{ name: 'where' }] });
  });
});

describe('the log', () => {
  it('is verified from what a browser is given, without its tiles', async () => {
    const { checkpoint } = await json<{ readonly checkpoint: { readonly size: number; readonly root: string } }>('/log/checkpoint');
    const { leaf } = await json<{ readonly leaf: string }>('/records/1/leaf');
    const proof = await json<{ readonly leafHash: string; readonly hashes: readonly string[] }>(`/log/inclusion/1?size=${checkpoint.size}`);
    const hash = leafHash(Buffer.from(leaf, 'base64'));
    expect(proof.leafHash).toBe(hash.toString('base64'));
    const bytes = (texts: readonly string[]) => texts.map((text) => Buffer.from(text, 'base64'));
    expect(verifyInclusion(hash, 1, checkpoint.size, bytes(proof.hashes), Buffer.from(checkpoint.root, 'base64'))).toBe(true);
    const grown = await json<{ readonly from: { readonly root: string }; readonly hashes: readonly string[] }>(`/log/consistency?from=2&to=${checkpoint.size}`);
    const root = (text: string) => Buffer.from(text, 'base64');
    expect(verifyConsistency(2, checkpoint.size, bytes(grown.hashes), root(grown.from.root), root(checkpoint.root))).toBe(true);
    expect(await json('/log/consistency?from=5&to=2')).toMatchObject({
      status: 400,
      detail: 'a log of 5 is no beginning of one of 2. Ask from the smaller to the larger.',
    });
  });

  it('gives an artifact as bytes and as what they say', async () => {
    const record = await json<{ readonly digest: string; readonly artifacts: readonly { readonly name: string; readonly sha256: string }[] }>('/records/1');
    const [artifact] = record.artifacts;
    const path = `/records/1/artifacts/${encodeURIComponent(artifact?.name ?? '')}`;
    const file = await acme.ask(path);
    expect([file.headers.get('content-type'), file.headers.get('content-disposition')?.startsWith('attachment')]).toEqual(['application/octet-stream', true]);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact?.sha256);
    expect(await json(`${path}/json`)).toMatchObject({ json: null, text: bytes.toString('utf8') });
    const envelope = Buffer.from(await (await acme.ask('/records/1/envelope')).arrayBuffer());
    expect(createHash('sha256').update(envelope).digest('hex')).toBe(record.digest);
    expect((await acme.ask('/records/1/artifacts/..%2F..%2Fdatabase')).status).toBe(404);
    expect(await json(`/search?q=${record.digest.slice(0, 12)}`)).toMatchObject({ found: [{ kind: 'record', id: '1', path: '/records/1' }] });
  });
});

describe('a statement', () => {
  it('is sealed under the name of who is signed in', async () => {
    acme.as(principal('member'));
    const entry = { id: 'AR-1', title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' };
    const made = await post('/statements', { kind: 'access-requests', entry });
    expect([made.status, await made.json()]).toEqual([
      201,
      expect.objectContaining({ by: 'member@acme.example', act: 'state', authenticated: false, because: 'it is not signed' }),
    ]);
    const withdrawn = await post('/statements/access-requests/AR-1/withdraw', { reason: 'asked twice' });
    expect(await withdrawn.json()).toMatchObject({ act: 'withdraw', by: 'member@acme.example' });
    expect(await json('/statements?kind=access-requests')).toEqual({ statements: [], next: null });
    acme.as(principal('manager', { email: null, name: 'token nightly' }));
    expect(await (await post('/statements', { kind: 'access-requests', entry })).json()).toMatchObject({ type: '/api/problems/not-permitted' });
    acme.as(principal('admin'));
  });
});

describe('the reference', () => {
  it('is a page without script, and an OpenAPI document that names each permission', async () => {
    const page = await (await acme.ask('')).text();
    expect(page).toContain('GET /api/controls/{id}/population');
    expect(/<script|\son\w+=|style=/.test(page)).toBe(false);
    const document = await json<{
      readonly openapi: string;
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-permission'?: string }>>>>;
    }>('/openapi.json');
    expect(document.openapi).toBe('3.1.1');
    const operations = Object.values(document.paths).flatMap((its) => Object.values(its));
    expect(operations.filter((operation) => operation['x-permission'] === undefined)).toEqual([]);
  });
});

describe('a bundle', () => {
  it('comes as one file, and that it was taken is a record', async () => {
    const size = (await acme.workspace.checkpoint()).size;
    const response = await acme.ask('/bundle?period=2026-01-01T00:00:00Z..2026-04-01T00:00:00Z');
    expect(acme.failures).toEqual([]);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-tar']);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([bytes.subarray(257, 262).toString(), bytes.length % 512]).toEqual(['ustar', 0]);
    const { body } = await acme.workspace.sealed(size);
    expect(body).toMatchObject({
      kind: 'act',
      act: 'bundle-export',
      by: 'admin@acme.example',
      says: { from: iso(instant('2026-01-01T00:00:00Z')), sealed: false },
    });
  });
});
