import { checkTester } from '../../test/check-tester.ts';
import { exception, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { singleSignOnEnforced } from './single-sign-on-enforced.ts';

const item = system({ systemId: 'crm', identityProvider: false, critical: false, ssoRequired: 'yes', ssoEnforced: 'yes' });
const offered = { ...item, ssoEnforced: 'no' } as const;
const excused = (over: Parameters<typeof exception>[0] = {}) =>
  exception({ subjectId: 'crm', controlId: 'AC-07', approverEmails: ['boss@acme.example'], ...over });
const ended = instant('2026-05-01T00:00:00Z');

checkTester(singleSignOnEnforced, {
  conforms: {
    enforced: { item },
    'not demanded of a system that is not critical': { item: { ...item, ssoRequired: 'no', ssoEnforced: 'no' } },
    'excused without an end': { item: offered, given: { excused: [excused({ until: null })] } },
    'excused by the id of the check': { item: offered, given: { excused: [excused({ controlId: 'single-sign-on-enforced' })] } },
    'excused for a time': { item: offered, given: { excused: [excused({ until: instant('2026-07-01T00:00:00Z') })] } },
    'a critical one, excused': { item: { ...item, critical: true, ssoRequired: 'no' }, given: { excused: [excused({ until: null })] } },
  },
  deviates: {
    'offered and not enforced': { item: offered, because: 'people can sign in to it without the identity provider' },
    'the flag was cleared': { item: { ...item, critical: true, ssoRequired: 'no' }, because: 'it is critical, and single sign-on is not demanded of it' },
    'excused by its author alone': {
      item: offered,
      given: { excused: [excused({ approverEmails: [] })] },
      because: 'people can sign in to it without the identity provider',
    },
    'excused from another control': {
      item: offered,
      given: { excused: [excused({ controlId: 'AC-06' })] },
      because: 'people can sign in to it without the identity provider',
    },
    'excused from something that it does not name, and that ended': {
      item: offered,
      given: { excused: [excused({ controlId: null, until: ended })] },
      because: 'people can sign in to it without the identity provider',
    },
    'an exception that ended': {
      item: offered,
      given: { excused: [excused({ until: ended })] },
      because: 'people can sign in to it without the identity provider, and the exception ended on 2026-05-01T00:00:00Z',
      cites: { excused: [0] },
    },
    'a critical one whose exception ended': {
      item: { ...item, critical: true, ssoRequired: 'no' },
      given: { excused: [excused({ until: ended })] },
      because: 'it is critical, and single sign-on is not demanded of it, and the exception ended on 2026-05-01T00:00:00Z',
      cites: { excused: [0] },
    },
  },
  unknown: {
    'excused from something that it does not name': {
      item: offered,
      given: {
        excused: [
          excused({ controlId: null, policyId: 'access-control' }),
          excused({ exceptionId: 'E-2', controlId: null, until: instant('2026-07-01T00:00:00Z') }),
        ],
      },
      because: 'an exception speaks of it, and names no control that it departs from',
    },
    'excused, and nobody can tell who approved that': {
      item: offered,
      given: { excused: [excused({ approverEmails: [], approved: 'unknown', until: instant('2026-07-01T00:00:00Z') })] },
      because: 'nothing tells whether anybody approved the exception',
    },
    'not declared': { item: { ...item, ssoRequired: 'unknown' }, because: 'the configuration does not say whether single sign-on is demanded of it' },
    'not declared whether enforced': {
      item: { ...item, ssoEnforced: 'unknown' },
      because: 'the configuration does not say whether people can sign in to it otherwise',
    },
  },
  ignores: { 'the identity provider': system() },
});
