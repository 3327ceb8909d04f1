import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { systemId, text } from '../fields.ts';

export const Membership = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  kind: z.enum(['group', 'team', 'app', 'role', 'organization']).describe('What the account belongs to or holds'),
  name: text('Name of the group, team, application or role'),
  role: text('Role in it: member, maintainer, admin, user'),
  privileged: z.boolean().describe('It gives administrative rights'),
});
export type Membership = z.infer<typeof Membership>;

/** As the list for reviewers writes it: `group Engineering`, `owner of organization acme`, `policy ReadOnlyAccess`. */
export function membershipNamed({ kind, name, role }: Pick<Membership, 'kind' | 'name' | 'role'>): string {
  const what = kind === 'role' ? name : `${kind} ${name}`;
  return ['member', 'user', 'attached'].includes(role) ? what : `${role} of ${kind} ${name}`;
}

export const memberships = defineDataset<Membership>({
  id: 'identity.memberships',
  title: 'One group, team, application or role that one account holds',
  row: Membership,
  key: ({ userId, kind, name }) => `${userId}/${kind}/${name}`,
  label: ({ userId, kind, name }) => `${userId} in ${kind} ${name}`,
  freshness: hours(36),
});

/** Each of them once. Groups, applications and policies of one name are one row: whoever has any of them holds what is called so. */
export const eachOnce = (rows: readonly Membership[]): readonly Membership[] => [...new Map(rows.map((row) => [memberships.key(row), row])).values()];
