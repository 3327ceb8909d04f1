import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  acme = await company();
});
afterAll(() => acme.close());

const FILTER = 'show=hr.workers&filter=where%3DemploymentType%253Aemployee';
const ask = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await acme.ask(path, { ...init, headers: { 'content-type': 'application/json' } });
  return { status: response.status, said: (await response.json()) as Record<string, unknown> };
};
const save = (name: string, search = FILTER, page = '/families/access') => ask('POST', '/views', { page, name, search });
const names = async (page = '/families/access') =>
  ((await ask('GET', `/views?page=${page}`)).said.views as readonly { readonly name: string }[]).map(({ name }) => name);

it('keeps how somebody looks at a page, and shows it to nobody else', async () => {
  acme.as(principal('auditor'));
  const { status, said } = await save('Employees');
  expect([status, said]).toEqual([
    201,
    {
      id: said.id,
      page: '/families/access',
      name: 'Employees',
      search: FILTER,
      shared: false,
      own: true,
      by: 'auditor@acme.example',
      changedAt: '2026-03-02T09:00:00Z',
    },
  ]);
  await save('Another page', FILTER, '/log');
  expect([await names(), await names('/log')]).toEqual([['Employees'], ['Another page']]);
  acme.as(principal('manager'));
  expect(await names()).toEqual([]);
  expect((await ask('PATCH', `/views/${said.id}`, { name: 'Mine' })).said).toMatchObject({ type: '/api/problems/not-found' });
  expect((await ask('DELETE', `/views/${said.id}`, {})).status).toBe(404);
});

it('is changed and removed by whoever made it, and has a name of its own', async () => {
  acme.as(principal('auditor'));
  const { said } = await save('Contractors');
  acme.pass(60_000);
  expect((await ask('PATCH', `/views/${said.id}`, { name: 'Of the agency', search: 'show=hr.workers' })).said).toMatchObject({
    name: 'Of the agency',
    search: 'show=hr.workers',
    changedAt: '2026-03-02T09:01:00Z',
  });
  expect((await ask('PATCH', `/views/${said.id}`, { name: 'Employees' })).said).toMatchObject({
    type: '/api/problems/cannot-be-answered',
    detail: 'you have a view called "Employees" of this page already. Give it another name, or change that one.',
  });
  expect((await ask('DELETE', `/views/${said.id}`, {})).said).toEqual({ removed: true });
  expect(await names()).toEqual(['Employees']);
});

it('is shared by who runs the programmes, and taken back by them', async () => {
  acme.as(principal('member'));
  const own = (await save('Of a member')).said;
  expect((await ask('POST', `/views/${own.id}/share`, { shared: true })).status).toBe(403);
  acme.as(principal('manager'));
  const { said } = await save('For everybody');
  expect((await ask('POST', `/views/${said.id}/share`, { shared: true })).said).toMatchObject({ shared: true, own: true });
  expect((await ask('POST', `/views/${own.id}/share`, { shared: true })).status).toBe(404);
  acme.as(principal('member'));
  expect(await names()).toEqual(['For everybody', 'Of a member']);
  expect((await ask('DELETE', `/views/${said.id}`, {})).status).toBe(404);
  acme.as(principal('admin'));
  expect((await ask('POST', `/views/${said.id}/share`, { shared: false })).said).toMatchObject({ shared: false, own: false, by: 'manager@acme.example' });
  acme.as(principal('member'));
  expect(await names()).toEqual(['Of a member']);
});

it.each([
  [{ page: 'https://evil.example', name: 'x', search: '' }, 'page'],
  [{ page: '/log', name: 'a\u0001b', search: '' }, 'name'],
  [{ page: '/log', name: 'x', search: 'a=<b>' }, 'search'],
])('refuses %j', async (view, field) => {
  acme.as(principal('manager'));
  expect((await ask('POST', '/views', view)).said).toMatchObject({ type: '/api/problems/invalid-request', fields: [{ name: field }] });
});

it('is no act: nothing is sealed', async () => {
  expect((await acme.workspace.records(null, 50)).filter(({ outcome }) => outcome === 'act')).toEqual([]);
});
