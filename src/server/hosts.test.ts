import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { ConfigurationError } from '../core/error.ts';
import { hostsOf, isOurs, isSameOrigin } from './hosts.ts';
import { site } from './server.ts';

it('answers under the names of this machine, and under the one that is configured', async () => {
  const hosts = hostsOf('https://Tickmark.acme.example');
  const names = [
    '127.0.0.1:7400',
    'localhost',
    '[::1]:7400',
    'tickmark.acme.example',
    'TICKMARK.acme.example:443',
    'evil.example',
    'tickmark.acme.example.evil.example',
    '',
  ];
  expect(names.map((name) => isOurs(hosts, name))).toEqual([true, true, true, true, true, false, false, false]);
  expect(isOurs(hostsOf(null), 'tickmark.acme.example')).toBe(false);
});

it('refuses an address that is none, or says more than scheme and name', () => {
  for (const url of ['tickmark', 'ftp://acme.example', 'https://acme.example/path', 'https://acme.example/?a=1'])
    expect(() => hostsOf(url)).toThrow(ConfigurationError);
});

it('refuses a name that is not ours before anything is read, the API included', async () => {
  const app = site({ hosts: hostsOf('https://tickmark.acme.example'), api: new Hono(), dashboard: new Hono() });
  const refused = await app.request('http://127.0.0.1:7400/api/posture', { headers: { host: 'evil.example' } });
  expect([refused.status, await refused.text()]).toEqual([421, 'Ask for this server as 127.0.0.1 or localhost or [::1] or tickmark.acme.example.']);
});

it('takes the word of the browser for where a request comes from', () => {
  const from = (headers: Record<string, string>) =>
    isSameOrigin(new Request('http://127.0.0.1/api', { headers: { host: 'tickmark.acme.example', ...headers } }));
  const origin = (its: string) => from({ origin: its });
  expect(['same-origin', 'same-site', 'cross-site', 'none'].map((site) => from({ 'sec-fetch-site': site }))).toEqual([true, false, false, false]);
  expect([origin('https://tickmark.acme.example'), origin('https://acme.example'), origin('null'), origin('nonsense'), from({})]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(from({ 'sec-fetch-site': 'cross-site', origin: 'https://tickmark.acme.example' })).toBe(false);
});
