import { systems } from '../datasets/asset/systems.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const adminFactorsStrong = defineCheck({
  id: 'admin-factors-strong',
  title: 'Administrators have only factors that cannot be phished',
  version: 1,
  asserts:
    'Every active account of a person with administrative rights in a system in scope has a security key or passkey as second factor, and no other kind.',
  population: accounts.where(({ status, kind, privileged }) => status === 'active' && kind !== 'service' && privileged !== 'no'),
  with: { scope: systems.on('systemId'), factors: mfaFactors.where(({ status }) => status === 'active' || status === 'unknown').on('userId') },

  examine({ systemId, privileged }, { scope, factors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const its = factors.filter((factor) => factor.systemId === systemId);
    const weak = its.filter(({ type, status }) => type !== 'webauthn' && type !== 'unknown' && status === 'active');
    const kinds = [...new Set(weak.map(({ type }) => type))].sort().join(', ');
    if (its.some(({ type, status }) => type === 'webauthn' && status === 'active') && its.length === its.filter(({ type }) => type === 'webauthn').length)
      return conforms();
    if (privileged === 'unknown') return unknown('the source does not say whether it has administrative rights');
    if (weak.length > 0) return deviates(`it can sign in with ${kinds}`, { cites: weak });
    return unknown(`${systemId} does not say which kind of factor it signs in with`);
  },
});
