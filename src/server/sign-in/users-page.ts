import { html } from 'hono/html';
import type { Factor } from '../../auth/factors.ts';
import type { Link } from '../../auth/links.ts';
import type { User } from '../../auth/people.ts';
import { ROLES } from '../../auth/roles.ts';
import type { Session } from '../../auth/sessions.ts';
import type { Token } from '../../auth/tokens.ts';
import { iso } from '../../core/instant.ts';
import type { Html } from '../html.ts';
import { sessionTable, tokenTable, when } from './account-page.ts';
import { says } from './shell.ts';

type Said = { readonly kind: 'wrong' | 'done'; readonly text: string } | null;

const roleSelect = (chosen: string): Html =>
  html`<select name="role">${ROLES.map((role) => html`<option value="${role}"${role === chosen ? html` selected` : ''}>${role}</option>`)}</select>`;

/** Everybody who may sign in, whoever is invited, and what machines ask with. */
export function usersPage({
  users,
  invitations,
  tokens,
  mayWrite,
  said,
}: {
  readonly users: readonly User[];
  readonly invitations: readonly Link[];
  readonly tokens: readonly Token[];
  readonly mayWrite: boolean;
  readonly said: Said;
}): Html {
  return html`<h1>Users</h1>
<p class="sub">${users.filter(({ active }) => active).length} may sign in. Every change here is a record in the log.</p>
${said ? says(said.kind, said.text) : ''}
<section><div class="scroll"><table><thead><tr><th>Name</th><th>Address</th><th>Role</th><th>Came by</th><th>Since</th><th>State</th></tr></thead><tbody>${users.map(
    (user) =>
      html`<tr><td><a class="link" href="/users/${user.id}">${user.name}</a></td><td>${user.email}</td><td>${user.role}${user.bounds === null ? '' : ' (bounded)'}</td><td>${user.cameBy}</td><td>${when(user.createdAt)}</td><td>${user.active ? 'active' : 'deactivated'}</td></tr>`,
  )}</tbody></table></div></section>
${
  mayWrite
    ? html`<section aria-labelledby="invite"><h2 id="invite">Invite</h2>
<form class="row" method="post" action="/users/invitations">
<label>Address<input name="email" type="email" required maxlength="254"></label>
<label>Role${roleSelect('member')}</label>
${boundsFields()}
<button class="quiet">Make an invitation</button></form>
${invitations.length === 0 ? '' : html`<div class="scroll"><table><thead><tr><th>Invited</th><th>Role</th><th>By</th><th>Until</th><th><span class="hint">Withdraw</span></th></tr></thead><tbody>${invitations.map(({ id, email, role, madeBy, endsAt }) => html`<tr><td>${email}</td><td>${role}</td><td>${madeBy}</td><td>${when(endsAt)}</td><td><form method="post" action="/users/invitations/${id}/withdraw"><button class="danger" aria-label="Withdraw the invitation of ${email}">Withdraw</button></form></td></tr>`)}</tbody></table></div>`}
</section>
<section aria-labelledby="scim"><h2 id="scim">Tokens</h2>
${tokens.length === 0 ? html`<p>Nobody has made any.</p>` : tokenTable(tokens, '/users/tokens')}
<form class="row" method="post" action="/users/tokens"><label>Name<input name="name" required maxlength="60" placeholder="directory"></label>
<label>Days<input name="days" type="number" min="1" max="366" value="366" required></label>
<button class="quiet">Make a token for SCIM</button></form>
<p class="hint">With it your identity provider keeps users and groups at <code>/scim/v2</code>.</p></section>`
    : ''
}`;
}

const boundsFields = (user?: User): Html => {
  const { period, controls } = user?.bounds ?? { period: null, controls: null };
  const text = period === null ? '' : `${iso(period.from)}..${iso(period.to)}`;
  return html`<label>Bounded to the period<input name="period" value="${text}" placeholder="2026-01-01T00:00:00Z..2027-01-01T00:00:00Z" maxlength="80"></label>
<label>Bounded to controls<input name="controls" value="${controls === null ? '' : controls.join(' ')}" placeholder="AC-01 AC-02" maxlength="2000"></label>`;
};

/** One user, for who may change them. */
export function userPage({
  user,
  factors,
  sessions,
  mayWrite,
  said,
}: {
  readonly user: User;
  readonly factors: readonly Factor[];
  readonly sessions: readonly Session[];
  readonly mayWrite: boolean;
  readonly said: Said;
}): Html {
  const real = factors.filter(({ kind }) => kind !== 'recovery');
  const has = [...(user.hasPassword ? ['a password'] : []), ...real.map(({ kind, name }) => `${kind === 'totp' ? 'an authenticator' : 'a passkey'} (${name})`)];
  return html`<h1>${user.name}</h1>
<p class="sub">${user.email}, ${user.role}, ${user.active ? 'active' : 'deactivated'}. Signs in with ${has.join(', ') || 'single sign-on or a link'}.</p>
${said ? says(said.kind, said.text) : ''}
${
  mayWrite
    ? html`<section aria-labelledby="role"><h2 id="role">Role</h2>
<form class="row" method="post" action="/users/${user.id}/role"><label>Role${roleSelect(user.role)}</label>${boundsFields(user)}<button class="quiet">Change</button></form>
<p class="hint">Their sessions end. Bounds limit what an auditor sees to a period and to controls.</p></section>`
    : ''
}
<section aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>${sessionTable(sessions, mayWrite ? null : 'none', `/users/${user.id}/sessions`)}</section>
${
  mayWrite
    ? html`<section aria-labelledby="act"><h2 id="act">Access</h2><div class="row">
<form method="post" action="/users/${user.id}/link"><button class="quiet">Make a sign-in link</button></form>
<form method="post" action="/users/${user.id}/reset"><button class="danger">Take password and factors</button></form>
<form method="post" action="/users/${user.id}/${user.active ? 'deactivate' : 'activate'}"><button class="${user.active ? 'danger' : 'quiet'}">${user.active ? 'Deactivate' : 'Activate'}</button></form>
</div><p class="hint">Deactivating ends their sessions and tokens at once. Give a link only to whom you have seen or heard to be them.</p></section>`
    : ''
}`;
}
