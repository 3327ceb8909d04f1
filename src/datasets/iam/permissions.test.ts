import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ternary } from '../../core/ternary.ts';
import { grants, matches, statements } from './evaluate.ts';
import { adminOf, permissions, wildcardsOf } from './permissions.ts';
import type { Policy } from './policies.ts';
import type { Principal } from './principals.ts';

const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const document = (...Statement: readonly object[]) => JSON.stringify({ Statement });
const policy = (policyId: string, ...its: readonly object[]): Policy => ({
  systemId: 'aws',
  accountId: '1',
  policyId,
  name: policyId,
  managedBy: 'customer',
  attachments: 1,
  boundaries: 0,
  document: document(...its),
});
const principal = (over: Partial<Principal> = {}): Principal => ({
  systemId: 'aws',
  accountId: '1',
  principalId: 'arn',
  userId: 'u',
  kind: 'user',
  name: 'ada',
  policyIds: ['p'],
  groups: [],
  boundaryId: null,
  trust: null,
  createdAt: null,
  ...over,
});
const adminBy = (held: readonly Policy[], boundary: readonly Policy[] = [], over: Partial<Principal> = {}): Ternary | undefined =>
  (
    permissions.derived?.derive(principal({ policyIds: held.map(({ policyId }) => policyId), ...over }), { held, boundary } as never).row as
      | { admin: Ternary }
      | null
      | undefined
  )?.admin;
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
    ['a boundary alone grants nothing', adminBy([], [policy('b', allow('*'))], { boundaryId: 'b' }), 'no'],
  ])('%s', (_, said, expected) => expect(said).toBe(expected));

  it('cites every policy that it read', () => {
    const held = [policy('p', allow('*'))];
    expect(permissions.derived?.derive(principal(), { held, boundary: [] } as never).cites).toEqual(held);
  });
});

it('says what no single policy should grant', () => {
  expect(
    [
      document(allow('ec2:*')),
      document(allow('ec2:Describe*')),
      document(allow('ec2:*', when)),
      document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    ].map(wildcardsOf),
  ).toEqual(['yes', 'no', 'unknown', 'yes']);
  expect(adminOf([null])).toBe('unknown');
});

/** A small universe, in which everything can be tried. */
const ACTIONS = ['a:x', 'a:y', 'b:x'];
const RESOURCES = ['r1', 'r2'];
const some = <Value>(...of: Value[]) => fc.subarray(of, { minLength: 1 });
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: some('a:x', 'a:*', '*', 'b:x', '?:y'),
    Resource: some('r1', 'r2', '*', 'r?'),
    not: fc.boolean(),
    notResource: fc.boolean(),
  })
  .map(({ Effect, Action, Resource, not, notResource }) => ({
    Effect,
    [not ? 'NotAction' : 'Action']: Action,
    [notResource ? 'NotResource' : 'Resource']: Resource,
  }));

it('grants exactly what the definition of AWS grants, denies first', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 4 }), (its) => {
      const list = (value: unknown) => (value === undefined ? null : (value as string[]));
      const glob = (pattern: string, text: string): boolean => {
        if (pattern === '') return text === '';
        if (pattern[0] === '*') return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
        return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && glob(pattern.slice(1), text.slice(1));
      };
      const speaks = (it: (typeof its)[number], action: string, resource: string) => {
        const { Action, NotAction, Resource, NotResource } = it as Record<string, unknown>;
        const onAction = list(Action) ? (list(Action) ?? []).some((p) => glob(p, action)) : !(list(NotAction) ?? []).some((p) => glob(p, action));
        const onResource = list(Resource) ? (list(Resource) ?? []).some((p) => glob(p, resource)) : !(list(NotResource) ?? []).some((p) => glob(p, resource));
        return onAction && onResource;
      };
      for (const action of ACTIONS) {
        for (const resource of RESOURCES) {
          const relevant = its.filter((it) => speaks(it, action, resource)).map(({ Effect }) => Effect);
          const expected = !relevant.includes('Deny') && relevant.includes('Allow') ? 'yes' : 'no';
          expect(grants(statements(document(...its)) ?? [], action, resource)).toBe(expected);
        }
      }
    }),
    { numRuns: 500 },
  );
});

it('matches whatever the letter case', () =>
  expect([matches('IAM:create*', 'iam:CreateUser'), matches('s3:Get?bject', 's3:GetObject'), matches('s3:Get', 's3:GetObject'), matches('a.b', 'axb')]).toEqual(
    [true, true, false, false],
  ));
