import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
let inner: Server;
let [port, connected] = [0, 0];
/** What the name leads to, from one look to the next. */
let answers: string[] = [];

beforeAll(async () => {
  inner = createServer((socket) => {
    connected++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  ({ port } = inner.address() as AddressInfo);
  const resolve = async () => [{ address: answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? ''), family: 4 as const }];
  acme = await company({ env: {}, trial: { resolve } });
  acme.as(principal('manager'));
});
afterAll(async () => {
  await acme.close();
  inner.close();
});

const tried = async (host: string) => {
  const config = { endpoints: [{ host, port, http: false }] };
  const body = JSON.stringify({ collector: 'tls/endpoints', name: 'inner', config });
  const answer = await acme.ask('/sources/trial', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return JSON.stringify(await answer.json());
};

describe('an endpoint that somebody tries out by TLS', () => {
  it.each(['127.0.0.1', '::ffff:7f00:1', '::ffff:127.0.0.1', '::1'])('is none of this machine: %s', async (host) => {
    expect(await tried(host)).toMatch(/is at an address that may not be reached from here/);
    expect(connected).toBe(0);
  });

  it('is looked up once more before it is asked, and is where it then leads', async () => {
    answers = ['93.184.216.34', '127.0.0.1'];
    expect(await tried('moves.example')).toMatch(/moves\.example is at an address that may not be reached from here/);
    expect([answers, connected]).toEqual([['127.0.0.1'], 0]);
  });
});
