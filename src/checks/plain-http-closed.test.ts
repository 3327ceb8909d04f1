import { checkTester } from '../../test/check-tester.ts';
import { system, tlsEndpoint } from '../../test/rows.ts';
import { plainHttpClosed } from './plain-http-closed.ts';

const given = { scope: [system({ systemId: 'web' })] };

checkTester(plainHttpClosed, {
  conforms: {
    redirected: { item: tlsEndpoint(), given },
    refused: { item: tlsEndpoint({ plain: 'refused' }), given },
    'no connection comes about': { item: tlsEndpoint({ plain: 'silent' }), given },
    'exactly 180 days': { item: tlsEndpoint({ hstsSeconds: 15_552_000 }), given },
  },
  deviates: {
    served: { item: tlsEndpoint({ plain: 'served' }), given, because: 'answers requests without TLS' },
    'no HSTS, whatever becomes of plain HTTP': {
      item: tlsEndpoint({ plain: 'unknown', hstsSeconds: null }),
      given,
      because: 'does not tell browsers to insist on TLS',
    },
    'a day of HSTS, and served': {
      item: tlsEndpoint({ plain: 'served', hstsSeconds: 86_400 }),
      given,
      because: 'answers requests without TLS; tells browsers to insist on TLS for 86400 seconds, not 15552000',
    },
  },
  unknown: { 'an answer that is none': { item: tlsEndpoint({ plain: 'unknown' }), given, because: 'what becomes of a request without TLS is not known' } },
  notYet: { 'a system out of scope': { item: tlsEndpoint({ plain: 'served' }) } },
  ignores: { 'an endpoint that speaks no HTTP': tlsEndpoint({ plain: 'not-examined', hstsSeconds: null }) },
});
