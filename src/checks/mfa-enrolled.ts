import { systems } from '../datasets/asset/systems.ts';
import { mfaEnforcement } from '../datasets/identity/mfa-enforcement.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { canSignIn, doubtOf } from './sign-in-ways.ts';

const WEAK = ['sms', 'voice', 'email', 'question'];

export const mfaEnrolled = defineCheck({
  id: 'mfa-enrolled',
  title: 'Second factors are enrolled',
  version: 3,
  asserts:
    'Every active account with which somebody can sign in to a system in scope, of a machine or a guest too, has an active second factor: one that is not a message, a call, an e-mail or a question or, where its system tells no kinds, one of whatever kind by the word of the system.',
  population: accounts.where(canSignIn),
  mustExist: true,
  with: { scope: systems.on('systemId'), factors: mfaFactors.where(({ status }) => status === 'active').on('userId'), told: mfaEnforcement.on('userId') },

  examine(account, { scope, factors, told }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { systemId } = account;
    const its = factors.filter((factor) => factor.systemId === systemId);
    const [word] = told.filter((row) => row.systemId === systemId);
    if (its.some(({ type }) => type !== 'unknown' && !WEAK.includes(type)) || (its.length === 0 && word?.enrolled === 'yes')) return conforms();
    const doubt = doubtOf(account);
    if (doubt !== null) return unknown(doubt);
    if (its.some(({ type }) => type === 'unknown')) return unknown(`${systemId} does not say of what kind a factor is that is enrolled`);
    if (its.length > 0) return deviates(`only ${its.map(({ type }) => type).join(', ')} ${its.length === 1 ? 'is' : 'are'} enrolled`, { cites: its });
    return word?.enrolled === 'no'
      ? deviates('no second factor is enrolled', { cites: [word] })
      : unknown(`${systemId} does not say whether a second factor is enrolled`);
  },
});
