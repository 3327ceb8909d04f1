import { afterAll, beforeAll, expect, it } from 'vitest';
import { iso } from '../../core/instant.ts';
import { contract } from './contract/index.ts';
import { openApi } from './openapi.ts';
import { type Company, company, principal, START } from './testing/company.ts';

/** Reads that speak of no time, and why. */
const TIMELESS: Readonly<Record<string, string>> = {
  '/controls/{id}/samples/{record}': 'what was drawn at a record',
  '/records/{index}': 'a record',
  '/records/{index}/envelope': 'a record',
  '/records/{index}/leaf': 'a record',
  '/records/{index}/proof': 'a record',
  '/records/{index}/sigstore': 'a record',
  '/records/{index}/artifacts/{name}': 'a record',
  '/records/{index}/artifacts/{name}/json': 'a record',
  '/log/checkpoint': 'the log as it is',
  '/log/status': 'the log as it is',
  '/log/inclusion/{index}': 'the log at a size',
  '/log/consistency': 'the log at two sizes',
  '/log/room': 'the log as it is',
  '/log/scrub': 'the log as it is',
  '/sources': 'what the server will ask, and asked last',
  '/sources/{vendor}/{kind}/{name}/form': 'the configuration as it is',
  '/collectors': 'the program',
  '/collectors/{vendor}/{kind}/permissions': 'the program',
  '/catalog': 'the program and the configuration as it is',
  '/statements/kinds': 'the program',
  '/findings/owners': 'whom one may choose now',
  '/jobs': 'the queue as it is',
  '/jobs/slots': 'the queue as it is',
  '/events': 'what happens from now on',
  '/me': 'who asks',
  '/me/sessions': 'who asks',
  '/me/tokens': 'who asks',
  '/users': 'who may sign in now',
  '/users/{id}': 'who may sign in now',
  '/invitations': 'who may sign in now',
  '/tokens': 'who may sign in now',
  '/settings/notifications': 'the configuration as it is',
  '/settings/notifications/form': 'what a form asks',
  '/keys': 'the keys as they are',
  '/retention': 'what is kept as it is',
  '/retention/plan': 'what would be done now',
  '/tasks': 'what is to be done now',
  '/alerts': 'alerts as they stand; each tells its acts with their times',
  '/alerts/{id}': 'an alert, with its acts and their times',
  '/alerts/rules': 'the configuration as it is',
  '/companies': 'the server',
  '/views': 'who asks',
};
const TIMES = ['asOf', 'period', 'month'];

it('every read takes an instant or a period, but for what has none', async () => {
  const { paths = {} } = await openApi(contract);
  const reads = Object.entries(paths).flatMap(([path, its]) =>
    its?.get ? [{ path, asks: (its.get.parameters ?? []).flatMap((one) => ('name' in one ? one.name : [])) }] : [],
  );
  expect(reads.length).toBeGreaterThan(60);
  const timeless = reads.filter(({ asks }) => !asks.some((name) => TIMES.includes(name))).map(({ path }) => path);
  expect(timeless.toSorted()).toEqual(Object.keys(TIMELESS).toSorted());
});

let acme: Company;
beforeAll(async () => {
  acme = await company();
  acme.as(principal('admin'));
});
afterAll(() => acme.close());
const asked = async <Answer>(path: string) => (await (await acme.ask(path)).json()) as Answer;

it('runs and statements are told of a period, and the search of an instant', async () => {
  const [before, after] = [`${iso(START - 7_200_000)}..${iso(START - 3_600_001)}`, `${iso(START - 3_600_001)}..${iso(START + 1)}`];
  const runs = async (period: string) => (await asked<{ runs: readonly unknown[] }>(`/sources/hr/csv/people/runs?period=${period}`)).runs.length;
  expect([await runs(before), await runs(after)]).toEqual([0, 1]);
  const entry = { id: 'AR-1', title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' };
  const body = JSON.stringify({ kind: 'access-requests', entry });
  await acme.ask('/statements', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const stated = async (period: string) => (await asked<{ statements: readonly unknown[] }>(`/statements?period=${period}`)).statements.length;
  expect([await stated(before), await stated(after)]).toEqual([0, 1]);
  const found = async (q: string, asOf: string) =>
    (await asked<{ found: readonly { readonly kind: string }[] }>(`/search?q=${q}&asOf=${asOf}`)).found.map(({ kind }) => kind);
  expect([await found('maria', iso(START)), await found('maria', '2019-01-01T00:00:00Z')]).toEqual([['person'], []]);
  expect([await found('%20', iso(START)), await found('lopez%20MARIA', iso(START))]).toEqual([[], ['person']]);
});
