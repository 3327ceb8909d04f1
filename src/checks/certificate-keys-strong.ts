import { systems } from '../datasets/asset/systems.ts';
import { type Certificate, certificates } from '../datasets/crypto/certificates.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const LEAST: Readonly<Partial<Record<Certificate['keyType'], number>>> = { rsa: 2048, ec: 256, ed25519: 0 };
const BROKEN = /md[245]|sha-?1(?!\d)/i;

export const certificateKeysStrong = defineCheck({
  id: 'certificate-keys-strong',
  title: 'Certificates have strong keys and signatures',
  version: 1,
  asserts: 'Every served certificate has an RSA key of 2048 bits, an elliptic one of 256, or more, and no signature by MD5 or SHA-1.',
  population: certificates,
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { rsa: '2048 bits', ec: '256 bits' },

  examine({ role, subject, issuer, keyType, keyBits, signature }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (keyType === 'dsa') return deviates('has a DSA key');
    const least = LEAST[keyType];
    if (least !== undefined && keyBits !== null && keyBits < least) return deviates(`has a key of ${keyBits} bits (${keyType}), not ${least}`);
    // A root is trusted for being there; nobody verifies its signature.
    const signed = role === 'leaf' || subject !== issuer;
    if (signed && signature !== null && BROKEN.test(signature)) return deviates(`is signed by ${signature}`);
    if (least === undefined) return unknown('the kind of its key is not known');
    if (keyBits === null && least > 0) return unknown('the length of its key is not known');
    return signed && signature === null ? unknown('its signature is not known') : conforms();
  },
});
