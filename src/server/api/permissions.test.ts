import { describe, expect, it } from 'vitest';
import { GRANTS, type Permission, PERMISSIONS, ROLES } from '../../auth/roles.ts';
import { contract } from './contract/index.ts';
import { gate } from './gate.ts';
import { type Endpoint, endpointsOf } from './methods.ts';
import { isRefusal } from './problem.ts';
import { principal, reached, without } from './testing/company.ts';

const acme = reached();
const endpoints = endpointsOf(contract);
/** Endpoints that somebody may ask who has not signed in: each one is a decision. */
const FOR_ANYONE: readonly string[] = [];

/** Asks an endpoint with nothing that it could act on: who may not is refused before anything is read. */
const status = async ({ method, path }: Endpoint): Promise<number> => {
  const asked = path.replace(/\{[^}]+\}/g, '0');
  const body = method === 'GET' ? {} : { method, headers: { 'content-type': 'application/json' }, body: '{"no such field":0}' };
  const response = await acme.ask(asked, body);
  await response.body?.cancel();
  return response.status;
};
const refused = [401, 403];

describe('every endpoint', () => {
  it('names a permission, how bounds take effect, and how its answer is kept', () => {
    expect(endpoints.filter(({ permission }) => !permission || !(permission === 'anyone' || PERMISSIONS.includes(permission)))).toEqual([]);
    expect(endpoints.filter(({ bounds, answer }) => !bounds || !answer)).toEqual([]);
    expect(endpoints.filter(({ permission }) => permission === 'anyone').map(({ name }) => name)).toEqual(FOR_ANYONE);
  });

  it('has an address of its own', () => {
    const addresses = endpoints.map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(addresses.filter((it, place) => addresses.indexOf(it) < place)).toEqual([]);
  });

  it('keeps only answers to questions: what changes something is never answered from memory', () => {
    expect(endpoints.filter(({ method, answer }) => method !== 'GET' && answer === 'kept')).toEqual([]);
  });

  it.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s is served as its permission says',
    async (_, endpoint) => {
      const { permission } = endpoint;
      if (permission === 'anyone') return;
      acme.as(null);
      expect(await status(endpoint)).toBe(401);
      for (const role of ROLES) {
        acme.as(principal(role));
        expect([role, refused.includes(await status(endpoint))]).toEqual([role, !GRANTS[role].includes(permission as Permission)]);
      }
      acme.as(without(permission as Permission));
      expect(await status(endpoint)).toBe(403);
      acme.as(principal('admin', { scopes: [permission as Permission] }));
      expect(refused).not.toContain(await status(endpoint));
    },
  );
});

it('serves nobody an endpoint that names no permission', async () => {
  const context = { principal: principal('admin'), request: new Request('http://127.0.0.1/api/planted') } as never;
  const procedure = { '~orpc': { meta: { bounds: 'free', answer: 'fresh' } } } as const;
  const served = gate({ context, procedure, path: ['planted'], input: {}, next: async () => 'served' } as never).catch((error: unknown) => error);
  const refusal = await served;
  expect(isRefusal(refusal) && refusal.data).toEqual({ problem: 'not-permitted' });
  expect(isRefusal(refusal) && refusal.message).toBe('planted needs a permission, and names none. admin@acme.example has the role admin.');
});
