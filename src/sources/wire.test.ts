import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchWire } from './wire.ts';

let vendor: Server;
let url = '';
beforeAll(async () => {
  vendor = createServer((request, response) => {
    if (request.url === '/silent') return;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{');
    if (request.url === '/drip') {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    }
    if (request.url === '/short') setTimeout(() => response.destroy(), 20);
    if (request.url === '/whole') response.end(' '.repeat(999));
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
});
afterAll(() => {
  vendor.closeAllConnections();
  vendor.close();
});

const ask = (path: string, timeout = 300) => fetchWire({ timeout })({ method: 'GET', url: `${url}${path}`, headers: {}, body: null });

it.each(['/silent', '/drip'])('a vendor that hangs is left after a while: %s', async (path) => {
  const begun = performance.now();
  await expect(ask(path)).rejects.toThrow('The operation was aborted due to timeout');
  expect(performance.now() - begun).toBeLessThan(5000);
});

it('an answer that is shorter than it was announced is none', async () => {
  await expect(ask('/short', 30_000)).rejects.toThrow('terminated');
  expect((await ask('/whole', 30_000)).body).toHaveLength(1000);
});
