import { systems } from '../datasets/asset/systems.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { canSignIn, doubtOf } from './sign-in-ways.ts';

export const adminFactorsStrong = defineCheck({
  id: 'admin-factors-strong',
  title: 'Administrators have only factors that cannot be phished',
  version: 2,
  asserts:
    'Every active account with administrative rights in a system in scope, of a person or of a machine with which somebody can sign in, has a security key or passkey as second factor, and no other kind.',
  population: accounts.where((account) => account.status === 'active' && account.privileged !== 'no' && (account.kind !== 'service' || canSignIn(account))),
  with: { scope: systems.on('systemId'), factors: mfaFactors.where(({ status }) => status === 'active' || status === 'unknown').on('userId') },

  examine(account, { scope, factors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { systemId, privileged } = account;
    const its = factors.filter((factor) => factor.systemId === systemId);
    const weak = its.filter(({ type, status }) => type !== 'webauthn' && type !== 'unknown' && status === 'active');
    const kinds = [...new Set(weak.map(({ type }) => type))].sort().join(', ');
    if (its.some(({ type, status }) => type === 'webauthn' && status === 'active') && its.length === its.filter(({ type }) => type === 'webauthn').length)
      return conforms();
    if (privileged === 'unknown') return unknown('the source does not say whether it has administrative rights');
    const doubt = doubtOf(account);
    if (doubt !== null) return unknown(doubt);
    if (weak.length > 0) return deviates(`it can sign in with ${kinds}`, { cites: weak });
    return unknown(`${systemId} does not say which kind of factor it signs in with`);
  },
});
