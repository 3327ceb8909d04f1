import { html, raw } from 'hono/html';
import { renderSVG } from 'uqr';
import type { Factor } from '../../auth/factors.ts';
import { SHORTEST } from '../../auth/password.ts';
import { GRANTS } from '../../auth/roles.ts';
import type { Method, Session, SignedIn } from '../../auth/sessions.ts';
import type { Token } from '../../auth/tokens.ts';
import { type Instant, iso } from '../../core/instant.ts';
import type { Html } from '../html.ts';
import { says } from './shell.ts';

export const when = (at: Instant | null): Html => (at === null ? html`never` : html`<time datetime="${iso(at)}">${iso(at - (at % 1000))}</time>`);

const WAYS: Readonly<Record<Method, string>> = {
  password: 'password',
  totp: 'authenticator',
  recovery: 'recovery code',
  passkey: 'passkey',
  oidc: 'OpenID Connect',
  saml: 'SAML',
  'oidc-mfa': 'second factor of the provider',
  'saml-mfa': 'second factor of the provider',
  link: 'link',
};
export const waysOf = (methods: readonly Method[]): string => methods.map((method) => WAYS[method]).join(', ');

export interface AccountShown {
  readonly who: SignedIn;
  readonly factors: readonly Factor[];
  readonly sessions: readonly Session[];
  readonly tokens: readonly Token[];
  readonly canHavePasskeys: boolean;
  readonly said: { readonly kind: 'wrong' | 'done'; readonly text: string } | null;
}

export function accountPage({ who, factors, sessions, tokens, canHavePasskeys, said }: AccountShown): Html {
  const { user, lacksFactor, session } = who;
  const real = factors.filter(({ kind }) => kind !== 'recovery');
  const codes = factors.length - real.length;
  return html`<h1>${user.name}</h1>
<p class="sub">${user.email}, ${user.role}${user.bounds === null ? '' : ', bounded to an audit'}. What you do in Tickmark is a record in the log.</p>
${said ? says(said.kind, said.text) : ''}
${lacksFactor ? says('wrong', 'A second factor is required here. Add a passkey or an authenticator: until then nothing else is open.') : ''}

<section aria-labelledby="factors"><h2 id="factors">Second factor</h2>
${real.length === 0 ? html`<p>You have none: whoever learns your password is you.</p>` : factorTable(real)}
<div class="row">
<form method="get" action="/account/authenticator"><button class="quiet">Add an authenticator</button></form>
${canHavePasskeys ? html`<label>Name of the passkey <input id="passkey-name" maxlength="60" placeholder="Laptop"></label><button type="button" class="quiet" hidden data-passkey="add">Add a passkey</button>` : html`<span class="hint">Passkeys work under a host name only: open this server as localhost.</span>`}
</div>
<p id="passkey-says" class="says wrong" role="alert" hidden></p>
${real.length === 0 ? '' : html`<div class="row"><form method="post" action="/account/recovery-codes"><button class="quiet">${codes === 0 ? 'Make recovery codes' : 'Make new recovery codes'}</button></form><span class="hint">${codes === 0 ? 'You have none. They open your account when your factors are lost.' : `${codes} are left.`}</span></div>`}
</section>

${
  lacksFactor
    ? ''
    : html`<section aria-labelledby="password"><h2 id="password">Password</h2>
<form class="row" method="post" action="/account/password">
<input type="hidden" name="username" autocomplete="username" value="${user.email}">
<label>${user.hasPassword ? 'New password' : 'Password'}<input name="password" type="password" autocomplete="new-password" required maxlength="256"></label>
<button class="quiet">${user.hasPassword ? 'Change it' : 'Set it'}</button></form>
<p class="hint">At least ${SHORTEST} characters. Your other sessions end.</p></section>

<section aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>
${sessionTable(sessions, session.id, '/account/sessions')}
${sessions.length > 1 ? html`<div class="row"><form method="post" action="/account/sessions/end-others"><button class="quiet">End all others</button></form></div>` : ''}
</section>

<section aria-labelledby="tokens"><h2 id="tokens">Tokens for the API</h2>
${tokens.length === 0 ? html`<p>You have none. A token speaks for you, within what you allow it.</p>` : tokenTable(tokens, '/account/tokens')}
<form class="row" method="post" action="/account/tokens">
<label>Name<input name="name" required maxlength="60" placeholder="nightly export"></label>
<label>Days<input name="days" type="number" min="1" max="366" value="90" required></label>
<label>May<select name="scopes"><option value="">all that I may</option><option value="read">read only</option>${GRANTS[user.role].map((permission) => html`<option value="${permission}">${permission}</option>`)}</select></label>
<button class="quiet">Make a token</button></form></section>`
}`;
}

const factorTable = (factors: readonly Factor[]): Html =>
  html`<div class="scroll"><table><thead><tr><th>Kind</th><th>Name</th><th>Since</th><th>Last used</th><th><span class="hint">Remove</span></th></tr></thead><tbody>${factors.map(
    ({ id, kind, name, createdAt, usedAt }) =>
      html`<tr><td>${kind === 'totp' ? 'Authenticator' : 'Passkey'}</td><td>${name}</td><td>${when(createdAt)}</td><td>${when(usedAt)}</td><td><form method="post" action="/account/factors/${id}/remove"><button class="danger" aria-label="Remove ${name}">Remove</button></form></td></tr>`,
  )}</tbody></table></div>`;

export const sessionTable = (sessions: readonly Session[], own: string | null, path: string): Html =>
  sessions.length === 0
    ? html`<p>None.</p>`
    : html`<div class="scroll"><table><thead><tr><th>Opened</th><th>By</th><th>Last used</th><th>From</th><th>Browser</th><th><span class="hint">End</span></th></tr></thead><tbody>${sessions.map(
        ({ id, createdAt, methods, seenAt, address, agent, record }) =>
          html`<tr><td><a class="link" href="/records/${record}">${when(createdAt)}</a></td><td>${waysOf(methods)}</td><td>${when(seenAt)}</td><td>${address}</td><td class="wrap">${agent.slice(0, 60)}</td><td>${id === own ? html`<span class="hint">this one</span>` : html`<form method="post" action="${path}/${id}/end"><button class="danger" aria-label="End the session of ${iso(createdAt)}">End</button></form>`}</td></tr>`,
      )}</tbody></table></div>`;

export const tokenTable = (tokens: readonly Token[], path: string): Html =>
  html`<div class="scroll"><table><thead><tr><th>Name</th><th>May</th><th>Made</th><th>Ends</th><th>Last used</th><th><span class="hint">Revoke</span></th></tr></thead><tbody>${tokens.map(
    ({ id, kind, name, scopes, createdAt, endsAt, usedAt }) =>
      html`<tr><td>${name}</td><td>${kind === 'scim' ? 'SCIM' : scopes === null ? 'all of the role' : scopes.join(', ')}</td><td>${when(createdAt)}</td><td>${when(endsAt)}</td><td>${when(usedAt)}</td><td><form method="post" action="${path}/${id}/revoke"><button class="danger" aria-label="Revoke ${name}">Revoke</button></form></td></tr>`,
  )}</tbody></table></div>`;

/** The secret of an authenticator, as an image and as text. */
export function authenticatorPage(
  { offer, secret, uri }: { readonly offer: string; readonly secret: string; readonly uri: string },
  wrong: string | null,
): Html {
  return html`<h1>Add an authenticator</h1>
<p class="sub">Read the image with an app that makes codes, and type the code that it shows.</p>
${wrong === null ? '' : says('wrong', wrong)}
<section>
<div class="qr" role="img" aria-label="The secret for the authenticator, which stands below as text">${raw(renderSVG(uri, { border: 0 }))}</div>
<p class="hint"><br>Or type it:</p><code class="secret">${(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
<form class="row" method="post" action="/account/authenticator"><input type="hidden" name="offer" value="${offer}">
<label>Name<input name="name" maxlength="60" value="Authenticator"></label>
<label>Code<input class="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="10" size="8" autofocus></label>
<button class="go inline">Add it</button></form></section>`;
}

/** Something that is shown this once. */
export function oncePage({ title, sub, secrets }: { readonly title: string; readonly sub: string; readonly secrets: readonly string[] }, back: string): Html {
  const [only] = secrets;
  return html`<h1>${title}</h1><p class="sub">${sub}</p>
<section>${secrets.length === 1 ? html`<code class="secret">${only}</code>` : html`<ul class="codes">${secrets.map((secret) => html`<li>${secret}</li>`)}</ul>`}
<p>It is shown this once: only its SHA-256 is kept.</p><p class="hint"><br><a class="link" href="${back}">I have it</a></p></section>`;
}
