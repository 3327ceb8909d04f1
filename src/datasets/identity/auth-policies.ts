import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeCount, maybeText, said, systemId, text } from '../fields.ts';

export const AuthPolicy = z.object({
  systemId,
  policyId: text('Id of the policy in its system'),
  ruleId: maybeText('Id of the rule; null of a policy without any'),
  policy: text('Name of the policy'),
  rule: maybeText('Name of the rule'),
  kind: z.enum(['session', 'application']).describe('It decides about sessions of the identity provider, or about sign-in to applications'),
  status: z.enum(['enforced', 'disabled', 'unknown']).describe('Both the policy and the rule are switched on'),
  policyPriority: maybeCount('Place of the policy: the lowest number that fits somebody decides; null where it has none'),
  rulePriority: maybeCount('Place of the rule within its policy'),
  groupIds: list('Groups that the rule is about, or else its policy; empty where it is about everyone'),
  groups: list('Their names; the id of one that is not listed'),
  userIds: list('Accounts that it is about by name'),
  exceptGroupIds: list('Groups that the policy or the rule leaves out'),
  exceptUserIds: list('Accounts that they leave out by name'),
  applicationIds: list('Applications that an application policy binds'),
  conditions: list('What else must be so for it to apply, by the name the source gives the condition: network, device, risk'),
  access: z.enum(['allow', 'deny', 'unknown']).describe('What it does with whom it fits'),
  secondFactor: said('Whoever it lets in must prove two factors'),
  rememberedFor: maybeCount('Minutes for which a proof is not asked for again; null where the source gives no length'),
  sessionLifetimeMinutes: maybeCount('Longest session, in minutes; 0 is without end; null where it sets none'),
  sessionIdleMinutes: maybeCount('Idle time that ends a session, in minutes; 0 is without end; null where it sets none'),
  persistentCookie: said('A session outlives the closing of the browser'),
});
export type AuthPolicy = z.infer<typeof AuthPolicy>;

export const authPolicies = defineDataset<AuthPolicy>({
  id: 'identity.auth-policies',
  title: 'One rule of a policy on sessions or sign-in, with whom and what it binds',
  row: AuthPolicy,
  key: ({ policyId, ruleId }) => `${policyId}/${ruleId ?? ''}`,
  label: ({ policy, rule, systemId: system }) => `${policy}${rule === null ? '' : `: ${rule}`} in ${system}`,
  freshness: hours(36),
});
