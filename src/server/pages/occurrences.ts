import { html } from 'hono/html';
import { type Occurrence, type OccurrenceSeries, seriesOf } from '../../app/findings.ts';
import { spokenInstant } from '../../core/spoken.ts';
import { glyph } from '../glyphs.ts';
import { type Frame, type Html, link } from '../shell.ts';

/** So many that were not done are shown one by one. */
const SHOWN = 50;

/** What had to happen so that a control operated, and did not: silence is shown as well as deviations. */
export function occurrencesSection(frame: Frame, occurrences: readonly Occurrence[]): Html {
  const series = seriesOf(occurrences).filter(({ kind, missed, unknown }) => kind === 'duty' || missed + unknown > 0);
  const silent = seriesOf(occurrences).length - series.length;
  if (occurrences.length === 0) return html``;
  const undone = occurrences.filter(({ state, kind }) => state !== 'met' && (kind === 'duty' || state === 'missed'));
  return html`<section class="panel" id="occurrences"><div class="sec"><h2>Occurrences</h2><span class="note">what recurs by the calendar, and what was collected by schedule, since the period began</span></div>
${silent === 0 ? '' : html`<p class="pad">No slot was missed by ${silent === 1 ? 'one source' : `${silent} sources`} that the control rests on.</p>`}
${series.length === 0 ? '' : table(series)}
${undone.length === 0 ? '' : list(frame, undone)}</section>`;
}

const table = (series: readonly OccurrenceSeries[]): Html =>
  html`<div class="scroll"><table><thead><tr><th scope="col">What</th><th scope="col" class="num">Expected</th><th scope="col" class="num">Done</th><th scope="col" class="num">Missed</th><th scope="col" class="num">Unknown</th><th scope="col" class="num">Due</th></tr></thead><tbody>${series.map(({ what, expected, met, missed, unknown, due }) => html`<tr><td>${what}</td>${[expected, met, missed, unknown, due].map((count) => html`<td class="num">${count}</td>`)}</tr>`)}</tbody></table></div>`;

function list(frame: Frame, undone: readonly Occurrence[]): Html {
  const shown = undone.slice(-SHOWN).toReversed();
  return html`<div class="scroll"><table><thead><tr><th scope="col">State</th><th scope="col">What</th><th scope="col">Of</th><th scope="col">Due</th><th scope="col">Why</th><th scope="col">Records</th></tr></thead><tbody>${shown.map(({ state, what, from, due, because, records }) => html`<tr><td class="nowrap">${state === 'due' ? 'Due' : html`${glyph(state === 'missed' ? 'fail' : 'unknown')} ${state === 'missed' ? 'Missed' : 'Unknown'}`}</td><td>${what}</td><td class="nowrap">${spokenInstant(from)}</td><td class="nowrap">${spokenInstant(due)}</td><td>${because ?? 'not done yet'}</td><td>${records.map((index) => html`<a class="link mono" href="${link(`/records/${index}`, frame)}">#${index}</a> `)}</td></tr>`)}</tbody></table></div>
${undone.length > SHOWN ? html`<p class="foot">The newest ${SHOWN} of ${undone.length}; <code>tickmark occurrences</code> lists all.</p>` : ''}`;
}
