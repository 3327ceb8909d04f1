import { type BundleLatest, bundleFromJSON } from '@sigstore/bundle';
import { PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { keyHint } from '../src/evidence/sigstore.ts';

/** Sigstore's own verifier as npm gives it. Answers `null` for what it accepts, and otherwise the code of its refusal. */
export function stockSigstore(
  trustedRoot: string,
  /** SubjectPublicKeyInfo, base64: the only keys that count. */
  keys: readonly string[],
  { timestamps = 0 } = {},
): (bundle: string) => string | null {
  const known = Object.fromEntries(
    keys.map((key) => {
      const rawBytes = Buffer.from(key, 'base64');
      return [keyHint(rawBytes), { rawBytes, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256 }] as const;
    }),
  );
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(trustedRoot)), known), {
    tlogThreshold: 1,
    ctlogThreshold: 0,
    timestampThreshold: timestamps,
  });
  return (bundle) => {
    try {
      verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)) as BundleLatest));
      return null;
    } catch (error) {
      if (error instanceof VerificationError) return error.code;
      throw error;
    }
  };
}
