import { systems } from '../datasets/asset/systems.ts';
import { mfaEnforcement } from '../datasets/identity/mfa-enforcement.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const WEAK = ['sms', 'voice', 'email', 'question', 'unknown'];

export const mfaEnrolled = defineCheck({
  id: 'mfa-enrolled',
  title: 'Second factors are enrolled',
  version: 1,
  asserts:
    'Every active account with which a person signs in to a system in scope has an active second factor that is not a message, a call, an e-mail or a question.',
  population: accounts.where(({ status, kind, password }) => status === 'active' && kind !== 'service' && password !== 'no'),
  mustExist: true,
  with: { scope: systems.on('systemId'), factors: mfaFactors.where(({ status }) => status === 'active').on('userId'), told: mfaEnforcement.on('userId') },

  examine({ systemId }, { scope, factors, told }) {
    const out = outOfScope(scope);
    if (out) return out;
    const its = factors.filter((factor) => factor.systemId === systemId);
    const [word] = told.filter((row) => row.systemId === systemId);
    if (its.some(({ type }) => !WEAK.includes(type)) || (its.length === 0 && word?.enrolled === 'yes')) return conforms();
    if (its.length > 0) return deviates(`only ${its.map(({ type }) => type).join(', ')} ${its.length === 1 ? 'is' : 'are'} enrolled`, { cites: its });
    if (!word) return unknown(`${systemId} does not say whether a second factor is enrolled`);
    // A system that lists factors has said so by listing none; another one has said it in a word.
    return deviates('no second factor is enrolled', word.enrolled === 'no' ? { cites: [word] } : {});
  },
});
