import { z } from 'zod';
import { mayTake, trustsPrincipals } from '../../access/trust.ts';
import type { Holder } from '../../access/rights.ts';
import { type Derived, deriveDataset, type Join } from '../dataset.ts';
import { list, systemId, text } from '../fields.ts';
import { policiesHeldBy } from './permissions.ts';
import { type Policy, policies } from './policies.ts';
import { Principal, principals } from './principals.ts';

export const RoleTaker = z.object({
  systemId,
  accountId: text('Cloud account of the user or role'),
  principalId: text('ARN of the user or role'),
  kind: Principal.shape.kind,
  name: text('Name'),
  takes: list('ARNs of the roles that it may take: they trust it, and nothing that is collected keeps it from them'),
  mayTake: list('ARNs of those of which that cannot be said'),
  keys: list('Condition keys on which that hangs'),
});
export type RoleTaker = z.infer<typeof RoleTaker>;

type With = { readonly held: Join<Policy, 'policyIds'>; readonly boundary: Join<Policy, 'boundaryId'>; readonly roles: Join<Principal, never> };

/** Which roles a user or a role may take by `sts:AssumeRole`, from both sides: what it holds, and whom the role trusts. No row where there is none. */
export const roleTakers = deriveDataset<RoleTaker, Principal, With>(
  {
    id: 'iam.role-takers',
    title: 'Which roles one user or role of a cloud account may take',
    row: RoleTaker,
    label: ({ name, kind, accountId }) => `${kind} ${name} in ${accountId}`,
  },
  {
    population: principals,
    with: {
      held: policies.on('policyId', 'policyIds'),
      boundary: policies.on('policyId', 'boundaryId'),
      roles: principals.where(({ kind, trust }) => kind === 'role' && trustsPrincipals(trust)).all(),
    },

    derive(principal, { held, boundary, roles }): Derived<RoleTaker> {
      const { systemId: system, accountId, principalId, kind, name } = principal;
      const holder: Holder = { kind, arn: principalId, name, accountId };
      const its = policiesHeldBy(principal, held, boundary);
      const others = roles.filter((role) => role.principalId !== principalId);
      const tried = others.map((role) => ({ role, ...mayTake(its, holder, { arn: role.principalId, accountId: role.accountId, trust: role.trust }) }));
      const those = (answer: 'yes' | 'unknown') => tried.filter((one) => one.answer === answer);
      const named = (answer: 'yes' | 'unknown') =>
        those(answer)
          .map(({ role }) => role.principalId)
          .sort();
      const [takes, maybe] = [named('yes'), named('unknown')];
      if (takes.length + maybe.length === 0) return { row: null, cites: [] };
      const keys = [...new Set(those('unknown').flatMap((one) => one.keys))].sort();
      return { row: { systemId: system, accountId, principalId, kind, name, takes, mayTake: maybe, keys }, cites: [...held, ...boundary, ...roles] };
    },
  },
);
