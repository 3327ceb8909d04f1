import { html } from 'hono/html';
import type { CriterionPosture, Posture } from '../../engine/posture.ts';
import { status } from '../glyphs.ts';
import { type Frame, type Html, link, shell } from '../shell.ts';

const ANSWERS = {
  fail: 'fails: an item of one of its controls deviates.',
  unknown: 'is unknown: evidence of one of its controls is missing.',
  pass: 'passes: no item of its controls deviates.',
  empty: 'had nothing to examine.',
} as const;

/** Which controls meet it. */
export function criterionPage(frame: Frame, posture: Posture, criterion: CriterionPosture): Html {
  const controls = posture.controls.filter(({ id }) => criterion.controls.includes(id));
  return shell(
    frame,
    { title: criterion.id, crumbs: [{ text: 'Posture', href: '/' }, { text: criterion.id }], section: 'Posture' },
    html`
<h1>${criterion.id} ${criterion.status === null ? 'is not in scope.' : controls.length === 0 ? 'has no control: this is a gap.' : ANSWERS[criterion.status]}</h1>
<p class="sub"><b>${criterion.title}.</b> ${criterion.summary}</p>
<dl class="facts"><div><dt>Category</dt><dd>${criterion.category}</dd></div><div><dt>Series</dt><dd>${criterion.series} ${criterion.seriesTitle}</dd></div>${criterion.status === null ? '' : html`<div><dt>Status</dt><dd>${status(criterion.status)}</dd></div>`}</dl>
${criterion.gap === null ? '' : html`<p class="notice" role="note">${criterion.gap}</p>`}
${
  controls.length === 0
    ? ''
    : html`<section class="panel"><div class="sec"><h2>Controls</h2><span class="note">mapped by the company</span></div><div class="scroll"><table><thead><tr><th scope="col">Status</th><th scope="col">Control</th><th scope="col">Owner</th><th scope="col">Checks</th></tr></thead><tbody>${controls.map((control) => html`<tr><td>${status(control.status)}</td><td><a href="${link(`/controls/${control.id}`, frame)}"><b class="id">${control.id}</b> ${control.title}</a><span class="sub2">${control.statement}</span></td><td>${control.owner}</td><td>${control.checks.map((id) => html`<a class="tag" href="${link(`/controls/${control.id}`, frame)}#${id}">${id}</a> `)}</td></tr>`)}</tbody></table></div></section>`
}`,
  );
}
