import { authSettings } from '../datasets/product/auth-settings.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

const STRONG = ['argon2id', 'scrypt', 'bcrypt', 'pbkdf2', 'none'];

export const customerSignInHardened = defineCheck({
  id: 'customer-sign-in-hardened',
  title: 'Customers can sign in to our product safely',
  version: 1,
  asserts:
    'Every product lets customers demand a second factor or single sign-on, locks out who guesses, adds users only by invitation or verified registration, and keeps passwords, if it does, by an algorithm made for that.',
  population: authSettings,
  parameters: { algorithms: 'argon2id, scrypt, bcrypt, pbkdf2, or no passwords at all' },

  examine({ mfaAvailable, lockout, adminInvitesOnly, passwordHash }) {
    if (!STRONG.includes(passwordHash.toLowerCase())) return deviates(`it keeps passwords by ${passwordHash}`);
    const claims = [
      { said: mfaAvailable, lacks: 'customers cannot demand a second factor or single sign-on', open: 'a second factor can be demanded' },
      { said: lockout, lacks: 'it does not lock out who guesses', open: 'who guesses is locked out' },
      { said: adminInvitesOnly, lacks: 'users come without invitation or verified registration', open: 'users come by invitation alone' },
    ];
    const lacking = claims.find(({ said }) => said === 'no');
    if (lacking) return deviates(lacking.lacks);
    const open = claims.find(({ said }) => said === 'unknown');
    return open ? unknown(`nobody says whether ${open.open}`) : conforms();
  },
});
