import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { dashboard } from './dashboard.ts';

const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
const script = `console.log('${'x'.repeat(3000)}')`;
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Tickmark</title>');
writeFileSync(join(folder, 'assets/index-abc.js'), script);
afterAll(() => rmSync(folder, { recursive: true }));

const app = dashboard(folder);
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

it('serves its page under every address that is none of a file', async () => {
  for (const path of ['/', '/controls/AC-03', '/sources/github/organization/acme.example']) {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html><title>Tickmark</title>',
    ]);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
  }
});

it('keeps files whose names follow from their content for ever, squeezed as they are taken', async () => {
  const plain = await get('/assets/index-abc.js');
  expect([await plain.text(), plain.headers.get('cache-control')]).toEqual([script, 'public, max-age=31536000, immutable']);
  const br = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip, deflate, br' });
  expect(br.headers.get('content-encoding')).toBe('br');
  expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(script);
  const gzip = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip' });
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(script);
  const same = await get('/assets/index-abc.js', { 'if-none-match': plain.headers.get('etag') ?? '' });
  expect([same.status, await same.text()]).toEqual([304, '']);
});

it('has nothing under names that are not there, nor outside of its folder', async () => {
  for (const path of ['/assets/other.js', '/api/posture', '/assets/%2e%2e/secret.js']) expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect(await (await get('/assets/../../package.json')).text()).toBe('<!doctype html><title>Tickmark</title>'); // an address like any other once it is resolved
});
