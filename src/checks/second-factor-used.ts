import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { signIns } from '../datasets/identity/sign-ins.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const secondFactorUsed = defineCheck({
  id: 'second-factor-used',
  title: 'Sessions are opened with a second factor',
  version: 2,
  asserts:
    'Every session was opened by an account that is no machine’s, and a factor other than a password was asked for and given before it, or within {span}.',
  population: signIns.where(({ kind, succeeded }) => kind === 'session' && succeeded !== 'no'),
  with: {
    scope: systems.on('systemId'),
    holders: accounts.on('userId'),
    factors: signIns.where(({ kind, succeeded }) => kind === 'second-factor' && succeeded === 'yes').on('sessionId'),
  },
  parameters: { span: span('15 minutes', 'after the session was opened') },

  examine({ systemId, userId, login, sessionId, federated, succeeded, occurredAt }, { at, scope, holders, factors }, { span: allowed }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the session was opened');
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (holder?.kind === 'service') return deviates(`a session was opened on ${iso(occurredAt)} with ${login}, which is a machine’s`, { cites: [holder] });
    if (sessionId === null) return unknown('the log does not say which session it was');
    const theirs = factors.filter((factor) => factor.systemId === systemId && factor.userId === userId && factor.occurredAt <= occurredAt + allowed);
    if (theirs.some(({ factor }) => factor !== null))
      return holder ? conforms() : unknown(`no list of accounts holds ${login}, and so nobody can tell whether it is a machine’s`);
    if (at < occurredAt + allowed) return notYet({ until: occurredAt + allowed });
    if (theirs.length > 0) return unknown('the log does not name the factor: it may have been the password');
    if (federated === 'yes') return unknown(`another identity provider let ${login} in, and what it asked for is not told here`);
    return deviates(`${login} was let in on ${iso(occurredAt)} without a second factor`);
  },
});
