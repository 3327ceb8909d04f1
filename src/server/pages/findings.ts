import { html } from 'hono/html';
import { CASE_STATES, type Case, type CasesView, type CaseState, type TimeToFix, type WaiverLine } from '../../app/findings.ts';
import { type Instant, iso } from '../../core/instant.ts';
import { several, spokenDuration, spokenInstant, spokenWaiver } from '../../core/spoken.ts';
import { glyph } from '../glyphs.ts';
import { type Frame, type Html, link, shell } from '../shell.ts';

export type Shown = CaseState | 'overdue' | null;
const FILTERS: readonly Shown[] = [null, 'overdue', ...CASE_STATES];

/** So many are shown on one page. */
const SHOWN = 500;

const withState = (frame: Frame, state: Shown): string =>
  state === null ? link('/findings', frame) : `${link('/findings', frame)}${frame.at === null ? '?' : '&'}state=${encodeURIComponent(state)}`;

/** What deviates, whose it is, and by when it is to be fixed. */
export function findingsPage(frame: Frame, { cases, timesToFix, problems }: CasesView, waivers: readonly WaiverLine[], shown: Shown): Html {
  const of = (state: Shown) => cases.filter((one) => state === null || (state === 'overdue' ? one.overdue : one.state === state));
  const open = cases.filter(({ state }) => state === 'open' || state === 'in remediation').length;
  const overdue = of('overdue').length;
  return shell(
    frame,
    { title: 'Findings', crumbs: [{ text: 'Findings' }], section: 'Findings' },
    html`
<h1>${open === 0 ? 'No finding is open.' : `${several(open, 'finding')} ${open === 1 ? 'is' : 'are'} open, ${overdue} overdue.`}</h1>
<p class="sub">Deviations of one check on one item are one finding, over its whole history. It is fixed once the evidence shows that the item deviates no more, never by word; an event, which cannot be undone, is closed once somebody else approved what was done about it. A waived one is a deviation all the same.</p>
<nav class="filter" aria-label="By state">${FILTERS.map((state) => html`<a class="tag" href="${withState(frame, state)}"${state === shown ? html` aria-current="true"` : ''}>${state ?? 'all'} ${of(state).length}</a> `)}</nav>
${problems.map((problem) => html`<p class="notice" role="note">${problem}</p>`)}
<section class="panel"><div class="sec"><h2>${shown === null ? 'Findings' : `Findings: ${shown}`}</h2><span class="note">the most urgent first</span></div>${list(frame, of(shown))}</section>
${times(timesToFix)}
${waiverTable(frame, waivers)}`,
  );
}

function list(frame: Frame, cases: readonly Case[]): Html {
  if (cases.length === 0) return html`<p class="pad">None noted in the evidence examined.</p>`;
  const more = cases.length > SHOWN ? html`<p class="foot">The first ${SHOWN} of ${cases.length}; <code>tickmark findings</code> lists all.</p>` : '';
  return html`<div class="scroll"><table><thead><tr><th scope="col">State</th><th scope="col">Finding</th><th scope="col">Item</th><th scope="col">Control</th><th scope="col">Severity</th><th scope="col">Owner</th><th scope="col">Since</th><th scope="col">Due or fixed</th></tr></thead><tbody>${cases
    .slice(0, SHOWN)
    .map(
      (one) =>
        html`<tr><td class="nowrap">${stateOf(one)}</td><td class="wrap"><a class="link mono" href="${link(`/findings/${one.id}`, frame)}">${one.id}</a><span class="sub2">${one.title}</span></td><td><bdi>${one.item.label}</bdi><span class="sub2">${one.item.source}</span></td><td>${one.controls.map((id) => html`<a class="tag" href="${link(`/controls/${id}`, frame)}">${id}</a> `)}</td><td>${one.severity}</td><td>${one.owner}</td><td class="nowrap">${time(one.spells.at(-1)?.from ?? one.opened)}${one.reopened > 0 ? html`<span class="sub2">reopened ${several(one.reopened, 'time')}</span>` : ''}</td><td class="nowrap">${due(one)}</td></tr>`,
    )}</tbody></table></div>${more}`;
}

function stateOf({ state, overdue, unknown }: Case): Html {
  if (state === 'fixed') return html`${glyph('pass')} Fixed`;
  const word = { open: 'Open', 'in remediation': 'In remediation', waived: 'Waived', closed: 'Closed' }[state];
  return html`${glyph('fail')} ${word}${overdue ? html`<span class="sub2 c-fail">overdue</span>` : ''}${unknown ? html`<span class="sub2 c-unknown">evidence is missing now</span>` : ''}`;
}

function due({ state, fixedAt, due: until, waiver }: Case): Html {
  if (fixedAt !== null) return html`fixed ${time(fixedAt)}`;
  if (waiver !== null && state === 'waived') return html`waived until ${time(waiver.until)}`;
  return state === 'closed' ? html`it cannot be undone` : html`due ${time(until)}`;
}

const time = (at: Instant): Html => (Number.isFinite(at) ? html`<time datetime="${iso(at)}">${spokenInstant(at)}</time>` : html`${spokenInstant(at)}`);

function times(all: readonly TimeToFix[]): Html {
  const its = all.filter(({ fixed, unfixed }) => fixed + unfixed > 0);
  if (its.length === 0) return html``;
  return html`<section class="panel"><div class="sec"><h2>Time to fix</h2><span class="note">from first opening to last end; what is not fixed has none</span></div><div class="scroll"><table><thead><tr><th scope="col">Severity</th><th scope="col" class="num">Fixed</th><th scope="col">On average</th><th scope="col">At most</th><th scope="col" class="num">Not fixed</th><th scope="col" class="num">Overdue</th></tr></thead><tbody>${its.map(({ severity, fixed, mean, longest, unfixed, overdue }) => html`<tr><td>${severity}</td><td class="num">${fixed}</td><td>${mean === null ? 'none fixed' : spokenDuration(mean)}</td><td>${longest === null ? '' : spokenDuration(longest)}</td><td class="num">${unfixed}</td><td class="num">${overdue}</td></tr>`)}</tbody></table></div></section>`;
}

function waiverTable(frame: Frame, waivers: readonly WaiverLine[]): Html {
  if (waivers.length === 0) return html``;
  return html`<section class="panel" id="waivers"><div class="sec"><h2>Waivers</h2><span class="note">as the register has them; one that is not approved by somebody else does not count</span></div><div class="scroll"><table><thead><tr><th scope="col">State</th><th scope="col">Entry</th><th scope="col">Check</th><th scope="col">Item</th><th scope="col">Reason</th><th scope="col">What it is worth</th><th scope="col">Records</th></tr></thead><tbody>${waivers.map(({ state, id, title, check, item, reason, says, records: its }) => html`<tr><td class="nowrap">${state}</td><td><b class="id">${id}</b><span class="sub2">${title}</span></td><td class="mono">${check}</td><td><bdi>${item}</bdi></td><td>${reason}</td><td>${says}</td><td>${records(frame, its)}</td></tr>`)}</tbody></table></div></section>`;
}

/** One finding: every time it deviated, by which records, and what was said about it. */
export function findingPage(frame: Frame, one: Case, waivers: readonly WaiverLine[]): Html {
  const its = waivers.filter(({ check, item }) => check === one.check && (item === one.item.label || item === `${one.item.key} of ${one.item.source}`));
  return shell(
    frame,
    { title: one.id, crumbs: [{ text: 'Findings', href: '/findings' }, { text: one.id }], section: 'Findings' },
    html`
<h1><bdi>${one.item.label}</bdi>: ${answer(one)}</h1>
<p class="quote">${one.title}</p>
<dl class="facts"><div><dt>Finding</dt><dd class="mono">${one.id}</dd></div><div><dt>State</dt><dd>${stateOf(one)}</dd></div><div><dt>Severity</dt><dd>${one.severity}</dd></div><div><dt>Owner</dt><dd>${one.owner}${one.assigned ? ', by the register' : ', by the control'}</dd></div><div><dt>Control</dt><dd>${one.controls.map((id) => html`<a class="tag" href="${link(`/controls/${id}`, frame)}#${one.check}">${id}</a> `)}</dd></div><div><dt>Source</dt><dd>${one.item.source}</dd></div></dl>
${one.waiver === null ? '' : html`<p class="notice" role="note">It is ${spokenWaiver(one.waiver)}: ${one.waiver.because}. Entry ${one.waiver.id}, ${records(frame, one.waiver.records)}.</p>`}
${one.unknown ? html`<p class="notice" role="note">It deviated, and the evidence that would tell whether it still does is missing now.</p>` : ''}
<section class="panel"><div class="sec"><h2>When it deviated</h2><span class="note">${several(one.spells.length, 'time')}</span></div><div class="scroll"><table><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Due</th><th scope="col">Because</th><th scope="col">Shown by</th><th scope="col">Ended by</th></tr></thead><tbody>${one.spells.map(({ from, to, due: until, because, records: by, end }) => html`<tr><td class="nowrap">${time(from)}</td><td class="nowrap">${end === null ? 'now' : time(to)}</td><td class="nowrap">${time(until)}${to > until && end !== null ? html`<span class="sub2 c-fail">ended late</span>` : ''}</td><td>${because}</td><td>${records(frame, by)}</td><td>${end === null ? '' : html`${end.how === 'conforms' ? 'it conforms' : 'it is examined no more'}: ${records(frame, end.records)}`}</td></tr>`)}</tbody></table></div></section>
${entries(frame, one)}
${waiverTable(frame, its)}`,
  );
}

function answer({ state, fixedAt, timeToFix, due: until, overdue, opened, reopened }: Case): string {
  const again = reopened === 0 ? '' : `, reopened ${several(reopened, 'time')}`;
  if (fixedAt !== null) return `fixed ${spokenInstant(fixedAt)}, ${spokenDuration(timeToFix ?? 0)} after it was first seen${again}.`;
  if (state === 'closed') return 'it happened, and the register says what was done about it.';
  if (state === 'waived') return `waived, and a deviation since ${spokenInstant(opened)}${again}.`;
  return `${state}${again}, ${overdue ? 'overdue since' : 'due'} ${spokenInstant(until)}.`;
}

function entries(frame: Frame, { notes }: Case): Html {
  if (notes.length === 0) return html``;
  return html`<section class="panel"><div class="sec"><h2>What the register says</h2><span class="note">each entry as it stood, by whom and when it was written</span></div><div class="scroll"><table><thead><tr><th scope="col">Entry</th><th scope="col">Says</th><th scope="col">Written</th><th scope="col">Stood</th><th scope="col">Reason</th><th scope="col">Records</th></tr></thead><tbody>${notes.map(({ id, title, kind, by, written, from, to, reason, problem, records: its }) => html`<tr><td><b class="id">${id}</b><span class="sub2">${title}</span></td><td>${problem === null ? kind : html`does not count: ${problem}`}</td><td class="nowrap">${time(written)}<span class="sub2">${by}</span></td><td class="nowrap">${time(from)} to ${spokenInstant(to)}</td><td>${reason}</td><td>${records(frame, its)}</td></tr>`)}</tbody></table></div></section>`;
}

const records = (frame: Frame, indexes: readonly number[]): Html =>
  indexes.length === 0
    ? html`none`
    : html`${indexes.map((index, place) => html`${place > 0 ? ', ' : ''}<a class="link mono" href="${link(`/records/${index}`, frame)}">#${index}</a>`)}`;
