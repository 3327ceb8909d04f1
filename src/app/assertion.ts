import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { PasskeyShown } from '../evidence/record.ts';

/** What an authenticator signed, as the record of a statement keeps it: base64url, as WebAuthn Level 3 names its parts. */
const Assertion = z.strictObject({ credential: z.string(), authenticatorData: z.string(), clientDataJSON: z.string(), signature: z.string() });
export type Assertion = z.infer<typeof Assertion>;

/** The challenge that a passkey signs for a statement: SHA-256 of its bytes, base64url. */
export const challengeOf = (statement: Uint8Array): string => createHash('sha256').update(statement).digest('base64url');

/** Present and verified (WebAuthn Level 3, 6.1): the holder was there, and showed finger, face or number. */
const PRESENT_AND_VERIFIED = 0x05;

/** Why an assertion does not show that the holder of a passkey signed these bytes; `null` where it does. */
export function assertionProblem(bytes: Uint8Array, statement: Uint8Array, { credential, publicKey, rp }: PasskeyShown): string | null {
  const assertion = read(bytes);
  if (!assertion || assertion.credential !== credential) return 'it is no assertion of the passkey that the record names';
  const [authenticator, client, signature] = [assertion.authenticatorData, assertion.clientDataJSON, assertion.signature].map((part) =>
    Buffer.from(part, 'base64url'),
  ) as [Buffer, Buffer, Buffer];
  const said = clientOf(client);
  if (said?.type !== 'webauthn.get' || said.challenge !== challengeOf(statement)) return 'the passkey signed something else';
  if (!authenticator.subarray(0, 32).equals(createHash('sha256').update(rp).digest())) return 'the passkey was shown to another site';
  if (((authenticator[32] ?? 0) & PRESENT_AND_VERIFIED) !== PRESENT_AND_VERIFIED) return 'the passkey does not say that its holder was there';
  const key = createPublicKey({ key: publicKey as JsonWebKey, format: 'jwk' });
  const signed = Buffer.concat([authenticator, createHash('sha256').update(client).digest()]);
  const fits = verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key, signature);
  return fits ? null : 'its signature is not of the passkey that the record names';
}

function read(bytes: Uint8Array): Assertion | null {
  try {
    return Assertion.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

function clientOf(bytes: Buffer): { readonly type?: unknown; readonly challenge?: unknown } | null {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
