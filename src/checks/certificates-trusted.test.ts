import { checkTester } from '../../test/check-tester.ts';
import { system, tlsEndpoint } from '../../test/rows.ts';
import { certificatesTrusted } from './certificates-trusted.ts';

const scope = [system({ systemId: 'web' })];

checkTester(certificatesTrusted, {
  conforms: { 'trusted, with the name': { item: tlsEndpoint(), given: { scope } } },
  deviates: {
    'self-signed': {
      item: tlsEndpoint({ chainTrusted: 'no', chainProblem: 'it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)' }),
      given: { scope },
      because: 'the chain is not trusted: it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    },
    'of another name': {
      item: tlsEndpoint({ nameMatches: 'no' }),
      given: { scope },
      because: 'the certificate does not hold the name app.acme.example',
    },
    both: {
      item: tlsEndpoint({ chainTrusted: 'no', nameMatches: 'no' }),
      given: { scope },
      because: 'the chain is not trusted: for a reason that is not known; the certificate does not hold the name app.acme.example',
    },
  },
  unknown: {
    'no handshake came to its end': {
      item: tlsEndpoint({ chainTrusted: 'unknown', nameMatches: 'unknown', chainProblem: 'no handshake came to its end: ERR_SSL' }),
      given: { scope },
      because: 'its certificate is not known: no handshake came to its end: ERR_SSL',
    },
    'a silent source': { item: tlsEndpoint({ nameMatches: 'unknown' }), given: { scope }, because: 'its certificate is not known' },
  },
  notYet: { 'a system out of scope': { item: tlsEndpoint({ chainTrusted: 'no' }) } },
});
