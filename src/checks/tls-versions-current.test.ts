import { checkTester } from '../../test/check-tester.ts';
import { system, tlsEndpoint } from '../../test/rows.ts';
import { tlsVersionsCurrent } from './tls-versions-current.ts';

const scope = [system({ systemId: 'web' })];

checkTester(tlsVersionsCurrent, {
  conforms: {
    '1.2 and 1.3': { item: tlsEndpoint(), given: { scope } },
    '1.3 only': { item: tlsEndpoint({ accepted: ['TLSv1.3'], refused: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] }), given: { scope } },
    'silence about a version that is current': {
      item: tlsEndpoint({ accepted: ['TLSv1.2'], refused: ['SSLv3', 'TLSv1', 'TLSv1.1'], notExamined: ['SSLv2', 'TLSv1.3'] }),
      given: { scope },
    },
  },
  deviates: {
    'an old version beside new ones': {
      item: tlsEndpoint({ accepted: ['TLSv1', 'TLSv1.1', 'TLSv1.2'], refused: ['SSLv3', 'TLSv1.3'] }),
      given: { scope },
      because: 'accepts TLSv1, TLSv1.1',
    },
    'SSL 3, whatever else is not known': {
      item: tlsEndpoint({ accepted: ['SSLv3', 'TLSv1.2'], refused: [], notExamined: ['TLSv1'] }),
      given: { scope },
      because: 'accepts SSLv3',
    },
    'nothing that is current': {
      item: tlsEndpoint({ accepted: [], refused: ['TLSv1.2', 'TLSv1.3'], notExamined: ['TLSv1'] }),
      given: { scope },
      because: 'refuses TLS 1.2 and TLS 1.3',
    },
  },
  unknown: {
    'silence is no refusal': {
      item: tlsEndpoint({ refused: ['SSLv3', 'TLSv1.1'], notExamined: ['SSLv2', 'TLSv1'] }),
      given: { scope },
      because: 'it is not known whether it refuses TLSv1',
    },
    'none of both is known to be accepted': {
      item: tlsEndpoint({ accepted: [], refused: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.3'], notExamined: ['SSLv2', 'TLSv1.2'] }),
      given: { scope },
      because: 'it is not known to accept TLS 1.2 or TLS 1.3',
    },
  },
  notYet: { 'a system out of scope': { item: tlsEndpoint({ accepted: ['TLSv1'] }) } },
});
