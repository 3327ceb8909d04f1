import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { Health } from '../app/job-views.ts';
import type { Metrics } from '../app/metrics.ts';
import { operations } from './operations.ts';

const counted: (readonly [string, number])[] = [];
const metrics: Metrics = {
  contentType: 'text/plain; version=0.0.4',
  job: () => undefined,
  request: (method, status) => void counted.push([method, status]),
  scrape: async () => 'tickmark_log_records 7\n',
};
const FINE: Health = {
  ready: true,
  checks: [{ what: 'database', ok: true, says: 'it answers' }],
  troubles: [{ kind: 'job', what: 'upkeep', since: 0, says: 'upkeep failed' }],
};
const rest = new Hono().get('/records', (context) => context.text('records'));

const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } });
const ask = async (
  path: string,
  {
    health = FINE,
    address = '127.0.0.1',
    headers = {},
    token = null,
  }: { health?: Health; address?: string; headers?: Record<string, string>; token?: string | null } = {},
) => {
  const app = operations({ health: async () => health, metrics, token }, rest);
  const response = await app.request(`http://10.0.0.5:7400${path}`, { headers }, from(address));
  return [response.status, await response.text()] as const;
};

it('tells any probe whether it lives and is ready, and only its own machine what is wrong', async () => {
  expect(await ask('/healthz', { address: '10.0.0.9' })).toEqual([200, 'alive\n']);
  expect(await ask('/readyz')).toEqual([200, 'ready\nok  database: it answers\ntrouble job: upkeep failed\n']);
  expect(await ask('/readyz', { address: '10.0.0.9' })).toEqual([200, 'ready\n']);
  const health: Health = { ready: false, checks: [{ what: 'disk', ok: false, says: '3 MB are left' }], troubles: [] };
  expect(await ask('/readyz', { health })).toEqual([503, 'not ready\nNOT disk: 3 MB are left\n']);
  expect(await ask('/readyz', { health, address: '10.0.0.9' })).toEqual([503, 'not ready\n']);
});

it('tells its counts to this machine, and to whoever bears the token', async () => {
  const refused = [401, 'Metrics are told to this machine, or to whoever bears the token of TICKMARK_METRICS_TOKEN.\n'];
  expect(await ask('/metrics')).toEqual([200, 'tickmark_log_records 7\n']);
  expect(await ask('/metrics', { address: '10.0.0.9' })).toEqual(refused);
  expect(await ask('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })).toEqual(refused); // a proxy on this machine
  const headers = { authorization: 'Bearer s3cret' };
  expect(await ask('/metrics', { address: '10.0.0.9', headers })).toEqual(refused); // no token was set
  expect(await ask('/metrics', { address: '10.0.0.9', headers, token: 's3cret' })).toEqual([200, 'tickmark_log_records 7\n']);
  expect(await ask('/metrics', { address: '10.0.0.9', headers, token: 's3cre' })).toEqual(refused);
});

it('passes everything else on, and counts it', async () => {
  expect(await ask('/records')).toEqual([200, 'records']);
  expect((await ask('/nothing'))[0]).toBe(404);
  expect(counted).toEqual([
    ['GET', 200],
    ['GET', 404],
  ]);
});
