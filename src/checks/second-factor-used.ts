import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { signIns } from '../datasets/identity/sign-ins.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const secondFactorUsed = defineCheck({
  id: 'second-factor-used',
  title: 'Sessions are opened with a second factor',
  version: 1,
  asserts: 'In every session that was opened, a factor other than a password was asked for and given before it, or within {span}.',
  population: signIns.where(({ kind, succeeded }) => kind === 'session' && succeeded !== 'no'),
  with: {
    scope: systems.on('systemId'),
    factors: signIns.where(({ kind, succeeded }) => kind === 'second-factor' && succeeded === 'yes').on('sessionId'),
  },
  parameters: { span: span('15 minutes', 'after the session was opened') },

  examine({ systemId, userId, login, sessionId, federated, succeeded, occurredAt }, { at, scope, factors }, { span: allowed }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the session was opened');
    if (sessionId === null) return unknown('the log does not say which session it was');
    const theirs = factors.filter((factor) => factor.systemId === systemId && factor.userId === userId && factor.occurredAt <= occurredAt + allowed);
    if (theirs.some(({ factor }) => factor !== null)) return conforms();
    if (at < occurredAt + allowed) return notYet({ until: occurredAt + allowed });
    if (theirs.length > 0) return unknown('the log does not name the factor: it may have been the password');
    if (federated === 'yes') return unknown(`another identity provider let ${login} in, and what it asked for is not told here`);
    return deviates(`${login} was let in on ${iso(occurredAt)} without a second factor`);
  },
});
