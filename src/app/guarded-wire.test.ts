import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../notify/guard.ts';
import { guardedWire, networksAllowed, refusalOfHost } from './guarded-wire.ts';

const server = createServer((request, response) => {
  if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end();
  else response.setHeader('content-type', 'application/json').end(JSON.stringify({ host: request.headers.host, url: request.url }));
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => new Promise((done) => server.close(done)));

const at =
  (...addresses: readonly string[]) =>
  async (): Promise<readonly Address[]> =>
    addresses.map((address) => ({ address, family: 4 }));
const get = (url: string) => ({ method: 'GET', url, headers: { accept: 'application/json' }, body: null });

describe('a source that was typed into a form', () => {
  it('is asked at the address that was looked at, under its own name', async () => {
    const asked = await guardedWire({ allowed: ['127.0.0.0/8'], resolve: at('127.0.0.1') })(get(`http://directory.acme.example:${port}/users?limit=1`));
    expect(asked.status).toBe(200);
    expect(JSON.parse(Buffer.from(asked.body).toString())).toEqual({ host: `directory.acme.example:${port}`, url: '/users?limit=1' });
  });

  it('is not followed elsewhere', async () => {
    const moved = await guardedWire({ allowed: ['127.0.0.1'] })(get(`http://127.0.0.1:${port}/moved`));
    expect([moved.status, moved.headers.location]).toEqual([302, '/elsewhere']);
  });

  it.each<[string, string, readonly string[], string]>([
    ['this machine', 'http://127.0.0.1:1/', ['127.0.0.1'], '127.0.0.1 is at an address that may not be reached from here'],
    ['a name for this machine', 'https://inside.example/', ['127.0.0.1'], 'inside.example is at an address that may not be reached from here'],
    ['a name with one address inside', 'https://both.example/', ['8.8.8.8', '10.0.0.1'], 'both.example is at an address that may not'],
    ['the clear where it is public', 'http://public.example/', ['8.8.8.8'], 'public.example is to be reached by https'],
    ['a file', 'file:///etc/passwd', [], 'file: is not asked'],
  ])('is not asked by way of %s', async (_, url, addresses, says) => {
    await expect(guardedWire({ allowed: [], resolve: at(...addresses) })(get(url))).rejects.toThrow(says);
  });
});

it('says why a host may not be asked', async () => {
  expect(await refusalOfHost('acme.okta.com', { allowed: [], resolve: at('8.8.8.8') })).toBeNull();
  expect(await refusalOfHost('[::1]', { allowed: [] })).toContain('::1 is at an address that may not be reached');
  expect(await refusalOfHost('nobody.invalid', { allowed: [], resolve: () => Promise.reject(new Error('ENOTFOUND')) })).toBe(
    'the name nobody.invalid cannot be resolved. Check how it is written',
  );
});

it('reads the networks that are allowed', () => {
  expect(networksAllowed({ TICKMARK_SOURCE_NETWORKS: '10.1.0.0/16, 127.0.0.1' })).toEqual(['10.1.0.0/16', '127.0.0.1']);
  expect(networksAllowed({})).toEqual([]);
  expect(() => networksAllowed({ TICKMARK_SOURCE_NETWORKS: 'acme.example' })).toThrow('TICKMARK_SOURCE_NETWORKS: acme.example is no network.');
});
