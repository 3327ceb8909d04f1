import { describe, expect, it } from 'vitest';
import { type Call, tellingWire } from './told-calls.ts';
import { githubOrganization } from '../collectors/github/organization.ts';
import type { Collector } from '../collectors/collector.ts';
import type { Wire, WireRequest } from '../sources/wire.ts';
import { tryOut } from './trial.ts';

const answering =
  (status: number, body: string, type = 'application/json'): Wire =>
  async () => ({ status, headers: { 'content-type': type }, body: Buffer.from(body) });
const SIGNED = { Authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20260302/us-east-1/iam/aws4_request, Signature=0' };

async function told(wire: Wire, request: Partial<WireRequest>): Promise<Call[]> {
  const calls: Call[] = [];
  const asked = { method: 'GET', url: 'https://api.acme.example/users', headers: {}, body: null, ...request };
  await tellingWire(wire, ['t0p+secret'], (call) => calls.push({ ...call, took: 0 }))(asked).catch(() => undefined);
  return calls;
}

describe('a call as it is told', () => {
  it.each<[string, Wire, Partial<WireRequest>, Partial<Call>]>([
    ['counts a list', answering(200, '[1,2,3]'), {}, { method: 'GET', status: 200, items: 3, bytes: 7, says: null }],
    ['counts the one list in an object', answering(200, '{"ok":true,"members":[1,2]}'), {}, { items: 2 }],
    ['counts nothing where there are two', answering(200, '{"a":[1],"b":[2]}'), {}, { items: null }],
    [
      'has no secret in its address',
      answering(200, '{}'),
      { url: 'https://a.example/?k=t0p%2Bsecret&l=t0p+secret' },
      { url: 'https://a.example/?k=[secret]&l=[secret]' },
    ],
    ['has no secret in what a refusal says', answering(403, '{"message":"no t0p+secret"}'), {}, { status: 403, says: 'no [secret]' }],
    [
      'has the name of an operation of AWS',
      answering(403, '<ErrorResponse><Error><Message>not authorized</Message></Error></ErrorResponse>', 'text/xml'),
      { method: 'POST', url: 'https://iam.amazonaws.com/', headers: SIGNED, body: Buffer.from('Action=ListUsers&Version=2010-05-08') },
      { method: 'iam:ListUsers', says: 'not authorized' },
    ],
    [
      'has it also where it stands in a header',
      answering(200, '{}'),
      {
        method: 'POST',
        url: 'https://ecs.eu-central-1.amazonaws.com/',
        headers: { 'X-Amz-Target': 'AmazonEC2ContainerServiceV20141113.ListTasks' },
        body: Buffer.from('{}'),
      },
      { method: 'ecs:ListTasks' },
    ],
    [
      'says why there was no answer',
      () => Promise.reject(new Error('fetch failed', { cause: new Error('ECONNRESET t0p+secret') })),
      {},
      { status: null, says: 'ECONNRESET [secret]' },
    ],
  ])('%s', async (_, wire, request, expected) => expect(await told(wire, request)).toEqual([expect.objectContaining(expected)]));
});

it('ends a trial that nobody answers in time', async () => {
  const order = {
    collector: githubOrganization as unknown as Collector,
    config: { org: 'acme', system: 'github' },
    endpoint: null,
    credentials: { token: 'x' },
    partition: 'acme',
    since: 0,
    timezone: 'UTC',
  };
  const silent: Wire = () => new Promise(() => undefined);
  const { outcome, says, calls } = await tryOut(order, { wire: silent, clock: () => 0, root: '.', limits: { time: 30, calls: 5, bytes: 1000 } });
  expect([outcome, says, calls]).toEqual(['refused', 'It gave no answer within 0.03 s.', []]);
});
