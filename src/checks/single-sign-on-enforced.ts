import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { exceptions } from '../datasets/policy/exceptions.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { approvedByOthers, departsFrom } from './stated.ts';
import { firstOf } from './until.ts';

const CONTROLS = ['AC-07', 'single-sign-on-enforced'];

export const singleSignOnEnforced = defineCheck({
  id: 'single-sign-on-enforced',
  title: 'Single sign-on is enforced',
  version: 2,
  asserts:
    'To every system in scope for which policy demands it, and to every critical one, people can sign in through the identity provider alone, or an approved exception from this control that has not ended says why not.',
  population: systems.where(({ identityProvider }) => !identityProvider),
  with: { excused: exceptions.on('subjectId', 'systemId') },
  parameters: { register: 'exceptions, with the system as subject, and AC-07 or the id of this check as control' },

  examine({ critical, ssoRequired, ssoEnforced }, { at, excused }) {
    if (ssoRequired === 'unknown') return unknown('the configuration does not say whether single sign-on is demanded of it');
    if (ssoRequired === 'no' && !critical) return conforms();
    if (ssoRequired === 'yes' && ssoEnforced === 'yes') return conforms();
    const its = excused.map((exception) => ({ exception, departs: departsFrom(exception, CONTROLS), approved: approvedByOthers(exception) }));
    const approved = its.filter(({ departs, approved: by }) => departs === 'yes' && by === 'yes').map(({ exception }) => exception);
    const end = Math.max(...approved.map(({ until }) => until ?? Infinity));
    if (at < end) return conforms(end === Infinity ? {} : { until: end });
    const perhaps = its.filter(({ exception: { until }, departs, approved: by }) => departs !== 'no' && by !== 'no' && at < (until ?? Infinity));
    if (perhaps.length > 0) {
      const last = Math.max(...perhaps.map(({ exception: { until } }) => until ?? Infinity));
      const isUnapproved = perhaps.some(({ departs }) => departs === 'yes');
      return unknown(
        isUnapproved ? 'nothing tells whether anybody approved the exception' : 'an exception speaks of it, and names no control that it departs from',
        // What is said may change as soon as one of them ends.
        firstOf(at, last, ...perhaps.map(({ exception: { until } }) => until)),
      );
    }
    const ended = approved.length > 0 ? `, and the exception ended on ${iso(end)}` : '';
    if (ssoRequired === 'no')
      return deviates(`it is critical, and single sign-on is not demanded of it${ended}`, approved.length > 0 ? { cites: approved } : {});
    if (ssoEnforced === 'unknown') return unknown('the configuration does not say whether people can sign in to it otherwise');
    return deviates(`people can sign in to it without the identity provider${ended}`, approved.length > 0 ? { cites: approved } : {});
  },
});
