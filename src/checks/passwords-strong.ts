import { systems } from '../datasets/asset/systems.ts';
import { passwordPolicies } from '../datasets/iam/password-policies.ts';
import { conforms, count, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const passwordsStrong = defineCheck({
  id: 'passwords-strong',
  title: 'Password rules meet the standard',
  version: 2,
  asserts: 'Every password policy in force in a system in scope asks for at least {minLength} and refuses former passwords.',
  population: passwordPolicies.where(({ inForce }) => inForce !== 'no'),
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { minLength: count(12, 'characters'), reusePrevention: 'at least one former password' },

  examine({ exists, inForce, minLength, reusePrevention }, { scope }, { minLength: least }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (!exists) return deviates('there is no policy, so the default of the provider holds');
    if (minLength === null) return unknown('the system does not say how long a password must be');
    if (minLength >= least && reusePrevention !== null) return conforms();
    if (inForce === 'unknown') return unknown('the system does not say whether it is in force');
    return deviates(minLength < least ? `asks for ${minLength} characters, not ${least}` : 'former passwords may be used again');
  },
});
