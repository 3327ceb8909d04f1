import { systems } from '../datasets/asset/systems.ts';
import { mfaEnforcement } from '../datasets/identity/mfa-enforcement.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { canSignIn, doubtOf } from './sign-in-ways.ts';

export const mfaEnforced = defineCheck({
  id: 'mfa-enforced',
  title: 'A second factor is required at sign-in',
  version: 2,
  asserts:
    'Every active account with which somebody can sign in to a system in scope, of a machine or a guest too, must use a second factor at every sign-in, with no way around it.',
  population: accounts.where(canSignIn),
  mustExist: true,
  with: { scope: systems.on('systemId'), told: mfaEnforcement.on('userId') },

  examine(account, { scope, told }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { systemId } = account;
    const [word] = told.filter((row) => row.systemId === systemId);
    if (!word) return unknown(`${systemId} does not say whether a second factor is required`);
    if (word.enforced === 'yes' && word.bypasses.length === 0) return conforms();
    const doubt = doubtOf(account);
    if (doubt !== null) return unknown(doubt);
    if (word.bypasses.length > 0) return deviates(`there is a way around it: ${word.bypasses.join('; ')}`, { cites: [word] });
    if (word.enforced === 'unknown') return unknown(`${systemId} does not say whether a second factor is required`);
    return deviates('no policy requires a second factor', { cites: [word] });
  },
});
