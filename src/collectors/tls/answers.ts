import { z } from 'zod';

const Outcome = z.object({
  version: z.string(),
  exhaust: z.boolean(),
  /** Numbers of the ciphers that were taken, in hex. */
  accepted: z.array(z.string()),
  ended: z
    .object({ by: z.enum(['hello', 'alert', 'closed', 'reset', 'silence', 'other']), version: z.string().optional(), code: z.number().optional() })
    .nullable(),
});
export type Outcome = z.infer<typeof Outcome>;

const Decoded = z.object({
  der: z.string(),
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  names: z.string().nullable(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  key: z.object({ type: z.string().nullable(), bits: z.int().nullable(), curve: z.string().nullable() }),
  signature: z.string().nullable(),
  selfSigned: z.boolean(),
});
export type Decoded = z.infer<typeof Decoded>;

const Session = z.object({
  protocol: z.string(),
  cipher: z.string(),
  /** OpenSSL's word on the chain: `trusted`, or its code; `null` where there is no certificate. */
  verdict: z.string().nullable(),
  /** Signatures lead to a root by issuers that are valid now, whatever the first certificate's own dates are. */
  anchored: z.boolean(),
  nameMatches: z.boolean(),
  certificates: z.array(Decoded),
});
export type Session = z.infer<typeof Session>;

/** What became of an examination. */
export const Examined = z.object({
  address: z.string(),
  outcomes: z.array(Outcome),
  session: z.union([Session, z.object({ failed: z.string() })]),
});
export type Examined = z.infer<typeof Examined>;

/** What became of one request for `/`. */
export const Requested = z.union([
  z.object({ status: z.int(), headers: z.object({ location: z.string().optional(), 'strict-transport-security': z.string().optional() }) }),
  z.object({ failed: z.string() }),
]);
export type Requested = z.infer<typeof Requested>;
