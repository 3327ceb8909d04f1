import { html } from 'hono/html';
import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Posture } from '../engine/posture.ts';

export type Html = ReturnType<typeof html>;

export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

/** What every page knows: whose it is, at which instant, and from what it was performed. */
export interface Frame {
  readonly posture: Pick<Posture, 'company' | 'demo' | 'asOf' | 'checkpoint' | 'catalog' | 'code'>;
  /** The instant asked for; `null`: now. Links carry it along. */
  readonly at: Instant | null;
  /** The period asked for; `null`: the observation period. Links carry it along. */
  readonly period: Period | null;
  readonly command: string;
}

/** Keeps the instant and the period asked for in a link. */
export function link(path: string, { at, period }: Pick<Frame, 'at' | 'period'>): string {
  const asked = [...(at === null ? [] : [`at=${iso(at)}`]), ...(period === null ? [] : [`period=${spelled(period)}`])];
  return asked.length === 0 ? path : `${path}?${asked.join('&')}`;
}

/** A period as it is written in an address and on the command line. */
export const spelled = ({ from, to }: Period): string => `${iso(from)}..${iso(to)}`;

export function shell(
  frame: Frame,
  { title, crumbs, section }: { readonly title: string; readonly crumbs: readonly Crumb[]; readonly section: string },
  main: Html,
): Html {
  const { posture, at } = frame;
  const nav = (href: string, text: string) => html`<a href="${link(href, frame)}"${section === text ? html` aria-current="page"` : ''}>${text}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tickmark</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/tickmark.css">
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
<div class="app">
<nav class="nav" aria-label="Main">
<div class="brand"><img src="/icon.svg" alt="" width="20" height="20">Tickmark<small>${posture.company}</small></div>
${nav('/', 'Posture')}
${nav('/findings', 'Findings')}
<h2>Evidence</h2>
${nav('/records', 'Log')}
${nav('/sources', 'Sources')}
<h2>Reports</h2>
${nav('/reports/access-review', 'Access review')}
</nav>
<div>
<header class="top">
<nav class="crumbs" aria-label="Breadcrumb">${crumbs.map(({ text, href }, index) => html`${index > 0 ? html`<i aria-hidden="true">/</i>` : ''}${href ? html`<a href="${link(href, frame)}">${text}</a>` : html`<span aria-current="page">${text}</span>`}`)}</nav>
<div class="right">
<span class="live${at === null ? '' : ' held'}"><b></b>${at === null ? 'Now' : 'Held at'} <time datetime="${iso(posture.asOf)}">${iso(posture.asOf)}</time></span>
<form class="time" method="get" action=""><label for="at">Instant</label><input id="at" name="at" value="${at === null ? '' : iso(at)}" placeholder="2026-11-06T23:00:00Z" size="20">${frame.period === null ? '' : html`<input type="hidden" name="period" value="${spelled(frame.period)}">`}<button>Go</button>${at === null ? '' : html`<a href="${frame.period === null ? '?' : `?period=${spelled(frame.period)}`}">Now</a>`}</form>
</div>
</header>
<main id="main">
${posture.demo ? html`<p class="demo" role="note">This is the made-up company Acme. Its records are marked as demo and are evidence of nothing.</p>` : ''}
${main}
<footer class="stamp"><span>Performed from</span><span>log <code>${posture.checkpoint.size} ${posture.checkpoint.root.slice(0, 12)}…</code></span><span>catalog <code>${posture.catalog.slice(0, 12)}</code></span><span>code <code>${posture.code}</code></span><span>instant <code>${iso(posture.asOf)}</code></span><span>or <code>${frame.command}</code></span></footer>
</main>
</div>
</div>
</body>
</html>`;
}
