import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, systemId, text } from '../fields.ts';

export const MfaFactor = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  factorId: text('Id of the factor'),
  type: z.enum(['webauthn', 'totp', 'push', 'hardware-otp', 'sms', 'voice', 'email', 'question', 'unknown']).describe('Kind of factor'),
  status: z.enum(['active', 'pending', 'inactive', 'unknown']).describe('A pending factor is not enrolled'),
  enrolledAt: maybeAt('When it was enrolled'),
});
export type MfaFactor = z.infer<typeof MfaFactor>;

export const mfaFactors = defineDataset<MfaFactor>({
  id: 'identity.mfa-factors',
  title: 'One enrolled authentication factor of one account',
  row: MfaFactor,
  key: ({ userId, factorId }) => `${userId}/${factorId}`,
  label: ({ type, userId, systemId }) => `${type} of ${userId} in ${systemId}`,
  freshness: hours(36),
});
