import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, said, systemId, text } from '../fields.ts';

export const MfaEnforcement = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  enrolled: said('The system’s own word that a second factor of any kind is enrolled; unknown too of one whom another identity provider lets in'),
  enforced: said('A second factor is required at every sign-in'),
  by: list('Policies or settings that require it'),
  bypasses: list('Ways to sign in without it: a looser rule, an excluded group, a trusted network'),
});
export type MfaEnforcement = z.infer<typeof MfaEnforcement>;

export const mfaEnforcement = defineDataset<MfaEnforcement>({
  id: 'identity.mfa-enforcement',
  title: 'Whether one account must use a second factor, all policies and exclusions evaluated',
  row: MfaEnforcement,
  key: ({ userId }) => userId,
  label: ({ userId, systemId }) => `second factor of ${userId} in ${systemId}`,
  freshness: hours(36),
});
