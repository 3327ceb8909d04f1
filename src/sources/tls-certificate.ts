import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';

/** A certificate as this machine reads it, and the bytes that it was read from. */
export interface Decoded {
  readonly der: string;
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: string | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: { readonly type: string | null; readonly bits: number | null; readonly curve: string | null };
  readonly signature: string | null;
  readonly selfSigned: boolean;
}

const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10040.4.3': 'dsa-with-sha1',
  '2.16.840.1.101.3.4.3.2': 'dsa-with-sha256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
};
const CURVES: Readonly<Record<string, number>> = { secp224r1: 224, prime256v1: 256, secp256k1: 256, secp384r1: 384, secp521r1: 521 };
const FIXED: Readonly<Record<string, number>> = { ed25519: 253, ed448: 456 };

export function decode(raw: Buffer): Decoded {
  const certificate = new X509Certificate(raw);
  return {
    der: raw.toString('base64'),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: certificate.subject ?? '',
    issuer: certificate.issuer ?? '',
    names: certificate.subjectAltName ?? null,
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    key: keyOf(certificate),
    signature: signatureOf(raw),
    selfSigned: issued(certificate, certificate),
  };
}

function keyOf(certificate: X509Certificate): Decoded['key'] {
  try {
    const { asymmetricKeyType: type = null, asymmetricKeyDetails: details } = certificate.publicKey;
    const curve = details?.namedCurve ?? null;
    return { type, bits: details?.modulusLength ?? (curve === null ? null : CURVES[curve]) ?? FIXED[type ?? ''] ?? null, curve };
  } catch {
    return { type: null, bits: null, curve: null }; // a kind of key that this machine does not know
  }
}

/** The algorithm stands in the clear behind the signed part: SEQUENCE { SEQUENCE signed, SEQUENCE { OID, … }, … }. */
function signatureOf(der: Buffer): string | null {
  const outer = field(der, 0);
  const signed = field(der, outer.from);
  const algorithm = field(der, signed.to);
  const { from, to, tag } = field(der, algorithm.from);
  if (tag !== 6) return null;
  const oid = oidOf(der.subarray(from, to));
  return SIGNATURES[oid] ?? oid;
}

function field(der: Buffer, at: number): { readonly tag: number; readonly from: number; readonly to: number } {
  const first = der[at + 1] ?? 0;
  const more = first < 128 ? 0 : first - 128;
  const length = more === 0 ? first : der.readUIntBE(at + 2, more);
  return { tag: der[at] ?? 0, from: at + 2 + more, to: at + 2 + more + length };
}

function oidOf(bytes: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 127);
    if (byte < 128) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...rest].join('.');
}

/** Whether a client would find the name in it. The common name does not count: no browser has read it for years. */
export const holds = (raw: Buffer, name: string): boolean => {
  const certificate = new X509Certificate(raw);
  return (isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name)) !== undefined;
};

/**
 * Whether the signatures lead from the first to a root, by issuers that are valid now. OpenSSL has one word for a whole
 * chain, and a certificate that has expired hides whether it was trusted.
 */
export function anchored([leaf, ...served]: readonly Buffer[], roots: string | null, now: number): boolean {
  if (leaf === undefined) return false;
  const trusted = (roots === null ? rootCertificates : pems(roots)).map((pem) => new X509Certificate(pem));
  const between = served.map((raw) => new X509Certificate(raw));
  const current = (certificate: X509Certificate) => Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo);
  const leads = (certificate: X509Certificate, depth: number): boolean =>
    depth < 10 &&
    (trusted.some((root) => root.fingerprint256 === certificate.fingerprint256) ||
      trusted.some((root) => current(root) && issued(root, certificate)) ||
      between.some(
        (issuer) =>
          issuer.ca && current(issuer) && issuer.fingerprint256 !== certificate.fingerprint256 && issued(issuer, certificate) && leads(issuer, depth + 1),
      ));
  return leads(new X509Certificate(leaf), 0);
}

export const pems = (text: string): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  if (!certificate.checkIssued(issuer)) return false;
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false; // a key that cannot have made this signature
  }
}
