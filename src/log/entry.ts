import { hash } from 'node:crypto';

/** What a signature of a statement is over: the pre-authentication encoding of DSSE v1. */
export function preAuthenticated(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(preAuthentication(payloadType, payload.length)), payload]);
}

/** The same of a payload in base64, which is decoded where it belongs; what is none of it is left out, as Node does. */
export function preAuthenticated64(payloadType: string, encoded: string): { readonly signed: Buffer; readonly payload: Buffer } {
  const length = Buffer.byteLength(encoded, 'base64');
  const before = preAuthentication(payloadType, length);
  const signed = Buffer.allocUnsafe(before.length + length);
  const end = signed.write(before, 0, 'latin1') + signed.write(encoded, before.length, 'base64');
  return { signed: signed.subarray(0, end), payload: signed.subarray(before.length, end) };
}

/** What stands before so many bytes of payload. */
export const preAuthentication = (payloadType: string, length: number): string => `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${length} `;

/**
 * The entry of the log that commits to a signed statement: byte for byte what a Rekor v2 log would hold of it
 * (`hashedrekord` 0.0.2, canonical JSON). A verifier makes it again from the statement, so no byte is free.
 *
 * @param signature ECDSA P-256 over the SHA-256 of `signed`, DER
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export const hashedRekord = (signed: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): Buffer =>
  Buffer.from(hashedRekordText(signed, base64(signature), base64(publicKey)), 'latin1');

/** The same as text, of a signature and a key that are base64 already. No value in it needs an escape, and its members are in order: canonical as it is written. */
export const hashedRekordText = (signed: Uint8Array, signature: string, publicKey: string): string =>
  `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${hash('sha256', signed, 'base64')}"},` +
  `"signature":{"content":"${signature}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"${publicKey}"}}}}}}`;

/** The key in an entry, base64; empty where there is none. Whether all else is as it must be is seen by making the entry again. */
export const publicKeyIn = (entry: Buffer): string =>
  /"rawBytes":"([A-Za-z0-9+/=]*)"\}\}\}\}\}\}$/.exec(entry.toString('latin1', entry.length - 200))?.[1] ?? '';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
