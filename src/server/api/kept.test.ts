import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../core/instant.ts';
import { type Company, company, principal, without } from './testing/company.ts';

let acme: Company;
/** How often the workspace was asked for a posture, and for what had to happen. */
const asked = { posture: 0, occurrences: 0 };
beforeAll(async () => {
  acme = await company();
  const { posture, occurrences } = acme.workspace;
  Object.assign(acme.workspace, {
    posture: (...its: Parameters<typeof posture>) => {
      asked.posture++;
      return posture(...its);
    },
    occurrences: (...its: Parameters<typeof occurrences>) => {
      asked.occurrences++;
      return occurrences(...its);
    },
  });
});
afterAll(() => acme.close());

const PATH = '/posture?asOf=2026-02-01T00:00:00Z';
const tell = () => acme.workspace.recordActs([{ act: 'sign-in', by: 'maria.lopez@acme.example', target: null, says: null }]);

describe('an answer that was given before', () => {
  it('is given again without asking the workspace, packed or not, whole or by its name, until the log has grown', async () => {
    const first = await acme.ask(PATH);
    const body = await first.text();
    const packed = Buffer.from(await (await acme.ask(PATH, { headers: { 'accept-encoding': 'gzip' } })).arrayBuffer());
    const before = asked.posture;
    const again = await acme.ask(PATH);
    expect([again.status, again.headers.get('content-type'), await again.text()]).toEqual([200, 'application/json; charset=utf-8', body]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    const small = await acme.ask(PATH, { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await small.arrayBuffer());
    expect([small.headers.get('content-encoding'), bytes.equals(packed), gunzipSync(bytes).toString()]).toEqual(['gzip', true, body]);
    const held = await acme.ask(PATH, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([held.status, await held.text(), held.headers.get('cache-control')]).toEqual([304, '', 'private, no-cache']);
    const head = await acme.ask(PATH, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, first.headers.get('etag'), '']);
    expect(asked.posture).toBe(before);
    await tell();
    const anew = await acme.ask(PATH);
    expect(anew.headers.get('etag')).not.toBe(first.headers.get('etag'));
    expect(asked.posture).toBe(before + 1);
  });

  it('is refused like any other: whoever may not, whoever sees less, and whoever comes from another site', async () => {
    const whole = await acme.ask(PATH);
    acme.as(null);
    expect((await acme.ask(PATH)).status).toBe(401);
    acme.as(without('posture.read'));
    expect((await acme.ask(PATH)).status).toBe(403);
    acme.as(principal('auditor', { bounds: { period: null, controls: ['AC-01'] } }));
    const part = (await (await acme.ask(PATH)).json()) as { readonly controls: readonly { readonly id: string }[] };
    expect(part.controls.map(({ id }) => id)).toEqual(['AC-01']);
    const march = { from: instant('2026-03-01T00:00:00Z'), to: instant('2026-04-01T00:00:00Z') };
    acme.as(principal('auditor', { bounds: { period: march, controls: null } }));
    expect((await acme.ask(PATH)).status).toBe(403);
    acme.as(principal('admin', { kind: 'user' }));
    expect((await acme.ask(PATH, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })).status).toBe(403);
    expect((await acme.ask(PATH)).headers.get('etag')).toBe(whole.headers.get('etag'));
    acme.as(principal('admin'));
  });
});

describe('a list that is paged through', () => {
  interface Page {
    readonly occurrences: readonly { readonly from: string }[];
    readonly next: string | null;
  }
  const page = async (query: string) =>
    (await (await acme.ask(`/occurrences?period=2026-01-01T00:00:00Z..2027-01-01T00:00:00Z&asOf=2026-03-20T00:00:00Z&limit=2${query}`)).json()) as Page;
  const walked = async (first: Page) => {
    const all = first.occurrences.map(({ from }) => from);
    for (let { next } = first; next !== null; ) {
      const more = await page(`&cursor=${next}`);
      all.push(...more.occurrences.map(({ from }) => from));
      next = more.next;
    }
    return all;
  };

  it('is made and sorted once for all of its pages, and anew once the log has grown', async () => {
    const first = await page('');
    const before = asked.occurrences;
    const all = await walked(first);
    expect(all.length).toBeGreaterThan(2);
    expect(all).toEqual(all.toSorted());
    expect(asked.occurrences).toBe(before);
    await tell();
    expect(await walked(first)).toEqual(all);
    expect(asked.occurrences).toBe(before + 1);
  });
});
