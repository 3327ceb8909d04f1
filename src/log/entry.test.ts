import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leafHash, sha256 } from '../log/merkle.ts';
import { hashedRekord, preAuthenticated } from './entry.ts';

const TYPE = 'application/vnd.in-toto+json';

describe('pre-authentication encoding', () => {
  it('is what the DSSE protocol gives as its example', () => {
    expect(preAuthenticated('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('counts bytes, not characters', () => {
    expect(preAuthenticated('\u00fc', Buffer.from('\u20ac\n')).toString()).toBe('DSSEv1 2 \u00fc 4 \u20ac\n');
    expect(preAuthenticated('', Buffer.alloc(0)).toString()).toBe('DSSEv1 0  0 ');
  });

  it('is what Rekor took the digest of, of a record of its staging log', () => {
    // sigstore-conformance, rekor2-dsse-happy-path: logged 2026-05-13 by Sigstore's own signer.
    const payload =
      '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a.txt","digest":{"sha256":"a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://github.com/sigstore-conformance/rekor2-dsse-hashedrekord-regen"},"runDetails":{"builder":{"id":"https://github.com/sigstore-conformance/rekor2-dsse-hashedrekord-regen"}}}}';
    expect(sha256(preAuthenticated(TYPE, Buffer.from(payload))).toString('base64')).toBe('V/ITXFlMf5Ng55pUIsKR+IeNSuXFObwE3KRdpj18LhE=');
  });
});

describe('the entry of a statement', () => {
  // Signed, encoded and hashed with openssl, base64 and sha256sum.
  const key = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcgF0Vv3jSO0uQQXPTINAJ7+b4RQ2W8r8j+XNfNAJ/vU6Hd05Ve0A6csRjAzxnFX4Zdn4iEnsnTkevP3I5HZy7A==';
  const signature = 'MEQCIEBWaBu04t1LXfQMwNJtzDO8neKoHhaAlXooeADVr88kAiB2/7pHW1wEzSqwNOGb7R7R3YVu29yOsD8GBhDxE24u4g==';
  const entry =
    '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"SELLG6b+1uRg2KDVb2tkzPHx4R93FKfygggNV4AlG2M="},"signature":{"content":"MEQCIEBWaBu04t1LXfQMwNJtzDO8neKoHhaAlXooeADVr88kAiB2/7pHW1wEzSqwNOGb7R7R3YVu29yOsD8GBhDxE24u4g==","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcgF0Vv3jSO0uQQXPTINAJ7+b4RQ2W8r8j+XNfNAJ/vU6Hd05Ve0A6csRjAzxnFX4Zdn4iEnsnTkevP3I5HZy7A=="}}}}}}';
  const signed = preAuthenticated(TYPE, Buffer.from('{}'));

  it('is these bytes', () => {
    expect(hashedRekord(signed, Buffer.from(signature, 'base64'), Buffer.from(key, 'base64')).toString()).toBe(entry);
    expect(leafHash(Buffer.from(entry)).toString('hex')).toBe('1dc30791f5c171ecc24d0240b4baea023e55187ea72a4fba8e06427000261a8a');
  });

  it('names a signature that openssl made of the same bytes', () => {
    expect(verify('sha256', signed, createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }), Buffer.from(signature, 'base64'))).toBe(
      true,
    );
  });
});
