import { html } from 'hono/html';
import type { PeriodView } from '../../app/period.ts';
import { several, spokenDuration, spokenExclusion, spokenInstant, spokenRate, spokenUnfed, spokenWaiver } from '../../core/spoken.ts';
import type { CheckPosture, ControlPosture, Finding, Occurrence, Posture } from '../../engine/posture.ts';
import { glyph, status } from '../glyphs.ts';
import { type Frame, type Html, link, shell } from '../shell.ts';
import { occurrencesSection } from './occurrences.ts';
import { checkStrips, overPeriod } from './strips.ts';

/** What is shown of a control beside how it stands. */
export interface ControlOver {
  readonly view: PeriodView;
  readonly occurrences: readonly Occurrence[];
}

/** Does it operate, and how do we know. */
export function controlPage(frame: Frame, posture: Posture, control: ControlPosture, { view, occurrences }: ControlOver): Html {
  const checks = posture.checks.filter(({ id }) => control.checks.includes(id));
  return shell(
    frame,
    {
      title: control.id,
      crumbs: [{ text: 'Posture', href: '/' }, ...control.criteria.slice(0, 1).map((id) => ({ text: id, href: `/criteria/${id}` })), { text: control.id }],
      section: 'Posture',
    },
    html`
<h1>${control.id} ${control.title}: ${answer(control, checks)}</h1>
<p class="quote">${control.statement}</p>
<dl class="facts"><div><dt>Status</dt><dd>${status(control.status)}</dd></div><div><dt>Criteria</dt><dd>${control.criteria.map((id) => html`<a class="tag" href="${link(`/criteria/${id}`, frame)}">${id}</a>`)}</dd></div><div><dt>Owner</dt><dd>${control.owner}</dd></div></dl>
${beside(control)}
${checkStrips(frame, view)}
${overPeriod(frame, view)}
${checks.map((check) => section(frame, posture, control, check))}
${occurrencesSection(frame, occurrences)}`,
  );
}

function answer(control: ControlPosture, checks: readonly CheckPosture[]): string {
  const sum = (of: (check: CheckPosture) => number) => checks.reduce((total, check) => total + of(check), 0);
  const [examined, deviations, unknowns] = [sum(({ examined }) => examined), sum(({ deviations }) => deviations), sum(({ unknowns }) => unknowns)];
  if (control.status === 'excluded') return 'excluded by the company.';
  if (control.status === 'empty') return 'nothing occurred, by complete evidence.';
  if (control.status === 'pass') return `no deviation among ${examined} ${examined === 1 ? 'item' : 'items'}.`;
  if (control.status === 'fail' && deviations === 0) return `${several(control.duties.filter((duty) => duty.status === 'fail').length, 'occurrence')} missed.`;
  if (control.status === 'fail') return `${deviations} ${deviations === 1 ? 'item deviates' : 'items deviate'} of ${examined}.`;
  return unknowns > 0 ? `unknown for ${unknowns} of ${examined} items.` : 'unknown.';
}

/** What bears on it besides its checks. */
function beside({ excluded, notExcluded, duties, unfed, unexamined, checks }: ControlPosture): Html {
  const notices = [
    ...(excluded ? [spokenExclusion(excluded)] : []),
    ...(notExcluded === null ? [] : [notExcluded]),
    ...duties.map(({ what, status: of, because }) => `${what}: ${because}.${of === 'fail' ? ' A deviation of operation until it is.' : ''}`),
    ...(unfed.length === 0 ? [] : [spokenUnfed(unfed)]),
    ...(checks.length === 0 ? ['No check examines this control yet: whether it operates is not known from here.'] : []),
  ];
  return html`${notices.map((says) => html`<p class="notice" role="note">${says}</p>`)}${
    unexamined.length === 0
      ? ''
      : html`<section class="panel"><div class="sec"><h2>Not examined</h2><span class="note">an auditor may ask for it; no check here answers</span></div><ul class="facts-list pad">${unexamined.map((what) => html`<li>${what}</li>`)}</ul></section>`
  }`;
}

function section(frame: Frame, posture: Posture, control: ControlPosture, check: CheckPosture): Html {
  const its = posture.findings.filter((finding) => finding.check === check.id && finding.control === control.id);
  const parameters = Object.entries(check.parameters);
  return html`<section class="panel" id="${check.id}"><div class="sec"><h2>${check.title}</h2><span class="note mono">${check.id}, version ${check.version}</span><span class="more">${status(check.status)}</span></div>
<div class="pad"><p>${check.asserts}</p>
<p class="sub">Examined ${check.examined} of ${check.examined} in <code>${check.dataset}</code>; ${check.deviations} ${check.deviations === 1 ? 'deviates' : 'deviate'}, ${check.unknowns} could not be determined${check.tolerance ? `; ${spokenRate(check.tolerance)}` : ''}.${parameters.length === 0 ? '' : html` ${parameters.map(([name, value]) => `${name}: ${value}`).join('; ')}.`}${check.records.length === 0 ? '' : html` Population by ${records(frame, check.records)}.`}</p>
${check.gap === null ? '' : html`<p class="notice" role="note">Evidence of the population is missing. ${check.gap}</p>`}</div>
${its.length === 0 ? '' : table(frame, posture, its)}</section>`;
}

function table(frame: Frame, posture: Posture, findings: readonly Finding[]): Html {
  const sorted = findings.toSorted((a, b) => Number(a.verdict === 'unknown') - Number(b.verdict === 'unknown') || a.from - b.from);
  return html`<div class="scroll"><table><thead><tr><th scope="col">Outcome</th><th scope="col">Item</th><th scope="col">Because</th><th scope="col">Since</th><th scope="col">Lasted</th><th scope="col">Records</th></tr></thead><tbody>${sorted.map(
    (finding) =>
      html`<tr><td class="nowrap">${glyph(finding.verdict === 'deviates' ? 'fail' : 'unknown')} ${finding.verdict === 'deviates' ? 'Deviates' : 'Unknown'}</td><td><bdi>${finding.item.label}</bdi><span class="sub2">${finding.item.source}</span></td><td>${finding.because}${finding.waiver === null ? '' : html`<span class="sub2">${spokenWaiver(finding.waiver)}: ${finding.waiver.because}</span>`}</td><td class="nowrap"><time datetime="${new Date(finding.from).toISOString()}">${spokenInstant(finding.from)}</time></td><td class="nowrap">${spokenDuration(Math.min(finding.to, posture.asOf) - finding.from)}</td><td>${records(frame, finding.records)}</td></tr>`,
  )}</tbody></table></div>`;
}

const records = (frame: Frame, indexes: readonly number[]): Html =>
  indexes.length === 0
    ? html`none`
    : html`${indexes.map((index, place) => html`${place > 0 ? ', ' : ''}<a class="link mono" href="${link(`/records/${index}`, frame)}">#${index}</a>`)}`;
