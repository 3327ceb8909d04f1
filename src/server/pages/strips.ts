import { html } from 'hono/html';
import type { PeriodView } from '../../app/period.ts';
import { iso } from '../../core/instant.ts';
import { several, spokenApplied, spokenChange, spokenDuration, spokenInstant, spokenRate, spokenWaiver } from '../../core/spoken.ts';
import type { CheckResults, ControlResults, PeriodStamp, PeriodStatuses } from '../../engine/period-posture.ts';
import { glyph } from '../glyphs.ts';
import { type Frame, type Html, link, spelled } from '../shell.ts';
import { stripAxis, stripLegend, stripPatterns, stripRow } from '../strip.ts';

/** Every control over the period, as a strip of intervals. */
export const controlStrips = (frame: Frame, statuses: PeriodStatuses): Html =>
  panel(
    frame,
    statuses,
    'Controls over the period',
    statuses.controls.map((control) =>
      stripRow(statuses, control, html`<a href="${link(`/controls/${control.id}`, frame)}"><b class="id">${control.id}</b> ${control.title}</a>`),
    ),
  );

/** One control over the period, and each of its checks. */
export const checkStrips = (frame: Frame, view: PeriodView): Html =>
  panel(
    frame,
    view,
    'Over the period',
    view.controls.flatMap((control) => [
      stripRow(view, control, html`${control.id} as a whole`, true),
      ...control.checks.map((check) => stripRow(view, check, html`<a href="#${check.id}">${check.id}</a>`)),
    ]),
  );

/** What can be quoted of a control and the period, and all that was noted in it. */
export const overPeriod = (frame: Frame, view: PeriodView): Html =>
  html`${view.controls.map((control) => quoted(frame, view, control))}${applied(frame, view)}`;

/** By what the results go, and what of it became another in the period. */
const applied = (frame: Frame, { changes, unrecorded }: PeriodView): Html =>
  html`<section class="panel" aria-label="Parameters and code"><div class="pad"><p>${spokenApplied(changes.length, unrecorded)}</p>${
    changes.length === 0
      ? ''
      : html`<ul class="facts-list">${changes.map((change) => html`<li>${spokenInstant(change.at)}: ${spokenChange(change)} (<a class="link mono" href="${link(`/records/${change.record}`, frame)}">#${change.record}</a>)</li>`)}</ul>`
  }</div></section>`;

function panel(frame: Frame, stamp: PeriodStamp, title: string, rows: readonly Html[]): Html {
  const { period, until, timezone } = stamp;
  return html`<section class="panel strips">${stripPatterns}<div class="sec"><h2>${title}</h2><span class="note">${spokenInstant(period.from)} up to ${spokenInstant(period.to)}${until < period.to ? `, as far as ${spokenInstant(Math.max(period.from, until - 1))}` : ''}</span>
<form class="time more" method="get" action=""><label for="period">Period</label><input id="period" name="period" value="${frame.period === null ? '' : spelled(frame.period)}" placeholder="${spelled(period)}" size="44">${frame.at === null ? '' : html`<input type="hidden" name="at" value="${iso(frame.at)}">`}<button>Show</button>${frame.period === null ? '' : html`<a href="${frame.at === null ? '?' : `?at=${iso(frame.at)}`}">Observation period</a>`}</form></div>
<div class="pad">${stripAxis(stamp, timezone)}${rows}${stripLegend}</div></section>`;
}

function quoted(frame: Frame, { populations }: PeriodView, { quote, checks }: ControlResults): Html {
  const noted = checks.flatMap((check) => check.deviations.map((deviation) => ({ check, deviation })));
  return html`<section class="panel" aria-label="Results of the period"><div class="pad"><blockquote class="quote">${quote}</blockquote>
<ul class="facts-list">${checks.map((check) => {
    const population = populations.find((it) => it.check === check.id);
    return html`<li><code>${check.id}</code>: ${moved(check)}${population ? html`; keys by digest <code class="wrap" title="${population.digest}">${population.digest.slice(0, 16)}…</code>` : ''}. ${apart(check)}${check.unknownTime.total > 0 ? ` Something could not be determined for ${spokenDuration(check.unknownTime.total)} of it.` : ''}</li>`;
  })}</ul></div>
${
  noted.length === 0
    ? ''
    : html`<div class="sec"><h2>Deviations of the period</h2><span class="note">those that ended included</span></div><div class="scroll"><table><thead><tr><th scope="col">Check</th><th scope="col">Item</th><th scope="col">Because</th><th scope="col">From</th><th scope="col">Up to</th><th scope="col">Of the period</th><th scope="col">Records</th></tr></thead><tbody>${noted.map(
        ({ check, deviation: { item, because, from, to, lasted, waiver, records } }) =>
          html`<tr><td class="mono">${check.id}</td><td>${glyph('fail')} <bdi>${item.label}</bdi></td><td>${because}${waiver ? html`<span class="sub2">${spokenWaiver(waiver)}</span>` : ''}</td><td class="nowrap">${spokenInstant(from)}</td><td class="nowrap">${lasted === null ? '' : Number.isFinite(to) ? spokenInstant(to) : 'still so'}</td><td class="nowrap">${lasted === null ? 'an event' : spokenDuration(lasted)}</td><td>${records.map((index, place) => html`${place > 0 ? ', ' : ''}<a class="link mono" href="${link(`/records/${index}`, frame)}">#${index}</a>`)}</td></tr>`,
      )}</tbody></table></div>`
}</section>`;
}

function moved({ population, examined, tolerance }: CheckResults): string {
  const share = tolerance ? `; ${spokenRate(tolerance)}` : '';
  if (population.kind === 'events')
    return `${several(population.events, 'event')}${population.open > 0 ? `, and ${population.open} not decided yet` : ''}${share}`;
  return `${several(examined, 'item')}: ${population.start} at the start, ${population.joined} joined, ${population.left} left, ${population.end} at the end${share}`;
}

/** Between two looks a state is claimed: how long that was at most. */
function apart({ looks }: CheckResults): string {
  const longest = looks.flatMap(({ longest }) => longest ?? []).reduce((most, { from, to }) => Math.max(most, to - from), 0);
  return longest === 0 ? '' : `Its sources were looked at no more than ${spokenDuration(longest)} apart.`;
}
