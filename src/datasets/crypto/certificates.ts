import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeCount, maybeText, systemId, text } from '../fields.ts';

export const Certificate = z.object({
  systemId,
  endpointId: text('Name and port that serves it'),
  fingerprint: text('SHA-256, hex'),
  role: z.enum(['leaf', 'issuer']).describe('Its own, or one of the chain'),
  subject: text('Subject'),
  issuer: text('Issuer'),
  names: list('Names it is for'),
  keyType: z.enum(['rsa', 'ec', 'ed25519', 'dsa', 'other']).describe('Kind of key'),
  keyBits: maybeCount('Length of the key'),
  signature: maybeText('Signature algorithm, where it can be told'),
  notBefore: at('Valid from'),
  notAfter: at('Valid until'),
});
export type Certificate = z.infer<typeof Certificate>;

export const certificates = defineDataset<Certificate>({
  id: 'crypto.certificates',
  title: 'One certificate that an endpoint serves',
  row: Certificate,
  key: ({ endpointId, fingerprint }) => `${endpointId}/${fingerprint}`,
  label: ({ subject, endpointId }) => `${subject} at ${endpointId}`,
  freshness: hours(36),
});
