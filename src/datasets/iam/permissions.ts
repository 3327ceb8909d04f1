import { z } from 'zod';
import type { Ternary } from '../../core/ternary.ts';
import { deriveDataset, type Join } from '../dataset.ts';
import { list, said, systemId, text } from '../fields.ts';
import { all, any, both, grants, type Statement, statements } from './evaluate.ts';
import { type Policy, policies } from './policies.ts';
import { Principal, principals } from './principals.ts';

export const Permission = z.object({
  systemId,
  accountId: text('Cloud account'),
  principalId: text('ARN'),
  userId: text('Id of the account it is in identity.users; of a role, its ARN'),
  kind: Principal.shape.kind,
  name: text('Name'),
  admin: said('Its policies grant everything, or all of the rights that give themselves the rest; denies and boundary evaluated'),
  by: list('Names of the policies that grant it'),
});
export type Permission = z.infer<typeof Permission>;

/** An arbitrary resource and actions of services that have nothing to do with each other: only "everything" covers them all. */
const ANYTHING = 'arn:aws:tickmark:region:123456789012:any/thing';
const EVERYTHING = [
  'iam:CreateUser',
  'ec2:TerminateInstances',
  's3:DeleteBucket',
  'kms:ScheduleKeyDeletion',
  'organizations:LeaveOrganization',
  'tickmark:Anything',
];
/** Whoever may do all of this may give himself all the rest. */
const TAKES_ALL = ['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:PutUserPolicy', 'iam:CreateAccessKey', 'iam:PassRole', 'iam:UpdateAssumeRolePolicy'];

type With = { readonly held: Join<Policy, 'policyIds'>; readonly boundary: Join<Policy, 'boundaryId'> };

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

    derive({ systemId: system, accountId, principalId, userId, kind, name, policyIds, boundaryId }, { held, boundary }) {
      const its = held.filter((policy) => policy.accountId === accountId);
      const limits = boundary.filter((policy) => policy.accountId === accountId);
      const documents = its.map(({ document }) => statements(document));
      const readable = documents.every((document) => document !== null) && policyIds.every((id) => its.some(({ policyId }) => policyId === id));
      const bounded = boundaryId === null ? null : limits.length === 0 ? 'unknown' : adminOf(limits.map(({ document }) => statements(document)));
      const granted = adminOf(documents);
      const admin = both(readable || granted === 'yes' ? granted : 'unknown', bounded ?? 'yes');
      const by = its.flatMap(({ name: policy, document }) => (adminOf([statements(document)]) === 'no' ? [] : [policy])).sort();
      return { row: { systemId: system, accountId, principalId, userId, kind, name, admin, by: admin === 'no' ? [] : by }, cites: [...its, ...limits] };
    },
  },
);

/** Whether documents together make an administrator. One that cannot be read may hold a deny: it leaves a grant open. */
export function adminOf(documents: readonly (readonly Statement[] | null)[]): Ternary {
  const known = documents.flatMap((document) => document ?? []);
  const every = (actions: readonly string[]) => all(actions.map((action) => grants(known, action, ANYTHING)));
  const granted = any([every(EVERYTHING), every(TAKES_ALL)]);
  return documents.includes(null) ? 'unknown' : granted;
}

/** Whether a single policy gives every action of some service, on everything, whoever holds it. */
export function wildcardsOf(document: string): Ternary {
  const known = statements(document);
  if (!known) return 'unknown';
  const wide = known.filter(
    ({ effect, actions, notActions, resources, notResources }) =>
      effect === 'Allow' && (notActions || actions.some((action) => /^(\*|[\w-]+:\*)$/.test(action))) && (notResources || resources.includes('*')),
  );
  if (wide.some(({ conditional }) => !conditional)) return 'yes';
  return wide.length > 0 ? 'unknown' : 'no';
}
