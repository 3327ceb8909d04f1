import { X509Certificate } from 'node:crypto';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { type Der, part, readDer } from './der.ts';

const EXTENDED_KEY_USAGE = '2.5.29.37';
const BASIC_CONSTRAINTS = '2.5.29.19';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const LONGEST_CHAIN = 8;

/** Whom a company trusts for the time: certificates that nobody needs to vouch for, and some that help to reach them. */
export interface Trust {
  readonly roots: readonly X509Certificate[];
  readonly intermediates: readonly X509Certificate[];
}

/** Reads a PEM file: certificates that sign themselves are roots. Throws `ConfigurationError`. */
export function readTrust(pem: string, file: string): Trust {
  const certificates = (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((block) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw new ConfigurationError(`${file} holds a certificate that cannot be read.`, cause);
    }
  });
  const isRoot = (it: X509Certificate) => it.checkIssued(it) && it.verify(it.publicKey);
  const roots = certificates.filter(isRoot);
  if (roots.length === 0)
    throw new ConfigurationError(`${file} holds no root certificate, in PEM, one that signs itself. Ask the time-stamping authority for its root.`);
  return { roots, intermediates: certificates.filter((it) => !isRoot(it)) };
}

/**
 * RFC 5280, as far as time-stamping needs it: the way from a certificate to a root, each valid at this instant and allowed
 * to vouch for the one before it. Whether one was revoked is not asked. Throws `IntegrityError`.
 */
export function chainAt(
  certificate: X509Certificate,
  at: Instant,
  { roots, intermediates }: Trust,
  given: readonly X509Certificate[],
): readonly X509Certificate[] {
  let refusal = `${nameOf(certificate)} does not lead to a root that is trusted`;
  const found = lead(certificate, []);
  if (!found) throw new IntegrityError('CHAIN', `the certificate of the time-stamping authority: ${refusal}`);
  return found;

  function lead(from: X509Certificate, below: readonly X509Certificate[]): readonly X509Certificate[] | null {
    if (below.length >= LONGEST_CHAIN || below.some((it) => it.raw.equals(from.raw))) return null;
    if (at < from.validFromDate.getTime() || at > from.validToDate.getTime()) {
      refusal = `${nameOf(from)} was not valid at ${iso(at)}, only from ${iso(from.validFromDate.getTime())} to ${iso(from.validToDate.getTime())}`;
      return null;
    }
    if (roots.some((root) => root.raw.equals(from.raw))) return [...below, from];
    for (const issuer of [...roots, ...intermediates, ...given]) {
      if (!from.checkIssued(issuer) || !from.verify(issuer.publicKey) || !mayVouch(issuer, below.length)) continue;
      const rest = lead(issuer, [...below, from]);
      if (rest) return rest;
    }
    return null;
  }
}

/** RFC 3161 section 2.3: for time-stamping and nothing else, and critically so. Throws `IntegrityError`. */
export function requireTimeStamping(certificate: X509Certificate): void {
  const usage = extension(certificate, EXTENDED_KEY_USAGE);
  const purposes = usage?.value.subs[0]?.subs.map((purpose) => purpose.toOID()) ?? [];
  if (!usage?.critical || purposes.join() !== TIME_STAMPING)
    throw new IntegrityError('KEY_USAGE', `${nameOf(certificate)} is not a certificate for time-stamping alone, marked critical`);
}

/** Issuer and serial number, as a signature names its certificate (RFC 5652 section 10.2.4). */
export function isNamedBy(certificate: X509Certificate, issuer: Der, serial: Der): boolean {
  const fields = toBeSigned(certificate).filter(({ tag }) => !tag.isContextSpecific(0));
  return (fields[0]?.toInteger() ?? -1n) === serial.toInteger() && (fields[2]?.toDER().equals(issuer.toDER()) ?? false);
}

export const nameOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ');

/** A certificate authority, with room below it for this many others. Node has read that it may sign certificates. */
function mayVouch(issuer: X509Certificate, below: number): boolean {
  if (!issuer.ca) return false;
  const [, length] = extension(issuer, BASIC_CONSTRAINTS)?.value.subs[0]?.subs ?? [];
  return length === undefined || length.toInteger() >= BigInt(below);
}

function extension(certificate: X509Certificate, id: string): { readonly critical: boolean; readonly value: Der } | null {
  const [list] = toBeSigned(certificate).find(({ tag }) => tag.isContextSpecific(3))?.subs ?? [];
  const its = list?.subs.find((it) => part(it, 0).toOID() === id);
  if (!its) return null;
  return { critical: its.subs.length === 3 && part(its, 1).toBoolean(), value: part(its, its.subs.length - 1) };
}

const toBeSigned = (certificate: X509Certificate): readonly Der[] => part(readDer(certificate.raw, `the certificate ${nameOf(certificate)}`), 0).subs;
