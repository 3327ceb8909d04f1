import { describe, expect, it } from 'vitest';
import type { Ternary } from '../../core/ternary.ts';
import { Engine } from '../../engine/engine.ts';
import type { Dataset, Row } from '../dataset.ts';
import { type Permission, permissions } from './permissions.ts';
import type { Policy } from './policies.ts';
import type { Principal } from './principals.ts';

const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const document = (...Statement: readonly object[]) => JSON.stringify({ Statement });
const policy = (policyId: string, ...its: readonly object[]): Policy => ({
  systemId: 'aws',
  accountId: '123456789012',
  policyId,
  name: policyId,
  managedBy: 'customer',
  attachments: 1,
  boundaries: 0,
  document: document(...its),
});
const principal = (over: Partial<Principal> = {}): Principal => ({
  systemId: 'aws',
  accountId: '123456789012',
  principalId: 'arn:aws:iam::123456789012:user/ada',
  userId: 'u',
  kind: 'user',
  name: 'ada',
  policyIds: ['p'],
  directPolicyIds: [],
  groupPolicies: [],
  groups: [],
  boundaryId: null,
  trust: null,
  createdAt: null,
  ...over,
});
const rowOf = (over: Partial<Principal>, held: readonly Policy[], boundary: readonly Policy[] = []): Permission | null | undefined =>
  permissions.derived?.derive(principal(over), { held, boundary } as never).row as Permission | null | undefined;
const adminBy = (held: readonly Policy[], boundary: readonly Policy[] = [], over: Partial<Principal> = {}): Ternary | undefined =>
  rowOf({ policyIds: held.map(({ policyId }) => policyId), ...over }, held, boundary)?.admin;
const when = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };

describe('who administers', () => {
  it.each<[string, Ternary | undefined, Ternary]>([
    ['everything on everything', adminBy([policy('p', allow('*'))]), 'yes'],
    ['all of iam', adminBy([policy('p', allow('iam:*'))]), 'yes'],
    ['everything but one service that does not give the rest', adminBy([policy('p', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' })]), 'yes'],
    ['reading', adminBy([policy('p', allow(['ec2:Describe*', 's3:Get*']))]), 'no'],
    ['everything, and a deny of iam and of another', adminBy([policy('p', allow('*')), policy('q', deny(['iam:*']))]), 'no'],
    ['everything on one resource', adminBy([policy('p', allow('*', { Resource: 'arn:aws:s3:::a/*' }))]), 'no'],
    ['everything from the office', adminBy([policy('p', allow('*', when))]), 'unknown'],
    ['everything, denied outside of the office', adminBy([policy('p', allow('*')), policy('q', deny('*', when))]), 'unknown'],
    [
      'everything, denied without a second factor',
      adminBy([
        policy('p', allow('*')),
        policy('q', { Effect: 'Deny', NotAction: 'iam:*', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      ]),
      'yes',
    ],
    ['everything within a boundary', adminBy([policy('p', allow('*'))], [policy('b', allow('s3:*'))], { boundaryId: 'b' }), 'no'],
    ['everything within a boundary of everything', adminBy([policy('p', allow('*'))], [policy('b', allow('*'))], { boundaryId: 'b' }), 'yes'],
    ['everything within a boundary that nobody described', adminBy([policy('p', allow('*'))], [], { boundaryId: 'b' }), 'unknown'],
    ['a policy that nobody described', adminBy([], [], { policyIds: ['gone'] }), 'unknown'],
    ['trap 25: everything, by a policy that the provider wrote', adminBy([{ ...policy('AdministratorAccess', allow('*')), managedBy: 'provider' }]), 'yes'],
    ['trap 25: everything, in the last statement of one', adminBy([{ ...policy('p', allow('s3:Get*'), allow('*')), managedBy: 'provider' }]), 'yes'],
    ['trap 23: all rights over policies, one of them denied', adminBy([policy('p', allow('*')), policy('q', deny('iam:*'))]), 'no'],
    ['a boundary alone grants nothing', adminBy([], [policy('b', allow('*'))], { boundaryId: 'b' }), 'no'],
  ])('%s', (_, said, expected) => expect(said).toBe(expected));

  it('cites every policy that it read', () => {
    const held = [policy('p', allow('*'))];
    expect(permissions.derived?.derive(principal({}), { held, boundary: [] } as never).cites).toEqual(held);
  });
});

it('tells what is granted, how it is held, and on what it hangs', () => {
  const debugging = { ...policy('debugging', allow('lambda:*'), allow('s3:Get*', when)), managedBy: 'inline' as const };
  const reader = policy('reader', allow('ec2:Describe*'));
  const over = { policyIds: ['debugging', 'reader', 'gone'], directPolicyIds: ['debugging'], groupPolicies: ['readers reader', 'readers gone'] };
  expect(rowOf(over, [debugging, reader])).toMatchObject({
    admin: 'unknown',
    level: 'none',
    atMost: 'admin',
    unreadable: ['gone'],
    held: ['debugging, inline', 'gone, through group readers', 'reader, through group readers'],
  });
  expect(rowOf({ ...over, policyIds: ['debugging', 'reader'], groupPolicies: ['readers reader'] }, [debugging, reader])).toMatchObject({
    admin: 'no',
    level: 'write',
    atMost: 'write',
    escalates: 'yes',
    ways: ['lambda:UpdateFunctionCode'],
    grants: [
      'permission management on everything: lambda',
      'read on everything, under aws:SourceIp: s3',
      'read on everything: ec2, lambda',
      'write on everything: lambda',
    ],
    keys: ['aws:SourceIp'],
    unreadable: [],
    held: ['debugging, inline', 'reader, through group readers'],
    direct: ['debugging'],
  });
});

it('is not misled by a policy of the same id in another account', () =>
  expect(rowOf({ policyIds: ['p'] }, [{ ...policy('p', allow('*')), accountId: '210987654321' }])).toMatchObject({ admin: 'unknown', unreadable: ['p'] }));

it('is worked out again for those who hold a policy that changes, and for nobody else', () => {
  const asked: string[] = [];
  const derived = permissions.derived && {
    ...permissions.derived,
    derive: (item: Row, joined: never) => {
      asked.push(String(item.name));
      return permissions.derived?.derive(item, joined) ?? { row: null, cites: [] };
    },
  };
  const engine = new Engine([], [Object.create(permissions, { derived: { value: derived } }) as Dataset]);
  const run = (dataset: string, at: number, record: number, rows: readonly object[]) =>
    engine.learn({ dataset, source: 'aws/iam/main', partition: '123456789012', at, complete: true, reason: null, rows: rows as never, record });
  const holders = ['ada', 'ben', 'cyd'].map((name, place) => principal({ principalId: name, userId: name, name, policyIds: [place < 2 ? 'shared' : 'other'] }));
  run('iam.principals', 10, 0, holders);
  run('iam.policies', 10, 1, [policy('shared', allow('s3:Get*')), policy('other', allow('s3:Get*'))]);
  asked.length = 0;
  run('iam.policies', 20, 2, [policy('shared', allow('*')), policy('other', allow('s3:Get*'))]);
  expect(new Set(asked)).toEqual(new Set(['ada', 'ben']));
  expect(
    engine.facts.of({ dataset: permissions }, 'aws%2Fiam%2Fmain/123456789012/ada').map(({ from, to, row, records }) => [from, to, row.admin, records]),
  ).toEqual([
    [10, 20, 'no', [0, 1]],
    [20, Infinity, 'yes', [0, 2]],
  ]);
});
