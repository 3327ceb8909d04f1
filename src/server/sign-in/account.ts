import { Hono } from 'hono';
import { addTotp, factorsOf, newRecoveryCodes, offeredTotp, offerTotp, removeFactor } from '../../auth/factors.ts';
import { setPassword } from '../../auth/links.ts';
import type { Means } from '../../auth/means.ts';
import { canHavePasskeys } from '../../auth/passkeys.ts';
import { hashPassword, weakness } from '../../auth/password.ts';
import { GRANTS, may, type Permission, PERMISSIONS } from '../../auth/roles.ts';
import { endSessions, renewSession, sessionsOf, type SignedIn } from '../../auth/sessions.ts';
import { makeToken, revokeToken, tokens } from '../../auth/tokens.ts';
import { ConfigurationError, TickmarkError } from '../../core/error.ts';
import type { Html } from '../html.ts';
import { accountPage, authenticatorPage, oncePage } from './account-page.ts';
import { withTo } from './going.ts';
import { type Env, fields, heldBy, type Its, letIn, originOf } from './http.ts';
import { inside } from './shell.ts';

export type Said = { readonly kind: 'wrong' | 'done'; readonly text: string } | null;

/** Runs a page for who is signed in; `fresh`: and has shown a moment ago that it is them. */
export function guarding(means: Means) {
  const held = (context: Its) => heldBy(means, context.req.raw);
  return async (
    context: Its,
    { fresh = false, permission = 'self', enrolling = false }: { readonly fresh?: boolean; readonly permission?: Permission; readonly enrolling?: boolean },
    then: (who: SignedIn) => Promise<Response>,
  ): Promise<Response> => {
    const who = await held(context);
    const here = context.req.method === 'GET' ? new URL(context.req.url).pathname : context.req.path.startsWith('/users') ? '/users' : '/account';
    if (!who) return context.redirect(withTo('/sign-in', here), 303);
    if (who.lacksFactor && !enrolling) return context.redirect('/account', 303);
    if (!may(who.principal, permission)) throw new Forbidden();
    if (fresh && !who.fresh) return context.redirect(withTo('/sign-in/again', here), 303);
    return then(who);
  };
}

/** The role does not grant it. */
export class Forbidden extends TickmarkError {
  constructor() {
    super('FORBIDDEN', 'Your role does not grant this. An admin can change that.');
  }
}

/** Where people look after how they sign in. */
export function account(means: Means): Hono<Env> {
  const app = new Hono<Env>();
  const guarded = guarding(means);
  const site = (context: Its) => ({ origin: originOf(means, context) });

  app.get('/account', (context) => guarded(context, { enrolling: true }, (who) => shown(context, who)));

  app.get('/account/authenticator', (context) =>
    guarded(context, { enrolling: true, fresh: true }, async (who) =>
      page(context, who, 'Add an authenticator', authenticatorPage(await offerTotp(means, who.user), null)),
    ),
  );

  app.post('/account/authenticator', (context) =>
    guarded(context, { enrolling: true, fresh: true }, async (who) => {
      const { offer = '', code = '', name = '' } = await fields(context);
      const added = await addTotp(means, who.user, { offer, code, name });
      // The session is from now on one of somebody who has shown a second factor, under another cookie.
      if (added === 'added') return letIn(means, context, await renewSession(means, who, 'totp'), '/account');
      const again = added === 'wrong' ? await offeredTotp(means, who.user, offer) : null;
      const wrong = again ? 'That is not the code. Is the clock of the phone right?' : 'That took too long: here is another.';
      return page(context, who, 'Add an authenticator', authenticatorPage(again ?? (await offerTotp(means, who.user)), wrong), 400);
    }),
  );

  app.post('/account/recovery-codes', (context) =>
    guarded(context, { fresh: true }, async (who) => {
      if (!(await factorsOf(means, who.user.id)).some(({ kind }) => kind !== 'recovery'))
        throw new ConfigurationError('recovery codes stand in for a second factor: add one first.');
      const secrets = await newRecoveryCodes(means, who.user);
      const sub = 'Each opens your account once, in the place of your second factor. Keep them where your phone is not. Those of before count no more.';
      return page(context, who, 'Recovery codes', oncePage({ title: 'Recovery codes', sub, secrets }, '/account'));
    }),
  );

  app.post('/account/factors/:id/remove', (context) =>
    guarded(context, { fresh: true }, (who) =>
      telling(context, who, 'It counts no more.', () => removeFactor(means, who.user.email, who.user, context.req.param('id') ?? '')),
    ),
  );

  app.post('/account/password', (context) =>
    guarded(context, { fresh: true }, async (who) => {
      const { password = '' } = await fields(context);
      const weak = weakness(password, { ...who.user, company: means.company });
      if (weak !== null) return shown(context, who, { kind: 'wrong', text: weak });
      return telling(context, who, 'Your password is changed.', async () =>
        setPassword(means, who.user, await hashPassword(password, means.cost), who.session.id),
      );
    }),
  );

  app.post('/account/sessions/end-others', (context) =>
    guarded(context, {}, (who) =>
      telling(context, who, 'Your other sessions have ended.', () => endSessions(means, who.user.email, who.user.id, { but: who.session.id })),
    ),
  );
  app.post('/account/sessions/:id/end', (context) =>
    guarded(context, {}, (who) =>
      telling(context, who, 'It has ended.', () => endSessions(means, who.user.email, who.user.id, { only: context.req.param('id') ?? '' })),
    ),
  );

  app.post('/account/tokens', (context) =>
    guarded(context, { fresh: true }, async (who) => {
      const { name = '', days = '', scopes = '' } = await fields(context);
      return saying(context, who, async () => {
        const asked = { name, user: who.user, scopes: scopesOf(scopes, who), days: Number(days), strong: who.principal.vouched?.strong ?? false };
        const { secret } = await makeToken(means, who.user.email, { kind: 'api', ...asked });
        return page(context, who, 'A new token', oncePage({ title: name, sub: 'Send it as "Authorization: Bearer TOKEN".', secrets: [secret] }, '/account'));
      });
    }),
  );

  app.post('/account/tokens/:id/revoke', (context) =>
    guarded(context, {}, async (who) => {
      const id = context.req.param('id') ?? '';
      const own = (await tokens(means, who.user.id)).some((token) => token.id === id);
      if (!own) throw new ConfigurationError(`you have no token ${id}.`);
      return telling(context, who, 'It opens nothing any more.', () => revokeToken(means, who.user.email, id));
    }),
  );

  return app;

  async function shown(context: Its, who: SignedIn, said: Said = null): Promise<Response> {
    const { id } = who.user;
    const its = {
      factors: await factorsOf(means, id),
      sessions: await sessionsOf(means, id),
      tokens: await tokens(means, id),
      canHavePasskeys: canHavePasskeys(site(context)),
    };
    return page(context, who, 'Account', accountPage({ who, ...its, said }), said?.kind === 'wrong' ? 400 : 200);
  }

  function page(context: Its, who: SignedIn, title: string, main: Html, status: 200 | 400 = 200): Response | Promise<Response> {
    const users = may(who.principal, 'users.read');
    context.header('cache-control', 'no-store');
    return context.html(
      inside({ title, company: means.company, who: who.user.email, section: 'account' }, main, { script: title === 'Account', users }),
      status,
    );
  }

  /** Does it, and shows the account as it is then. */
  function telling(context: Its, who: SignedIn, done: string, act: () => Promise<unknown>): Promise<Response> {
    return saying(context, who, async () => {
      await act();
      const now = (await heldBy(means, context.req.raw)) ?? who;
      return shown(context, now, { kind: 'done', text: done });
    });
  }

  async function saying(context: Its, who: SignedIn, act: () => Promise<Response>): Promise<Response> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof TickmarkError) return shown(context, who, { kind: 'wrong', text: error.message });
      throw error;
    }
  }
}

function scopesOf(asked: string, { user }: SignedIn): readonly Permission[] | null {
  if (asked === '') return null;
  if (asked === 'read') return GRANTS[user.role].filter((permission) => permission.endsWith('.read'));
  return PERMISSIONS.filter((permission) => permission === asked);
}
