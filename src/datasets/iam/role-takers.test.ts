import { expect, it } from 'vitest';
import { policy } from '../../../test/rows.ts';
import type { Principal } from './principals.ts';
import { roleTakers } from './role-takers.ts';

const ACCOUNT = '123456789012';
const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
const trusting = (AWS: string, Condition?: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
  });
const ada: Principal = {
  ...{ systemId: 'aws', accountId: ACCOUNT, principalId: arn('user/ada'), userId: 'u1', kind: 'user', name: 'ada' },
  ...{ policyIds: [], directPolicyIds: [], groupPolicies: [], groups: [], boundaryId: null, trust: null, createdAt: null },
};
const role = (name: string, trust: string | null): Principal => ({ ...ada, kind: 'role', principalId: arn(`role/${name}`), name, trust });
const taken = (of: Principal, roles: readonly Principal[], held: readonly ReturnType<typeof policy>[] = []) =>
  roleTakers.derived?.derive(of, { held, boundary: [], roles } as never).row;
const may = policy({
  policyId: 'p',
  accountId: ACCOUNT,
  document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn('role/b') }] }),
});

it('tells the roles that one may take apart from those of which it cannot be said', () => {
  const roles = [
    role('b', trusting(arn('root'))),
    role('a', trusting(arn('user/ada'))),
    role('c', trusting(arn('root'))),
    role('d', trusting(arn('user/ada'), { StringEquals: { 'sts:ExternalId': 'x' } })),
    role('e', null),
  ];
  expect(taken({ ...ada, policyIds: ['p'] }, roles, [may])).toMatchObject({
    ...{ accountId: ACCOUNT, principalId: arn('user/ada'), kind: 'user', name: 'ada' },
    ...{ takes: [arn('role/a'), arn('role/b')], mayTake: [arn('role/d'), arn('role/e')], keys: ['sts:ExternalId'] },
  });
});

it('takes a policy that nobody described for one that may say anything', () => {
  expect(taken({ ...ada, policyIds: ['gone'] }, [role('b', trusting(arn('root')))])).toMatchObject({ takes: [], mayTake: [arn('role/b')] });
});

it('has no row of who may take none, nor for itself', () => {
  const b = role('b', trusting(arn('role/b')));
  expect(taken(ada, [b])).toBeNull();
  expect(taken(b, [b])).toBeNull();
});
