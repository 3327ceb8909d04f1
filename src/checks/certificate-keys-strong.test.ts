import { checkTester } from '../../test/check-tester.ts';
import { certificate, system } from '../../test/rows.ts';
import { certificateKeysStrong } from './certificate-keys-strong.ts';

const given = { scope: [system({ systemId: 'web' })] };
const signature = 'sha256WithRSAEncryption';

checkTester(certificateKeysStrong, {
  conforms: {
    'P-256': { item: certificate({ signature: 'ecdsa-with-SHA256' }), given },
    'RSA of 2048 bits': { item: certificate({ keyType: 'rsa', keyBits: 2048, signature }), given },
    Ed25519: { item: certificate({ keyType: 'ed25519', keyBits: null, signature: 'ED25519' }), given },
    'a root that signed itself by SHA-1': {
      item: certificate({ role: 'issuer', subject: 'CN=Root', issuer: 'CN=Root', signature: 'sha1WithRSAEncryption' }),
      given,
    },
  },
  deviates: {
    'RSA of 1024 bits': { item: certificate({ keyType: 'rsa', keyBits: 1024, signature }), given, because: 'has a key of 1024 bits (rsa), not 2048' },
    'P-224': { item: certificate({ keyBits: 224, signature }), given, because: 'has a key of 224 bits (ec), not 256' },
    DSA: { item: certificate({ keyType: 'dsa', keyBits: 2048, signature }), given, because: 'has a DSA key' },
    'SHA-1': { item: certificate({ signature: 'sha1WithRSAEncryption' }), given, because: 'is signed by sha1WithRSAEncryption' },
    'SHA-1 with ECDSA, of an issuer': {
      item: certificate({ role: 'issuer', signature: 'ecdsa-with-SHA1' }),
      given,
      because: 'is signed by ecdsa-with-SHA1',
    },
    MD5: { item: certificate({ signature: 'md5WithRSAEncryption' }), given, because: 'is signed by md5WithRSAEncryption' },
  },
  unknown: {
    'a kind of key that is not known': {
      item: certificate({ keyType: 'other', keyBits: null, signature }),
      given,
      because: 'the kind of its key is not known',
    },
    'a length that is not known': { item: certificate({ keyBits: null, signature }), given, because: 'the length of its key is not known' },
    'a signature that is not known': { item: certificate({ signature: null }), given, because: 'its signature is not known' },
  },
  notYet: { 'a system out of scope': { item: certificate({ keyType: 'dsa' }) } },
});
