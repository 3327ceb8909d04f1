import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { companies, enterAt, type ServedCompany } from './companies.ts';

const served = (id: ServedCompany['id']): ServedCompany => ({ id, name: id, app: new Hono().all('*', (context) => context.text(`${id} ${context.req.path}`)) });
const both = (url: string) => companies({ all: () => [served('demo'), served('company')], url: () => url });
const ours = both('http://127.0.0.1:7400');
const ask = (app: Hono, path: string, headers: Record<string, string> = {}) =>
  app.request(`http://127.0.0.1:7400${path}`, { headers: { host: '127.0.0.1:7400', ...headers } });

describe('a server of two companies', () => {
  it('shows one’s own to who has chosen none, and to whoever brings a token', async () => {
    expect(await (await ask(ours, '/log')).text()).toBe('company /log');
    expect(await (await ask(ours, '/api/posture', { authorization: 'Bearer t' })).text()).toBe('company /api/posture');
  });

  it('shows the one that was entered', async () => {
    const entered = await ask(ours, '/enter/demo?to=%2Flog%3Fshow%3Dall');
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/log?show=all']);
    expect(entered.headers.get('set-cookie')).toBe('tickmark-company-7400=demo; Path=/; HttpOnly; SameSite=Lax');
    expect(await (await ask(ours, '/', { cookie: 'other=1; tickmark-company-7400=demo' })).text()).toBe('demo /');
    expect(await (await ask(ours, '/', { cookie: 'tickmark-company-7400=nobody' })).text()).toBe('company /');
    expect(await (await ask(ours, '/', { cookie: 'tickmark-company-7401=demo' })).text()).toBe('company /');
  });

  it('binds the choice to this host over https', async () => {
    const entered = await both('https://tickmark.acme.example').request('https://tickmark.acme.example/enter/demo', {
      headers: { host: 'tickmark.acme.example' },
    });
    expect(entered.headers.get('set-cookie')).toBe('__Host-tickmark-company=demo; Path=/; HttpOnly; SameSite=Lax; Secure');
  });

  it.each([
    ['/sign-in/link/abc_-9', '/sign-in/link/abc_-9'],
    ['/sign-in/oidc/x/callback', '/'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/sign-in/link/../../x', '/x'],
  ])('leads by %s to %s', async (to, leads) => {
    expect((await ask(ours, enterAt('company', to))).headers.get('location')).toBe(leads);
  });

  it('knows no other company, and no other name of itself', async () => {
    expect((await ask(ours, '/enter/nobody')).status).toBe(404);
    expect((await ask(ours, '/enter/demo', { host: 'evil.example' })).status).toBe(421);
  });

  it('is of one company where there is one', async () => {
    const alone = companies({ all: () => [served('demo')], url: () => 'http://127.0.0.1:7400' });
    expect(await (await ask(alone, '/')).text()).toBe('demo /');
    expect((await ask(alone, '/enter/company')).status).toBe(404);
  });
});
