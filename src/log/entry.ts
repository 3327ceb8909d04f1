import { sha256 } from './merkle.ts';

/** What a signature of a statement is over: the pre-authentication encoding of DSSE v1. */
export function preAuthenticated(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

/**
 * The entry of the log that commits to a signed statement: byte for byte what a Rekor v2 log would hold of it
 * (`hashedrekord` 0.0.2, canonical JSON). A verifier makes it again from the statement, so no byte is free.
 *
 * @param signature ECDSA P-256 over the SHA-256 of `signed`, DER
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export function hashedRekord(signed: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): Buffer {
  // No value in it needs an escape, and its members are in order: canonical as it is written.
  return Buffer.from(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${sha256(signed).toString('base64')}"},` +
      `"signature":{"content":"${base64(signature)}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"${base64(publicKey)}"}}}}}}`,
  );
}

/** The key in an entry, base64; empty where there is none. Whether all else is as it must be is seen by making the entry again. */
export const publicKeyIn = (entry: Buffer): string =>
  /"rawBytes":"([A-Za-z0-9+/=]*)"\}\}\}\}\}\}$/.exec(entry.toString('latin1', entry.length - 200))?.[1] ?? '';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
