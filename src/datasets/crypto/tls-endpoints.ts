import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { count, list, maybeCount, maybeText, said, systemId, text } from '../fields.ts';

export const TlsEndpoint = z.object({
  systemId,
  endpointId: text('Name and port'),
  host: text('Name asked for'),
  port: count('Port'),
  accepted: list('Versions of SSL and TLS that it accepted'),
  refused: list('Versions that it refused'),
  notExamined: list('Versions, and weak ciphers by version, of which nothing is known: not offered from here, or offered and met with silence'),
  weakCiphers: list(
    'Weak ciphers that it accepted up to TLS 1.2: without encryption, certificate or forward secrecy, or with RC4, DES, 3DES, IDEA, SEED or export keys',
  ),
  cipher: maybeText('Cipher that it chose of all'),
  chainTrusted: said('The chain it serves leads to a root that is trusted here'),
  chainProblem: maybeText('Why it does not'),
  nameMatches: said('The certificate holds the name'),
  hstsSeconds: maybeCount('How long browsers are told to insist on TLS; null where it is not said, or not HTTP'),
  plain: z
    .enum(['refused', 'silent', 'redirected', 'served', 'unknown', 'not-examined'])
    .describe('What becomes of a request without TLS; silent where no connection came about, twice'),
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
