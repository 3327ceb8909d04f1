import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iso } from '../../core/instant.ts';
import { contract } from './contract/index.ts';
import { cursorOf } from './cursor.ts';
import { endpointsOf } from './methods.ts';
import { type Company, company, principal, START } from './testing/company.ts';

/** What a source may say in any of its fields. */
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'; drop table cache.facts--';
let acme: Company;
beforeAll(async () => {
  const prepare = (dir: string) => {
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const [id, name, title, department] = ['id', 'name', 'title', 'department'].map((field) => cell(`${field} ${HOSTILE}`));
    writeFileSync(
      join(dir, 'people.csv'),
      `# generated ${iso(START - 3_600_000)}\nemployee_id,name,employment_type,email,title,department,start_date\n${id},${name},employee,maria.lopez@acme.example,${title},${department},2020-01-01\n`,
    );
  };
  acme = await company({ prepare });
  acme.as(principal('admin'));
});
afterAll(() => acme.close());

describe('what a source says', () => {
  const period = 'period=2026-01-01T00:00:00Z..2026-04-01T00:00:00Z';
  it.each([
    '/people',
    '/datasets/hr.workers/rows',
    '/datasets/people.workers/rows',
    '/search?q=script',
    '/deviations',
    '/records',
    `/controls/AC-08/period?${period}`,
  ])('is told by %s as data, and never as a page', async (path) => {
    const response = await acme.ask(path);
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json']);
    await response.json();
  });

  it.each(['/reports/access-review?month=2026-03', `/reports/evidence?${period}`])('is text in the report %s, which runs no script', async (path) => {
    const response = await acme.ask(`${path}${path.includes('?') ? '&' : '?'}format=html`);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.match(/<(script|img|iframe|object|svg)\b/gi)).toBe(null);
    expect(page.match(/<[^>]*\son\w+\s*=/gi)).toBe(null);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
  });

  it('was told indeed, and no cell of a spreadsheet is a formula', async () => {
    const { people } = (await (await acme.ask('/people')).json()) as { readonly people: readonly { readonly name: string; readonly id: string }[] };
    expect(people).toMatchObject([{ id: `id ${HOSTILE}`, name: `name ${HOSTILE}` }]);
    const rows = await (await acme.ask('/datasets/hr.workers/rows.csv')).text();
    expect(rows).toContain('<script>'); // a file for a spreadsheet, sent as an attachment
    expect((await acme.ask('/datasets/hr.workers/rows.csv')).headers.get('content-disposition')).toBe('attachment; filename="hr.workers.csv"');
  });
});

describe('an address that leads elsewhere', () => {
  it.each([
    '/records/1/artifacts/..%2f..%2f..%2fkeys%2flog.pem',
    '/records/1/artifacts/%2e%2e%2fdatabase',
    '/datasets/..%2f..%2ftickmark.yaml/rows',
    '/sources/hr/csv/..%2f..%2f/runs',
    '/reports/..%2faccess-review',
    '/people/..%2f..%2f..%2fetc%2fpasswd',
  ])('%s is nowhere', async (path) => {
    const response = await acme.ask(path);
    expect([400, 404]).toContain(response.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });
});

it('has no problem of the names that every object has, and no cursor of an instant that is none', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) expect([name, (await acme.ask(`/problems/${name}`)).status]).toEqual([name, 404]);
  for (const asOf of [8_640_000_000_000_001, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]) {
    const response = await acme.ask(`/people?cursor=${cursorOf({}, { after: ['a'], asOf })}`);
    expect([response.status, ((await response.json()) as { readonly fields?: readonly object[] }).fields]).toEqual([
      400,
      [{ name: 'cursor', says: 'expected a cursor as the page before gave it' }],
    ]);
  }
});

describe('a question that is meant to keep the server busy', () => {
  /** As long as any field may be, of what patterns backtrack over, with an end that does not fit. */
  const BUSY = ['a', 'a-', '0', '1.', ' ', 'a/', '..', 'T', '\u0000', 'é', '{"a":'].map((part) => `${part.repeat(4000 / part.length)}!`);
  const PARAMETERS = ['asOf', 'period', 'control', 'check', 'state', 'q', 'where', 'sort', 'text', 'cursor', 'limit', 'month', 'source', 'key', 'asKnownAt'];

  it('is refused at once by every endpoint that is read', async () => {
    const reads = endpointsOf(contract).filter(({ method, answer }) => method === 'GET' && answer !== 'stream');
    expect(reads.length).toBeGreaterThan(25);
    for (const { path } of reads)
      for (const part of BUSY) {
        const begun = performance.now();
        const filled = path.replace(/\{[^}]+\}/g, encodeURIComponent(part.slice(0, 300)));
        const response = await acme.ask(`${filled}?${PARAMETERS.map((name) => `${name}=${encodeURIComponent(part)}`).join('&')}`);
        expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
        expect([path, part.slice(0, 4), performance.now() - begun < 2000]).toEqual([path, part.slice(0, 4), true]);
      }
  });

  it('is refused at once by what changes something, and a body is read no further than it may be long', async () => {
    const post = (path: string, body: BodyInit) =>
      acme.ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' } as RequestInit);
    for (const { path, method } of endpointsOf(contract).filter((it) => it.method === 'POST'))
      for (const part of BUSY.slice(0, 4)) {
        const begun = performance.now();
        const body = JSON.stringify(Object.fromEntries(['source', 'schedule', 'slot', 'note', 'because', 'kind', 'address', 'to'].map((name) => [name, part])));
        const response = await post(path.replace(/\{[^}]+\}/g, 'x'), body);
        expect([method, path, response.status >= 400 && response.status < 500]).toEqual([method, path, true]);
        expect([path, performance.now() - begun < 2000]).toEqual([path, true]);
      }
    // Of which nobody says how long it is.
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        if (sent > 64 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    expect((await post('/collect', endless)).status).toBe(413);
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });
});
