import { systems } from '../datasets/asset/systems.ts';
import { passwordPolicies } from '../datasets/iam/password-policies.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const MIN_LENGTH = 12;

export const passwordsStrong = defineCheck({
  id: 'passwords-strong',
  title: 'Password rules meet the standard',
  version: 1,
  asserts: 'Every password policy of a system in scope asks for at least 12 characters and refuses former passwords.',
  population: passwordPolicies,
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { minLength: '12 characters', reusePrevention: 'at least one former password' },

  examine({ exists, minLength, reusePrevention }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (!exists) return deviates('there is no policy, so the default of the provider holds');
    if (minLength === null) return unknown('the system does not say how long a password must be');
    if (minLength < MIN_LENGTH) return deviates(`asks for ${minLength} characters, not ${MIN_LENGTH}`);
    return reusePrevention === null ? deviates('former passwords may be used again') : conforms();
  },
});
