import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Means } from '../../auth/means.ts';
import { acceptLink, linkBehind, openDemoLink } from '../../auth/links.ts';
import { hashPassword, weakness } from '../../auth/password.ts';
import { canHavePasskeys } from '../../auth/passkeys.ts';
import { addressOf, userByEmail } from '../../auth/people.ts';
import { endSessions, openSession, renewSession } from '../../auth/sessions.ts';
import { checkCode, checkPassword, goOn, hasSecond, offersOf, type Outcome, secondOffers, signInByPassword, signInBySecond } from '../../auth/sign-in.ts';
import { TickmarkError } from '../../core/error.ts';
import { goesTo, withTo } from './going.ts';
import { type Env, fields, fromOf, heldBy, type Its, letIn, originOf, readCookie, setCookie } from './http.ts';
import { againScreen, type Door, linkScreen, refusedScreen, secondScreen, signInScreen, stopScreen, type Ways } from './screens.ts';

const MINUTES = 60;
const WRONG = 'Address and password do not fit together, or the account is not active.';
const EXPIRED = { title: 'That took too long', why: 'The first step was too long ago, or was used already.', next: 'Begin again.' };
const USELESS = {
  title: 'This link opens nothing',
  why: 'It was used already, it has run out, or a newer one took its place.',
  next: 'Ask an admin for another. Whoever runs the server gets one in the terminal.',
};

export const doorOf = ({ company, demo }: Means): Door => ({ company, demo });
export const waysOf = (means: Means, context: Its): Ways => ({
  oidc: means.settings.oidc,
  saml: means.settings.saml,
  passkeys: canHavePasskeys({ origin: originOf(means, context) }),
});

/** Sign-in by password, code and link. */
export function doors(means: Means): Hono<Env> {
  const app = new Hono<Env>();
  const door = doorOf(means);
  const held = (context: Its) => heldBy(means, context.req.raw);

  app.get('/sign-in', async (context) => {
    const to = context.req.query('to');
    if (await held(context)) return context.redirect(goesTo(to), 303);
    return context.html(signInScreen(door, waysOf(means, context), { to }));
  });

  app.post('/sign-in', async (context) => {
    const { email = '', password = '', to } = await fields(context);
    const outcome = await signInByPassword(means, { email, password, from: fromOf(means, context) });
    if (outcome.kind === 'wrong') return context.html(signInScreen(door, waysOf(means, context), { to, wrong: WRONG, email }), 401);
    return followed(means, context, outcome, to);
  });

  app.get('/sign-in/second', async (context) => {
    const offers = await secondOffers(means, readCookie(means, context.req.raw.headers, 'second') ?? '');
    const to = context.req.query('to');
    if (!offers) return context.html(stopScreen(door, EXPIRED), 410);
    return context.html(secondScreen(door, offers, { to, passkeys: waysOf(means, context).passkeys }));
  });

  app.post('/sign-in/second', async (context) => {
    const { code = '', to } = await fields(context);
    const pending = readCookie(means, context.req.raw.headers, 'second') ?? '';
    const outcome = await signInBySecond(means, { pending, code, from: fromOf(means, context) });
    const offers = outcome.kind === 'wrong' ? await secondOffers(means, pending) : null;
    if (offers)
      return context.html(
        secondScreen(door, offers, { to, wrong: 'That is not the code. Each counts once, and for half a minute.', passkeys: waysOf(means, context).passkeys }),
        401,
      );
    return followed(means, context, outcome, to);
  });

  app.get('/sign-in/again', async (context) => {
    const who = await held(context);
    const to = context.req.query('to');
    if (!who) return context.redirect(withTo('/sign-in', to), 303);
    return context.html(
      againScreen(door, waysOf(means, context), { to, email: who.user.email, password: who.user.hasPassword, offers: await offersOf(means, who.user.id) }),
    );
  });

  app.post('/sign-in/again', async (context) => {
    const { code, password = '', to } = await fields(context);
    const who = await held(context);
    if (!who) return context.redirect(withTo('/sign-in', to), 303);
    const { user } = who;
    const from = fromOf(means, context);
    const offers = await offersOf(means, user.id);
    // Who has a second factor shows that one: a password may be known to others. A passkey is shown by the script of the page.
    const checked = hasSecond(offers) ? await checkCode(means, user, { code: code ?? '', from }) : await checkPassword(means, user, { password, from });
    const method = checked === 'right' ? 'password' : checked.kind === 'right' ? checked.method : null;
    if (method !== null) return letIn(means, context, await renewSession(means, who, method), to);
    if (checked !== 'right' && checked.kind === 'refused') return context.html(refusedScreen(door, checked), 429);
    return context.html(
      againScreen(door, waysOf(means, context), { to, wrong: 'That is not it.', email: user.email, password: user.hasPassword, offers }),
      401,
    );
  });

  app.post('/sign-out', async (context) => {
    const who = await held(context);
    if (who) await endSessions(means, who.user.email, who.user.id, { only: who.session.id, act: 'sign-out' });
    setCookie(means, context, 'session', '', 0);
    return context.redirect('/sign-in', 303);
  });

  app.get('/sign-in/link/:secret', async (context) => {
    const secret = context.req.param('secret');
    const link = await linkBehind(means, secret, fromOf(means, context));
    if (link === null) return context.html(stopScreen(door, USELESS), 410);
    if ('of' in link) return context.html(refusedScreen(door, link), 429);
    // Previews and scanners fetch links, and must not use them up.
    if (link.kind !== 'demo') return context.html(linkScreen(door, link, {}));
    if (context.req.method !== 'GET') return context.body(null, 204);
    const owner = await openDemoLink(means, secret);
    return owner
      ? letIn(means, context, await openSession(means, owner, { methods: ['link'], from: fromOf(means, context) }), '/')
      : context.html(stopScreen(door, USELESS), 410);
  });

  app.post('/sign-in/link/:secret', async (context) => {
    const [secret, from] = [context.req.param('secret'), fromOf(means, context)];
    const link = await linkBehind(means, secret, from);
    if (link === null) return context.html(stopScreen(door, USELESS), 410);
    if ('of' in link) return context.html(refusedScreen(door, link), 429);
    if (link.kind === 'demo') return context.html(stopScreen(door, USELESS), 410);
    const { email = '', name = '', password = '' } = await fields(context);
    const its = link.email ?? email;
    const problem = await linkProblem(means, {
      email: its,
      name: link.kind === 'reset' ? (link.name ?? '') : name,
      password,
      optional: link.kind === 'owner',
      fresh: link.kind !== 'reset',
    });
    if (problem !== null) return context.html(linkScreen(door, link, { wrong: problem, email, name }), 400);
    const user = await acceptLink(means, secret, { email: its, name, password: password === '' ? null : await hashPassword(password, means.cost) });
    if (!user) return context.html(stopScreen(door, USELESS), 410);
    return followed(means, context, await goOn(means, user, { methods: password === '' ? ['link'] : ['link', 'password'], from }), '/');
  });

  return app;
}

/** Said before the link is used up. */
async function linkProblem(
  means: Means,
  {
    email,
    name,
    password,
    optional,
    fresh,
  }: { readonly email: string; readonly name: string; readonly password: string; readonly optional: boolean; readonly fresh: boolean },
): Promise<string | null> {
  try {
    addressOf(email);
  } catch (error) {
    if (error instanceof TickmarkError) return error.message;
    throw error;
  }
  if (fresh && (await userByEmail(means, email))) return `${email} is the address of a user already. Sign in with it.`;
  if (fresh && name.trim() === '') return 'Say your name: others see who did what.';
  if (password === '' && optional) return null;
  return weakness(password, { email, name, company: means.company });
}

/** Where somebody is sent by how it ended. */
export function followed(means: Means, context: Its, outcome: Outcome, to: string | undefined): Response | Promise<Response> {
  const door = doorOf(means);
  switch (outcome.kind) {
    case 'in':
      return letIn(means, context, outcome.secret, to);
    case 'second':
      setCookie(means, context, 'second', outcome.pending, 10 * MINUTES);
      return context.redirect(withTo('/sign-in/second', to), 303);
    case 'refused':
      context.header('retry-after', String(Math.max(1, Math.ceil((outcome.until - means.clock()) / 1000))));
      return (context as Context).html(refusedScreen(door, outcome), 429);
    case 'wrong':
      return (context as Context).html(signInScreen(door, waysOf(means, context), { to, wrong: WRONG }), 401);
    case 'expired':
      setCookie(means, context, 'second', '', 0);
      return (context as Context).html(stopScreen(door, EXPIRED), 410);
  }
}
