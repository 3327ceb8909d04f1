import { checkTester } from '../../test/check-tester.ts';
import { system, tlsEndpoint } from '../../test/rows.ts';
import { weakCiphersRefused } from './weak-ciphers-refused.ts';

const scope = [system({ systemId: 'web' })];

checkTester(weakCiphersRefused, {
  conforms: { none: { item: tlsEndpoint(), given: { scope } } },
  deviates: {
    'some, whatever else is not known': {
      item: tlsEndpoint({ weakCiphers: ['TLSv1.2 DES-CBC3-SHA', 'TLSv1.2 AES128-SHA'], notExamined: ['SSLv2', 'weak ciphers of TLSv1'] }),
      given: { scope },
      because: 'accepts TLSv1.2 AES128-SHA, TLSv1.2 DES-CBC3-SHA',
    },
  },
  unknown: {
    'silence is no refusal': {
      item: tlsEndpoint({ notExamined: ['SSLv2', 'weak ciphers of TLSv1.2', 'weak ciphers of TLSv1'] }),
      given: { scope },
      because: 'nothing is known of the weak ciphers of TLSv1, weak ciphers of TLSv1.2',
    },
  },
  notYet: { 'a system out of scope': { item: tlsEndpoint({ weakCiphers: ['TLSv1 RC4-SHA'] }) } },
});
