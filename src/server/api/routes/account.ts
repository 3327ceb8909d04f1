import { encode } from 'uqr';
import { addTotp, factorsOf, newRecoveryCodes, offerTotp, removeFactor } from '../../../auth/factors.ts';
import { setPassword } from '../../../auth/links.ts';
import { hashPassword, weakness } from '../../../auth/password.ts';
import { renewSession } from '../../../auth/sessions.ts';
import { sessionCookie } from '../../sign-in/http.ts';
import { implementing } from '../asking.ts';
import { confirmedSelf } from '../confirmed.ts';
import { account as contract } from '../contract/account.ts';
import { problem } from '../problem.ts';

const endpoints = implementing(contract);

export const accountRoutes = endpoints.router({
  offerAuthenticator: endpoints.offerAuthenticator.handler(async ({ context }) => {
    const { user } = await confirmedSelf(context);
    const offer = await offerTotp(context.services.signIn, user);
    return { ...offer, qr: encode(offer.uri, { border: 0 }).data.map((row) => row.map((dark) => (dark ? '1' : '0')).join('')) };
  }),

  addAuthenticator: endpoints.addAuthenticator.handler(async ({ input: { offer, code, name = '' }, context }) => {
    const who = await confirmedSelf(context);
    const means = context.services.signIn;
    const added = await addTotp(means, who.user, { offer, code, name });
    if (added === 'wrong') throw wrong('code', 'That is not the code. Is the clock of the phone right?');
    if (added === 'expired') throw wrong('offer', 'That took too long, or was added already: begin with another secret.');
    context.cookies.push(sessionCookie(means, await renewSession(means, who, 'totp')));
    return { added: true };
  }),

  recoveryCodes: endpoints.recoveryCodes.handler(async ({ context }) => {
    const { user } = await confirmedSelf(context);
    const factors = await factorsOf(context.services.signIn, user.id);
    if (factors.every(({ kind }) => kind === 'recovery')) throw problem('cannot-be-answered', 'Recovery codes stand in for a second factor: add one first.');
    return { codes: await newRecoveryCodes(context.services.signIn, user) };
  }),

  removeFactor: endpoints.removeFactor.handler(async ({ input: { id }, context }) => {
    const { user } = await confirmedSelf(context);
    await removeFactor(context.services.signIn, user.email, user, id);
    return { removed: true };
  }),

  setPassword: endpoints.setPassword.handler(async ({ input: { password }, context }) => {
    const { user, session } = await confirmedSelf(context);
    const means = context.services.signIn;
    const weak = weakness(password, { ...user, company: means.company });
    if (weak !== null) throw wrong('password', weak);
    await setPassword(means, user, await hashPassword(password, means.cost), session.id);
    return { set: true };
  }),
});

const wrong = (name: string, says: string) => problem('invalid-request', says, [{ name, says }]);
