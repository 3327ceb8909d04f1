import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { certificate, system } from '../../test/rows.ts';
import { certificatesRenewed } from './certificates-renewed.ts';

const scope = [system({ systemId: 'web' })];
const given = { scope };

checkTester(certificatesRenewed, {
  conforms: {
    'weeks ahead of its end': { item: certificate(), given },
    'the last millisecond before it is due': { item: certificate(), given, at: instant('2026-07-18T00:00:00Z') - 1 },
    'a certificate of six days, three before its end': {
      item: certificate({ notBefore: instant('2026-05-29T00:00:00Z'), notAfter: instant('2026-06-04T00:00:00Z') }),
      given,
    },
  },
  deviates: {
    'fourteen days before its end': {
      item: certificate(),
      given,
      at: instant('2026-07-18T00:00:00Z'),
      because: 'expires on 2026-08-01T00:00:00Z and should have been replaced by 2026-07-18T00:00:00Z',
    },
    'a certificate of ten days, one before its end': {
      item: certificate({ notBefore: instant('2026-05-23T00:00:00Z'), notAfter: instant('2026-06-02T00:00:00Z') }),
      given,
      because: 'expires on 2026-06-02T00:00:00Z and should have been replaced by 2026-05-31T00:00:00Z',
    },
    expired: { item: certificate({ notAfter: instant('2026-06-01T00:00:00Z') }), given, because: 'expired on 2026-06-01T00:00:00Z' },
    'not valid yet': {
      item: certificate({ notBefore: instant('2026-06-03T00:00:00Z') }),
      given,
      because: 'is not valid before 2026-06-03T00:00:00Z',
    },
  },
  notYet: { 'a system out of scope': { item: certificate({ notAfter: instant('2026-05-02T00:00:00Z') }) } },
  ignores: { 'a certificate of the chain': certificate({ role: 'issuer' }) },
});
