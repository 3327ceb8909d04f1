import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { count, list, maybeCount, maybeText, said, systemId, text } from '../fields.ts';

export const TlsEndpoint = z.object({
  systemId,
  endpointId: text('Name and port'),
  host: text('Name asked for'),
  port: count('Port'),
  accepted: list('Versions of TLS that it accepted'),
  refused: list('Versions that it refused'),
  notExamined: list('Versions and ciphers that could not be offered from here, so that nothing is known of them'),
  weakCiphers: list('Weak ciphers that it accepted'),
  cipher: maybeText('Cipher that it chose of all'),
  chainTrusted: said('The chain it serves leads to a root that is trusted here'),
  chainProblem: maybeText('Why it does not'),
  nameMatches: said('The certificate holds the name'),
  hstsSeconds: maybeCount('How long browsers are told to insist on TLS; null where it is not said'),
  plain: z.enum(['refused', 'redirected', 'served', 'unknown', 'not-examined']).describe('What becomes of a request without TLS'),
  fingerprint: maybeText('SHA-256 of the certificate it serves, hex'),
});
export type TlsEndpoint = z.infer<typeof TlsEndpoint>;

export const tlsEndpoints = defineDataset<TlsEndpoint>({
  id: 'crypto.tls-endpoints',
  title: 'One name and port, with what it accepted when every version of TLS was tried against it',
  row: TlsEndpoint,
  key: ({ endpointId }) => endpointId,
  label: ({ endpointId }) => endpointId,
  freshness: hours(36),
});
