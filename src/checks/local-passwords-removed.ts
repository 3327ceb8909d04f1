import { systems } from '../datasets/asset/systems.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

export const localPasswordsRemoved = defineCheck({
  id: 'local-passwords-removed',
  title: 'Local passwords are gone where single sign-on is demanded',
  version: 1,
  asserts: 'No active account of a person in a system of which single sign-on is demanded can sign in with a password of that system.',
  population: accounts.where(({ status, kind }) => status === 'active' && kind !== 'service'),
  with: { scope: systems.where(({ ssoRequired, identityProvider }) => ssoRequired === 'yes' && !identityProvider).on('systemId') },

  examine({ password }, { scope }) {
    if (scope.length === 0) return notYet({ rests: ['scope'] });
    if (password === 'no') return conforms();
    return password === 'yes' ? deviates('it can sign in with a password of its own') : unknown('the source does not say whether it has a password');
  },
});
