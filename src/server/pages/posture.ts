import { html } from 'hono/html';
import { type Status, STATUSES } from '../../core/status.ts';
import type { CheckPosture, ControlPosture, CriterionPosture, Finding, Posture } from '../../engine/posture.ts';
import type { PeriodStatuses } from '../../engine/period-posture.ts';
import { glyph, status, WORDS } from '../glyphs.ts';
import { type Frame, type Html, link, shell } from '../shell.ts';
import { spokenDuration, spokenExclusion, spokenInstant, spokenWaiver } from '../../core/spoken.ts';
import { controlStrips } from './strips.ts';

/** What is not true now. */
export function posturePage(frame: Frame, posture: Posture, statuses: PeriodStatuses): Html {
  const { criteria } = posture;
  const inScope = criteria.filter((criterion) => criterion.status !== null);
  const counts = new Map(STATUSES.map((of) => [of, inScope.filter((criterion) => criterion.status === of).length]));
  return shell(
    frame,
    { title: 'Posture', crumbs: [{ text: 'Posture' }], section: 'Posture' },
    html`
<h1>${answer(counts)}</h1>
<p class="sub">${posture.company} against ${inScope.length} of ${criteria.length} trust services criteria. A criterion passes only by complete evidence, collected within its freshness, in which no item deviates.</p>
<div class="tally">${STATUSES.map((of) => html`<div class="${of === 'fail' || of === 'unknown' ? '' : 'quiet'}"><b class="${of === 'fail' || of === 'unknown' ? `c-${of}` : ''}">${counts.get(of) ?? 0}</b>${status(of)}<small>${MEANING[of]}</small></div>`)}</div>
<section class="panel matrix" aria-label="Criteria by series">${seriesOf(criteria).map(([id, title, its]) => html`<div class="mrow"><span><b>${id}</b> ${title}</span><div class="cells">${its.map((criterion) => cell(frame, criterion))}</div></div>`)}</section>
<section class="panel"><div class="sec"><h2>Not passing</h2><span class="note">controls that fail, then those of which evidence is missing</span></div>${open(frame, posture)}</section>
${left(frame, posture)}
${controlStrips(frame, statuses)}
<section class="panel"><div class="sec"><h2>Controls</h2><span class="note">${posture.controls.length} in the catalogue</span></div>
<div class="scroll"><table><thead><tr><th scope="col">Status</th><th scope="col">Control</th><th scope="col">Criteria</th><th scope="col">Owner</th><th scope="col" class="num">Items</th><th scope="col" class="num">Deviate</th><th scope="col" class="num">Unknown</th></tr></thead><tbody>${posture.controls.map((control) => row(frame, posture, control))}</tbody></table></div></section>`,
  );
}

const MEANING: Readonly<Record<Status, string>> = {
  fail: 'an item deviates',
  unknown: 'evidence is missing',
  pass: 'no deviation',
  empty: 'nothing occurred',
};

function answer(counts: ReadonlyMap<Status, number>): string {
  const [fail, unknown] = [counts.get('fail') ?? 0, counts.get('unknown') ?? 0];
  const criteria = (count: number) => `${count} ${count === 1 ? 'criterion' : 'criteria'}`;
  if (fail + unknown === 0) return 'No criterion fails and none is unknown.';
  if (fail === 0) return `No criterion fails and ${criteria(unknown)} ${unknown === 1 ? 'is' : 'are'} unknown.`;
  return `${criteria(fail)} ${fail === 1 ? 'fails' : 'fail'} and ${unknown === 0 ? 'none is' : `${unknown} ${unknown === 1 ? 'is' : 'are'}`} unknown.`;
}

function seriesOf(criteria: readonly CriterionPosture[]): readonly (readonly [string, string, readonly CriterionPosture[]])[] {
  const series = new Map<string, CriterionPosture[]>();
  for (const criterion of criteria) series.set(criterion.series, [...(series.get(criterion.series) ?? []), criterion]);
  return [...series].map(([id, its]) => [id, its[0]?.seriesTitle ?? '', its] as const);
}

function cell(frame: Frame, { id, title, status: of }: CriterionPosture): Html {
  if (of === null) return html`<a class="cell off" href="${link(`/criteria/${id}`, frame)}" title="${id} ${title}: not in scope">${id}</a>`;
  return html`<a class="cell ${of}" href="${link(`/criteria/${id}`, frame)}" title="${id} ${title}: ${WORDS[of].toLowerCase()}">${glyph(of)}${id}</a>`;
}

/** What the company has left out, and what it meant to and has not. */
function left(frame: Frame, { controls }: Posture): Html {
  const its = controls.filter(({ excluded, notExcluded }) => excluded || notExcluded !== null);
  if (its.length === 0) return html``;
  return html`<section class="panel"><div class="sec"><h2>Left out by the company</h2><span class="note">excluded is no pass</span></div><ul class="open">${its.map(
    ({ id, title, status: of, excluded, notExcluded }) =>
      html`<li>${glyph(of)}<div><p><a href="${link(`/controls/${id}`, frame)}"><span class="what">${id} ${title}.</span></a> ${excluded ? spokenExclusion(excluded) : notExcluded}</p></div><div class="when"></div></li>`,
  )}</ul></section>`;
}

function open(frame: Frame, posture: Posture): Html {
  const rank = (control: ControlPosture) => (control.status === 'fail' ? 0 : 1);
  const controls = posture.controls.filter((control) => control.status === 'fail' || control.status === 'unknown').toSorted((a, b) => rank(a) - rank(b));
  if (controls.length === 0) return html`<p class="pad">Every control passes, nothing occurred, or it is excluded.</p>`;
  const noted = notedIn(posture);
  return html`<ul class="open">${controls.map((control) => {
    const { count, oldest } = noted(control);
    const checks = posture.checks.filter((check) => control.checks.includes(check.id));
    const gap = checks.find((check) => check.gap !== null)?.gap ?? null;
    return html`<li>${glyph(control.status)}<div><p><a href="${link(`/controls/${control.id}`, frame)}"><span class="what">${control.id} ${control.title}.</span></a> ${oldest ? html`<bdi>${oldest.item.label}</bdi>: ${oldest.because}${oldest.waiver === null ? '' : ` (${spokenWaiver(oldest.waiver)})`}.` : control.duties[0] ? said(control.duties[0]) : (gap ?? 'No check examines it.')}</p><div class="meta">${control.criteria.join(', ')} · ${control.owner}${count > 1 ? html` · and ${count - 1} more` : ''}</div></div><div class="when">${oldest ? html`<b>${spokenDuration(posture.asOf - oldest.from)}</b>since ${spokenInstant(oldest.from)}` : ''}</div></li>`;
  })}</ul>`;
}

const said = ({ what, because }: ControlPosture['duties'][number]): string => `${what}: ${because}.`;

/** Of each control that fails what deviates, of each that is unknown everything: how many, and the oldest. Counted in one go, for there may be very many. */
function notedIn({ findings, controls }: Posture): (control: ControlPosture) => { readonly count: number; readonly oldest: Finding | null } {
  const unknown = new Set(controls.filter(({ status: of }) => of === 'unknown').map(({ id }) => id));
  const noted = new Map<string, { count: number; oldest: Finding }>();
  for (const finding of findings) {
    if (finding.verdict !== 'deviates' && !unknown.has(finding.control)) continue;
    const its = noted.get(finding.control);
    if (!its) noted.set(finding.control, { count: 1, oldest: finding });
    else {
      its.count++;
      if (finding.from < its.oldest.from) its.oldest = finding;
    }
  }
  return ({ id }) => noted.get(id) ?? { count: 0, oldest: null };
}

function row(frame: Frame, posture: Posture, control: ControlPosture): Html {
  const checks = posture.checks.filter((check) => control.checks.includes(check.id));
  const sum = (of: (check: CheckPosture) => number) => checks.reduce((total, check) => total + of(check), 0);
  return html`<tr><td>${status(control.status)}</td><td><a href="${link(`/controls/${control.id}`, frame)}"><b class="id">${control.id}</b> ${control.title}</a></td><td>${control.criteria.map((id) => html`<a class="tag" href="${link(`/criteria/${id}`, frame)}">${id}</a> `)}</td><td>${control.owner}</td><td class="num">${sum(({ examined }) => examined)}</td><td class="num">${sum(({ deviations }) => deviations)}</td><td class="num">${sum(({ unknowns }) => unknowns)}</td></tr>`;
}
