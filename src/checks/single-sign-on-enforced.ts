import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { exceptions } from '../datasets/policy/exceptions.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { approvedByOthers } from './stated.ts';

export const singleSignOnEnforced = defineCheck({
  id: 'single-sign-on-enforced',
  title: 'Single sign-on is enforced',
  version: 1,
  asserts:
    'To every system in scope for which policy demands it, and to every critical one, people can sign in through the identity provider alone, or an approved exception that has not ended says why not.',
  population: systems.where(({ identityProvider }) => !identityProvider),
  with: { excused: exceptions.on('subjectId', 'systemId') },

  examine({ critical, ssoRequired, ssoEnforced }, { at, excused }) {
    if (ssoRequired === 'unknown') return unknown('the configuration does not say whether single sign-on is demanded of it');
    if (ssoRequired === 'no' && !critical) return conforms();
    if (ssoRequired === 'yes' && ssoEnforced === 'yes') return conforms();
    const approved = excused.filter((it) => approvedByOthers(it) === 'yes');
    const end = Math.max(...approved.map(({ until }) => until ?? Infinity));
    if (at < end) return conforms(end === Infinity ? {} : { until: end });
    const perhaps = Math.max(...excused.map((it) => (approvedByOthers(it) === 'unknown' ? (it.until ?? Infinity) : -Infinity)));
    if (at < perhaps) return unknown('nothing tells whether anybody approved the exception', perhaps === Infinity ? {} : { until: perhaps });
    const ended = approved.length > 0 ? `, and the exception ended on ${iso(end)}` : '';
    if (ssoRequired === 'no')
      return deviates(`it is critical, and single sign-on is not demanded of it${ended}`, approved.length > 0 ? { cites: approved } : {});
    if (ssoEnforced === 'unknown') return unknown('the configuration does not say whether people can sign in to it otherwise');
    return deviates(`people can sign in to it without the identity provider${ended}`, approved.length > 0 ? { cites: approved } : {});
  },
});
