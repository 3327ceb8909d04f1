import { z } from 'zod';
import type { Policies, Policy as Read } from '../../access/evaluate.ts';
import { parsed } from '../../access/document.ts';
import type { Ternary } from '../../core/ternary.ts';
import { administers, type Holder, rightsOf } from '../../access/rights.ts';
import { type Derived, deriveDataset, type Join } from '../dataset.ts';
import { list, said, systemId, text } from '../fields.ts';
import { type Policy, policies } from './policies.ts';
import { Principal, principals } from './principals.ts';

const level = z.enum(['admin', 'write', 'read', 'none']);

export const Permission = z.object({
  systemId,
  accountId: text('Cloud account'),
  principalId: text('ARN'),
  userId: text('Id of the account it is in identity.users; of a role, its ARN'),
  kind: Principal.shape.kind,
  name: text('Name'),
  admin: said('Its policies grant everything, or all of the rights that give themselves the rest; denies and boundary evaluated'),
  by: list('Names of the policies that grant it'),
  level: level.describe('The highest access that its policies surely grant somewhere'),
  atMost: level.describe('The highest that they may grant, where conditions turn out so or a policy that cannot be read says so'),
  escalates: said('One who is no administrator may do what is known to make himself one, to anything of its kind'),
  ways: list('The acts by which; where it is unknown, by which it might be'),
  grants: list('What is granted, by access and breadth: the services'),
  keys: list('Condition keys and policy variables on which some of it hangs'),
  unreadable: list('Policies that cannot be read, or that nobody described'),
  held: list('Each policy, with how it is held'),
  direct: list('Names of those that are attached to it or written into it, not to a group'),
  createdAt: Principal.shape.createdAt,
});
export type Permission = z.infer<typeof Permission>;

type With = { readonly held: Join<Policy, 'policyIds'>; readonly boundary: Join<Policy, 'boundaryId'> };

/** Roles that AWS makes for its own services, that only they can assume, and that nobody else can change. */
export const ofProvider = ({ principalId }: Pick<Permission, 'principalId'>): boolean => principalId.includes(':role/aws-service-role/');

/** What the policies of an identity grant. Resource and service control policies are not evaluated: "granted by policy", not "can". */
export const permissions = deriveDataset<Permission, Principal, With>(
  {
    id: 'iam.permissions',
    title: 'What its policies grant one user or role, with denies and boundary evaluated',
    row: Permission,
    label: ({ name, kind, accountId }) => `${kind} ${name} in ${accountId}`,
  },
  {
    population: principals,
    with: { held: policies.on('policyId', 'policyIds'), boundary: policies.on('policyId', 'boundaryId') },

    derive(principal, { held, boundary }): Derived<Permission> {
      const { systemId: system, accountId, principalId, userId, kind, name } = principal;
      const its = held.filter((policy) => policy.accountId === accountId);
      const limits = boundary.filter((policy) => policy.accountId === accountId);
      const holder: Holder = { kind, arn: principalId, name, accountId };
      const rights = rightsOf(policiesHeldBy(principal, held, boundary), holder);
      const by = its.flatMap((policy) => (administers(alone(policy), holder).answer === 'no' ? [] : [policy.name])).sort();
      return {
        row: {
          ...{ systemId: system, accountId, principalId, userId, kind, name },
          admin: rights.admin,
          by: rights.admin === 'no' ? [] : by,
          level: rights.level,
          atMost: rights.atMost,
          escalates: rights.escalates,
          ways: rights.ways,
          grants: rights.grants,
          keys: rights.keys,
          unreadable: rights.unreadable,
          held: howHeld(principal, its),
          direct: principal.directPolicyIds.map((id) => its.find(({ policyId }) => policyId === id)?.name ?? id).sort(),
          createdAt: principal.createdAt,
        },
        cites: [...its, ...limits],
      };
    },
  },
);

/**
 * What a principal holds, of policies that were found by their ids. One that nobody described is one that cannot be read:
 * it may grant or deny anything.
 */
export function policiesHeldBy({ accountId, policyIds, boundaryId }: Principal, found: readonly Policy[], bounds: readonly Policy[]): Policies {
  const within = (its: readonly Policy[]) => its.filter((policy) => policy.accountId === accountId);
  const [held, limits] = [within(found), within(bounds)];
  const missing = (id: string, among: readonly Policy[]): readonly Read[] =>
    among.some(({ policyId }) => policyId === id) ? [] : [{ name: id, document: null }];
  return {
    identity: [...held.map(read), ...policyIds.flatMap((id) => missing(id, held))],
    boundary: boundaryId === null ? null : [...limits.map(read), ...missing(boundaryId, limits)],
    controls: [],
  };
}

const read = ({ name, document }: Policy): Read => ({ name, document: parsed(document) });
const alone = (policy: Policy): Policies => ({ identity: [read(policy)], boundary: null, controls: [] });

/** Whether a policy alone makes an administrator of whoever holds it. */
export const administersAlone = (policy: Policy): Ternary =>
  administers(alone(policy), { kind: 'role', arn: policy.policyId, name: policy.name, accountId: policy.accountId }).answer;

function howHeld({ directPolicyIds, groupPolicies }: Principal, held: readonly Policy[]): readonly string[] {
  const known = new Map(held.map((policy) => [policy.policyId, policy]));
  const nameOf = (id: string) => known.get(id)?.name ?? id;
  return [
    ...directPolicyIds.map((id) => `${nameOf(id)}, ${known.get(id)?.managedBy === 'inline' ? 'inline' : 'attached'}`),
    ...groupPolicies.map((path) => {
      const [group = '', ...id] = path.split(' ');
      return `${nameOf(id.join(' '))}, through group ${group}`;
    }),
  ].sort();
}
