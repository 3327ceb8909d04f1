import { html } from 'hono/html';
import type { Html } from '../html.ts';

/** A page of its own, outside of the posture: to sign in, or to look after how one does. */
export function bare({ title, company, demo }: { readonly title: string; readonly company: string; readonly demo: boolean }, main: Html, script = false): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tickmark</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/tickmark.css">
<link rel="stylesheet" href="/sign-in/sign-in.css">
${script ? html`<script src="/sign-in/passkeys.js" defer></script>` : ''}
</head>
<body class="door">
<main id="main" class="card">
<div class="brand"><img src="/icon.svg" alt="" width="20" height="20">Tickmark<small>${company}</small></div>
${main}
</main>
${demo ? html`<p class="made-up">Acme is made up. To come in again, open the link that the terminal prints.</p>` : ''}
</body>
</html>`;
}

/** A page for who is signed in: their account, or the users. */
export function inside(
  {
    title,
    company,
    who,
    section,
  }: { readonly title: string; readonly company: string; readonly who: string; readonly section: 'account' | 'users' | null; readonly mayUsers?: boolean },
  main: Html,
  { script = false, users = false }: { readonly script?: boolean; readonly users?: boolean } = {},
): Html {
  const link = (href: string, text: string, here: boolean) => html`<a href="${href}"${here ? html` aria-current="page"` : ''}>${text}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tickmark</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/tickmark.css">
<link rel="stylesheet" href="/sign-in/sign-in.css">
${script ? html`<script src="/sign-in/passkeys.js" defer></script>` : ''}
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
<div class="app">
<nav class="nav" aria-label="Main">
<div class="brand"><img src="/icon.svg" alt="" width="20" height="20">Tickmark<small>${company}</small></div>
${link('/', 'Posture', false)}
<h2>You</h2>
${link('/account', 'Account', section === 'account')}
${users ? link('/users', 'Users', section === 'users') : ''}
</nav>
<div>
<header class="top"><nav class="crumbs" aria-label="Breadcrumb"><span aria-current="page">${title}</span></nav>
<div class="right"><span class="who">${who}</span><form method="post" action="/sign-out"><button class="quiet">Sign out</button></form></div></header>
<main id="main" class="account">${main}</main>
</div>
</div>
</body>
</html>`;
}

/** What went wrong, or well, in one line at the top. */
export const says = (kind: 'wrong' | 'done', text: Html | string): Html =>
  html`<p class="says ${kind}" role="${kind === 'wrong' ? 'alert' : 'status'}">${text}</p>`;
