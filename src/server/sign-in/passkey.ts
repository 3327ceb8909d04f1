import { Hono } from 'hono';
import { attempt } from '../../auth/attempts.ts';
import type { Means } from '../../auth/means.ts';
import { addPasskey, askPasskey, canHavePasskeys, holderOf, offerPasskey, signInByPasskey } from '../../auth/passkeys.ts';
import { renewSession, type SignedIn } from '../../auth/sessions.ts';
import { refuse, secondOf } from '../../auth/sign-in.ts';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../auth/webauthn.ts';
import { goesTo } from './going.ts';
import { type Env, fromOf, heldBy, type Its, originOf, readCookie, setCookie } from './http.ts';

const WRONG = 'This passkey opens nothing here.';
const MANY = 'Too many attempts. Try again in a quarter of an hour.';

/** What the script of the pages asks about passkeys: JSON in, JSON out. */
export function passkeys(means: Means): Hono<Env> {
  const app = new Hono<Env>();
  const site = (context: Its) => ({ origin: originOf(means, context) });
  const held = (context: Its) => heldBy(means, context.req.raw);
  const pendingOf = (context: Its) => readCookie(means, context.req.raw.headers, 'second');

  app.post('/sign-in/passkey/ask', async (context) => {
    if (!canHavePasskeys(site(context))) return context.json({ says: 'Passkeys work under a host name only: open this server as localhost.' }, 400);
    const { purpose } = await context.req.json<{ readonly purpose?: string }>();
    const from = fromOf(means, context);
    const refused = await attempt(means, 'begin', from.address);
    if (refused) {
      await refuse(means, refused, { account: null, from });
      return context.json({ says: 'Too many sign-ins were begun from your network. Wait some minutes.' }, 429);
    }
    const user = purpose === 'second' ? await secondOf(means, pendingOf(context) ?? '') : purpose === 'again' ? ((await held(context))?.user ?? null) : null;
    if (purpose !== 'in' && !user) return context.json({ says: 'That took too long. Begin again.' }, 410);
    return context.json(await askPasskey(means, site(context), user?.id ?? null));
  });

  app.post('/sign-in/passkey', async (context) => {
    const { purpose, to, response } = await context.req.json<{
      readonly purpose?: string;
      readonly to?: string;
      readonly response: AuthenticationResponseJSON;
    }>();
    if (!looksRight(response)) return context.json({ says: WRONG }, 400);
    if (purpose === 'again') return again(context, response, to);
    const pending = purpose === 'second' ? (pendingOf(context) ?? '') : null;
    const outcome = await signInByPasskey(means, { response, pending, site: site(context), from: fromOf(means, context) });
    if (outcome.kind === 'refused') return context.json({ says: MANY }, 429);
    if (outcome.kind !== 'in') return context.json({ says: outcome.kind === 'expired' ? 'That took too long. Begin again.' : WRONG }, 401);
    return through(context, outcome.secret, to);
  });

  app.post('/account/passkeys/ask', async (context) => {
    const who = await mayAdd(context);
    return 'says' in who ? context.json(who, 403) : context.json(await offerPasskey(means, who.user, site(context)));
  });

  app.post('/account/passkeys', async (context) => {
    const who = await mayAdd(context);
    if ('says' in who) return context.json(who, 403);
    const { name = '', response } = await context.req.json<{ readonly name?: string; readonly response: RegistrationResponseJSON }>();
    if (!looksRight(response)) return context.json({ says: 'The browser made no valid passkey.' }, 400);
    const problem = await addPasskey(means, who.user, { response, name: String(name), site: site(context) });
    if (problem !== null) return context.json({ says: problem }, 400);
    // From now on the session is one of somebody who has shown a passkey, under another cookie.
    setCookie(means, context, 'session', await renewSession(means, who, 'passkey'), Math.floor(means.settings.lasts / 1000));
    return context.json({});
  });

  return app;

  async function mayAdd(context: Its): Promise<SignedIn | { readonly says: string }> {
    if (!canHavePasskeys(site(context))) return { says: 'Passkeys work under a host name only: open this server as localhost.' };
    const who = await held(context);
    if (!who) return { says: 'You are not signed in any more.' };
    return who.fresh ? who : { says: 'Confirm that it is you first: load this page again.' };
  }

  async function again(context: Its, response: AuthenticationResponseJSON, to: string | undefined): Promise<Response> {
    const who = await held(context);
    const holder = who && (await holderOf(means, response, site(context)));
    if (!who || holder?.id !== who.user.id) return context.json({ says: WRONG }, 401);
    return through(context, await renewSession(means, who, 'passkey'), to);
  }

  function through(context: Its, secret: string, to: string | undefined): Response {
    setCookie(means, context, 'session', secret, Math.floor(means.settings.lasts / 1000));
    setCookie(means, context, 'second', '', 0);
    return context.json({ to: goesTo(to) });
  }
}

/** Enough of it is there for the library to look at. */
const looksRight = (response: { readonly id?: unknown; readonly response?: { readonly clientDataJSON?: unknown } } | undefined): boolean =>
  typeof response?.id === 'string' && typeof response.response?.clientDataJSON === 'string';
