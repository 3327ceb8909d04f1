import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeCount, said, systemId, text } from '../fields.ts';

export const PasswordPolicy = z.object({
  systemId,
  accountId: text('Cloud account or tenant'),
  policyId: text('Id of the policy in its system'),
  exists: z.boolean().describe('The account has a policy of its own; without one the provider’s default holds'),
  inForce: said('It decides about passwords: a policy may be kept and switched off. Where there is none of its own, the default does'),
  minLength: maybeCount('Characters; null where the source does not say'),
  reusePrevention: maybeCount('How many former passwords are refused; null where none or not said'),
  maxAgeDays: maybeCount('Days after which it expires; null where never'),
  symbols: said('A symbol is required'),
  numbers: said('A digit is required'),
  uppercase: said('An upper-case letter is required'),
  lowercase: said('A lower-case letter is required'),
  lockoutAttempts: maybeCount('Failed attempts that lock the account; null where none or not said'),
});
export type PasswordPolicy = z.infer<typeof PasswordPolicy>;

export const passwordPolicies = defineDataset<PasswordPolicy>({
  id: 'iam.password-policies',
  title: 'The password rules of one cloud account or tenant',
  row: PasswordPolicy,
  key: ({ accountId, policyId }) => `${accountId}/${policyId}`,
  label: ({ accountId, systemId }) => `password policy of ${accountId} in ${systemId}`,
  freshness: hours(36),
});
