import { Hono } from 'hono';
import { html } from 'hono/html';
import { attempt } from '../../auth/attempts.ts';
import type { Means, Provider } from '../../auth/means.ts';
import { beginOidc, endOidc } from '../../auth/oidc.ts';
import { beginSaml, endSaml, samlMetadata, takeSaml } from '../../auth/saml.ts';
import { renewSession } from '../../auth/sessions.ts';
import { hasSecond, offersOf, refuse } from '../../auth/sign-in.ts';
import { type Said, speaksOf, welcome } from '../../auth/sso.ts';
import { doorOf, followed } from './doors.ts';
import { goesTo, withTo } from './going.ts';
import { type Env, fromOf, heldBy, type Its, letIn, readCookie, setCookie } from './http.ts';
import { stopScreen } from './screens.ts';

const MINUTES = 60;
const NOT_ASKED = {
  title: 'This was not asked for here',
  why: 'The sign-in was begun in another browser, was used already, or took too long.',
  next: 'Begin again.',
};

/** Single sign-on: OpenID Connect and SAML 2.0. */
export function singleSignOn(means: Means): Hono<Env> {
  const app = new Hono<Env>();
  const door = doorOf(means);
  const oidc = (id: string) => means.settings.oidc.find((provider) => provider.id === id);
  const saml = (id: string) => means.settings.saml.find((provider) => provider.id === id);
  const held = (context: Its) => heldBy(means, context.req.raw);
  const browserOf = (context: Its) => readCookie(means, context.req.raw.headers, 'sso');

  app.get('/sign-in/oidc/:id', async (context) => {
    const provider = oidc(context.req.param('id'));
    return provider ? begun(context, provider, beginOidc) : context.notFound();
  });

  app.get('/sign-in/oidc/:id/callback', async (context) => {
    const provider = oidc(context.req.param('id'));
    if (!provider) return context.notFound();
    const query = new URL(context.req.url).searchParams;
    return ended(context, provider, 'oidc', () => endOidc(means, provider, { query, browser: browserOf(context), from: fromOf(means, context) }));
  });

  app.get('/sign-in/saml/:id', async (context) => {
    const provider = saml(context.req.param('id'));
    return provider ? context.body(await samlMetadata(means, provider), 200, { 'content-type': 'application/samlmetadata+xml' }) : context.notFound();
  });

  app.get('/sign-in/saml/:id/start', async (context) => {
    const provider = saml(context.req.param('id'));
    return provider ? begun(context, provider, beginSaml) : context.notFound();
  });

  // Posted by a page of the provider, so without our cookies: the browser fetches the rest, and brings them.
  app.post('/sign-in/saml/:id/callback', async (context) => {
    const provider = saml(context.req.param('id'));
    if (!provider) return context.notFound();
    const form = await context.req.parseBody();
    const [response, relay] = [String(form.SAMLResponse ?? ''), String(form.RelayState ?? '')];
    try {
      const code = await takeSaml(means, provider, { response, relay });
      return code === null ? context.html(stopScreen(door, NOT_ASKED), 400) : context.redirect(`/sign-in/saml/${provider.id}/end?code=${code}`, 303);
    } catch (error) {
      return failed(context, provider, error);
    }
  });

  app.get('/sign-in/saml/:id/end', async (context) => {
    const provider = saml(context.req.param('id'));
    if (!provider) return context.notFound();
    return ended(context, provider, 'saml', () => endSaml(means, provider, { code: context.req.query('code') ?? '', browser: browserOf(context) }));
  });

  return app;

  async function begun<Its_ extends Provider>(
    context: Its,
    provider: Its_,
    begin: (
      means: Means,
      provider: Its_,
      how: { readonly to: string; readonly again: string | null },
    ) => Promise<{ readonly url: string; readonly browser: string }>,
  ): Promise<Response> {
    const from = fromOf(means, context);
    const refused = await attempt(means, 'begin', from.address);
    if (refused) return followed(means, context, await refuse(means, refused, { account: null, from }), undefined);
    const again = context.req.query('again') === undefined ? null : ((await held(context))?.session.id ?? null);
    try {
      const { url, browser } = await begin(means, provider, { to: goesTo(context.req.query('to')), again });
      setCookie(means, context, 'sso', browser, 10 * MINUTES);
      return context.redirect(url, 303);
    } catch (error) {
      return failed(context, provider, error);
    }
  }

  async function ended(
    context: Its,
    provider: Provider,
    way: 'oidc' | 'saml',
    end: () => Promise<{ readonly said: Said; readonly to: string; readonly again: string | null } | null>,
  ): Promise<Response> {
    const from = fromOf(means, context);
    try {
      const its = await end();
      setCookie(means, context, 'sso', '', 0);
      if (!its) return context.html(stopScreen(door, NOT_ASKED), 400);
      if (its.again !== null) return confirmed(context, provider, way, its);
      const welcomed = await welcome(means, provider, { said: its.said, way, from });
      if (welcomed.kind !== 'stranger') return followed(means, context, welcomed, its.to);
      const no = {
        title: 'No account here',
        why: welcomed.because,
        next: `You are signed in to ${provider.title}, and not here. An admin of Tickmark can invite you.`,
      };
      return context.html(stopScreen(door, no), 403);
    } catch (error) {
      return failed(context, provider, error);
    }
  }

  /** Not a new session: the one that asked to be confirmed, and only by whom it is of. */
  async function confirmed(
    context: Its,
    provider: Provider,
    way: 'oidc' | 'saml',
    { said, to, again }: { readonly said: Said; readonly to: string; readonly again: string | null },
  ): Promise<Response> {
    const who = await held(context);
    if (who?.session.id !== again || !who || !(await speaksOf(means, provider, said, who.user)))
      return context.html(stopScreen(door, { ...NOT_ASKED, why: 'Somebody else is signed in there than here.' }), 403);
    if (!said.strong && hasSecond(await offersOf(means, who.user.id)))
      return context.html(
        stopScreen(door, {
          title: 'Show your second factor',
          why: `You have one here, and ${provider.title} did not say that it has seen any.`,
          next: html`<a class="link" href="${withTo('/sign-in/again', to)}">Confirm by your authenticator or passkey</a>`,
        }),
        403,
      );
    return letIn(means, context, await renewSession(means, who, said.strong ? `${way}-mfa` : way), to);
  }

  function failed(context: Its, provider: Provider, error: unknown): Response | Promise<Response> {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`tickmark: sign-in with ${provider.id} failed: ${why}${error instanceof Error && error.cause ? ` (${String(error.cause)})` : ''}\n`);
    const screen = stopScreen(door, {
      title: `${provider.title} let nobody in`,
      why: 'What it answered cannot be believed, or it did not answer.',
      next: 'Try again. If it goes on, whoever runs the server finds the reason in its terminal.',
    });
    return context.html(screen, 502);
  }
}
