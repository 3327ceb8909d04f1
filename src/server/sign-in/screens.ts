import { html } from 'hono/html';
import type { Refused } from '../../auth/attempts.ts';
import type { Link } from '../../auth/links.ts';
import type { Provider } from '../../auth/means.ts';
import { SHORTEST } from '../../auth/password.ts';
import { hasSecond, type Offers } from '../../auth/sign-in.ts';
import { type Instant, iso } from '../../core/instant.ts';
import type { Html } from '../html.ts';
import { goesTo, withTo } from './going.ts';
import { bare, says } from './shell.ts';

/** Whose door it is. */
export interface Door {
  readonly company: string;
  readonly demo: boolean;
}

const passkeyButton = (purpose: string, to: string | undefined, text: string): Html =>
  html`<button type="button" class="way" hidden data-passkey="${purpose}" data-to="${goesTo(to)}">${text}</button><p id="passkey-says" class="says wrong" role="alert" hidden></p>`;

const hidden = (to: string | undefined): Html => html`${goesTo(to) === '/' ? '' : html`<input type="hidden" name="to" value="${goesTo(to)}">`}`;

export interface Ways {
  readonly oidc: readonly Provider[];
  readonly saml: readonly Provider[];
  readonly passkeys: boolean;
}

const single = ({ oidc, saml }: Ways, to: string | undefined, again = false): Html => {
  const more = again ? (path: string) => `${path}${path.includes('?') ? '&' : '?'}again=1` : (path: string) => path;
  return html`${oidc.map(({ id, title }) => html`<a class="way" href="${more(withTo(`/sign-in/oidc/${id}`, to))}">Sign in with ${title}</a>`)}${saml.map(
    ({ id, title }) => html`<a class="way" href="${more(withTo(`/sign-in/saml/${id}/start`, to))}">Sign in with ${title}</a>`,
  )}`;
};

export function signInScreen(
  door: Door,
  ways: Ways,
  { to, wrong, email }: { readonly to?: string | undefined; readonly wrong?: string; readonly email?: string },
): Html {
  const others = ways.passkeys || ways.oidc.length + ways.saml.length > 0;
  return bare(
    { title: 'Sign in', ...door },
    html`<h1>Sign in</h1>
<p class="sub">${door.demo ? 'Open the link that the terminal printed, and you are in. Or sign in as somebody whom you have invited.' : 'To see what the evidence says.'}</p>
${wrong === undefined ? '' : says('wrong', wrong)}
<form class="fields" method="post" action="/sign-in">${hidden(to)}
<label>Address<input name="email" type="email" autocomplete="username" required value="${email ?? ''}" maxlength="254"></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
<button class="go">Sign in</button>
</form>
${others ? html`<hr>${single(ways, to)}${ways.passkeys ? passkeyButton('in', to, 'Use a passkey') : ''}` : ''}`,
    ways.passkeys,
  );
}

/** The second thing: a code, or a passkey. */
export function secondScreen(
  door: Door,
  offers: Offers,
  { to, wrong, passkeys }: { readonly to?: string | undefined; readonly wrong?: string; readonly passkeys: boolean },
): Html {
  const codes = offers.totp || offers.recovery;
  const what = offers.totp ? `six digits of your authenticator${offers.recovery ? ', or a recovery code' : ''}` : 'a recovery code';
  return bare(
    { title: 'Second factor', ...door },
    html`<h1>One more thing</h1>
<p class="sub">${codes ? `Type ${what}.` : 'Show your passkey.'}</p>
${wrong === undefined ? '' : says('wrong', wrong)}
${
  codes
    ? html`<form class="fields" method="post" action="/sign-in/second">${hidden(to)}
<label>Code<input class="code" name="code" autocomplete="one-time-code" required maxlength="40" autofocus></label>
<button class="go">Go on</button>
</form>`
    : ''
}
${offers.passkey && passkeys ? passkeyButton('second', to, 'Use a passkey') : ''}
${offers.passkey && !passkeys ? html`<p class="hint">Passkeys work under a host name only: open this server as localhost.</p>` : ''}
<p class="hint"><br>Lost both? An admin can reset how you sign in.</p>`,
    offers.passkey && passkeys,
  );
}

/** Before something dangerous: the holder of the session shows who they are once more. */
export function againScreen(
  door: Door,
  ways: Ways,
  {
    to,
    wrong,
    email,
    password,
    offers,
  }: { readonly to: string | undefined; readonly wrong?: string; readonly email: string; readonly password: boolean; readonly offers: Offers },
): Html {
  const passkey = offers.passkey && ways.passkeys;
  const byCode = offers.totp || offers.recovery;
  const byPassword = password && !hasSecond(offers);
  const none = !byPassword && !byCode && !offers.passkey && ways.oidc.length + ways.saml.length === 0;
  return bare(
    { title: 'Confirm that it is you', ...door },
    html`<h1>Confirm that it is you</h1>
<p class="sub">${email} is signed in, and what comes next changes who may do what. Show once more that it is you.</p>
${wrong === undefined ? '' : says('wrong', wrong)}
${
  byPassword || byCode
    ? html`<form class="fields" method="post" action="/sign-in/again">${hidden(to)}
${
  byCode
    ? html`<label>${offers.totp ? 'Code of your authenticator' : 'Recovery code'}<input class="code" name="code" autocomplete="one-time-code" required maxlength="40" autofocus></label>`
    : html`<label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256" autofocus></label>`
}
<button class="go">Confirm</button>
</form>`
    : ''
}
${passkey ? passkeyButton('again', to, 'Use a passkey') : ''}
${offers.passkey && !ways.passkeys ? html`<p class="hint">Passkeys work under a host name only: open this server as localhost.</p>` : ''}
${single(ways, to, true)}
${none ? says('wrong', html`You have nothing to show: no password, no passkey. Sign in anew by a link: <code>npx tickmark users link ${email}</code>`) : ''}
<p class="hint"><br><a class="link" href="/">Back, and change nothing</a></p>`,
    passkey,
  );
}

/** What somebody sees who opens a link: to set up, to come in for the first time, or to begin anew. */
export function linkScreen(door: Door, link: Link, { wrong, email, name }: { readonly wrong?: string; readonly email?: string; readonly name?: string }): Html {
  const title = { owner: 'Set up your sign-in', invitation: `Welcome to ${door.company}`, reset: 'Choose how you sign in', demo: 'Acme' }[link.kind];
  const sub = {
    owner: 'Nobody has a way into this workspace yet. You become its admin.',
    invitation: `${link.madeBy} has invited you, as ${link.role}.`,
    reset: `For ${link.email ?? ''}. What you signed in with before counts no more.`,
    demo: '',
  }[link.kind];
  const optional = link.kind === 'owner';
  return bare(
    { title, ...door },
    html`<h1>${title}</h1>
<p class="sub">${sub}</p>
${wrong === undefined ? '' : says('wrong', wrong)}
<form class="fields" method="post" action="">
<label>Address${
      link.email === null
        ? html`<input name="email" type="email" autocomplete="username" required maxlength="254" value="${email ?? ''}"><small>What you do is recorded under it.</small>`
        : html`<input type="email" autocomplete="username" readonly value="${link.email}">`
    }</label>
${link.kind === 'reset' ? '' : html`<label>Name<input name="name" autocomplete="name" required maxlength="120" value="${name ?? link.name ?? ''}"></label>`}
<label>Password${optional ? ' (may be left empty)' : ''}<input name="password" type="password" autocomplete="new-password"${optional ? '' : html` required`} maxlength="256"><small>At least ${SHORTEST} characters. A few words that do not belong together are easy to keep in mind.${optional ? ' Without one, each sign-in needs a link from the terminal, until you add a passkey.' : ''}</small></label>
<button class="go">Go on</button>
</form>`,
  );
}

const WHY: Readonly<Record<Refused['of'], string>> = {
  account: 'Too many wrong passwords for this account.',
  address: 'Too many attempts from your network.',
  second: 'Too many wrong codes for this account.',
  token: 'Too many wrong tokens from your network.',
  link: 'Too many links were tried from your network.',
  begin: 'Too many sign-ins were begun from your network.',
  draw: 'Too many samples were drawn.',
};

/** Locked out, or too fast: until when, and what helps meanwhile. */
export function refusedScreen(door: Door, { of, until }: { readonly of: Refused['of']; readonly until: Instant }): Html {
  return bare(
    { title: 'Locked for a while', ...door },
    html`<h1>Locked for a while</h1>
<p class="sub">${WHY[of]}</p>
${says('wrong', html`Nothing is tried until <time datetime="${iso(until)}">${iso(until)}</time>, be it right or wrong.`)}
<p>If it was not you, tell an admin: the attempts are in the log. Who is signed in already stays so.</p>
<p class="hint"><br><a class="link" href="/sign-in">Back to the sign-in</a></p>`,
  );
}

/** A plain word about what did not work, and what to do. */
export function stopScreen(door: Door, { title, why, next }: { readonly title: string; readonly why: string; readonly next: Html | string }): Html {
  return bare(
    { title, ...door },
    html`<h1>${title}</h1>
<p class="sub">${why}</p>
<p>${next}</p>
<p class="hint"><br><a class="link" href="/sign-in">Back to the sign-in</a></p>`,
  );
}
