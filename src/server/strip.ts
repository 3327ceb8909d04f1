import { html, raw } from 'hono/html';
import { localDate, startOfDay } from '../core/calendar.ts';
import { type Instant, iso, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { spokenDuration, spokenInstant } from '../core/spoken.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Observed, PeriodStamp, StatusInterval } from '../engine/period-posture.ts';
import { glyph, WORDS } from './glyphs.ts';
import type { Html } from './shell.ts';

/** How a status is drawn: waived is a mark upon a failure, where only waived deviations are left. */
type Drawn = ControlStatus | 'waived';
/** What is drawn last is never covered. */
const ORDER: readonly Drawn[] = ['excluded', 'empty', 'pass', 'waived', 'unknown', 'fail'];
const NAMES: Readonly<Record<Drawn, string>> = { ...WORDS, waived: 'Fail, waived' };
const HEIGHT = 22;

/** The patterns that strips are filled with, once a page. */
export const stripPatterns: Html = html`<svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="1.6" height="5"/></pattern><pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="dots-ground" width="5" height="5"/><circle class="dots-dot" cx="2.5" cy="2.5" r="1.1"/></pattern></defs></svg>`;

/** What each drawing means, in words. */
export const stripLegend: Html = html`<ul class="legend">${[
  ['fail', 'Fail: a full block'],
  ['unknown', 'Unknown: hatched'],
  ['waived', 'Waived: dotted, lower'],
  ['pass', 'Pass: a low line'],
  ['empty', 'Empty: a hollow line'],
  ['excluded', 'Excluded: a thin line in the middle'],
].map(
  ([of, says]) => html`<li><svg class="key" width="18" height="${HEIGHT}" aria-hidden="true">${raw(rect(of as Drawn, 0, 100))}</svg>${says}</li>`,
)}<li><svg class="key" width="18" height="${HEIGHT}" aria-hidden="true">${raw(FUTURE(0))}</svg>Not yet: dashed</li></ul>`;

/** One line: what it is about, its intervals, what they come to; and the same as a table for whoever listens or prints. */
export function stripRow(stamp: Pick<PeriodStamp, 'period' | 'until'>, { id, status, intervals }: Observed<ControlStatus>, name: Html, whole = false): Html {
  return html`<div class="srow${whole ? ' sum' : ''}"><div class="lbl">${glyph(status)}<span>${name}</span></div>${strip(stamp, id, intervals)}<div class="out">${summary(intervals)}</div></div>${twin(id, intervals)}`;
}

/** The months above the strips, and where now is. */
export function stripAxis({ period, until }: Pick<PeriodStamp, 'period' | 'until'>, timezone: string): Html {
  const at = placing(period);
  const running = until < period.to && until > period.from;
  const hidden = (x: number) => running && x > at(until) - 7 && x < at(until) + 3;
  const marks = months(period, timezone).map(
    ({ from, name, year }, place) =>
      `<g class="${place % 2 === 0 ? 'even' : 'odd'}"><line x1="${at(from)}%" x2="${at(from)}%" y1="4" y2="20"/>${hidden(at(from)) ? '' : `<text x="${at(from)}%" dx="4" y="15">${name === 'Jan' ? year : name}</text>`}</g>`,
  );
  const now = running ? `<text class="now" x="${at(until)}%" y="15" text-anchor="middle">now</text>` : '';
  return html`<div class="axis" aria-hidden="true"><span>${timezone}</span><svg width="100%" height="20">${raw(marks.join('') + now)}</svg><span></span></div>`;
}

function strip({ period, until }: Pick<PeriodStamp, 'period' | 'until'>, id: string, intervals: readonly StatusInterval<ControlStatus>[]): Html {
  const at = placing(period);
  const drawn = intervals
    .map((interval) => ({ ...interval, of: drawnAs(interval) }))
    .sort((a, b) => ORDER.indexOf(a.of) - ORDER.indexOf(b.of))
    .map(({ of, from, to }) => {
      const says = `<title>${NAMES[of]}, ${spokenInstant(from)} up to ${spokenInstant(to)}, ${spokenDuration(to - from)}</title>`;
      return `<g>${says}${rect(of, at(from), at(to) - at(from))}${at(to) - at(from) < 1 ? least(of, at(from)) : ''}</g>`;
    });
  const ahead = until < period.to ? FUTURE(at(Math.max(until, period.from))) : '';
  return html`<svg class="strip" width="100%" height="${HEIGHT}" role="img" aria-label="${id}: ${summary(intervals)}">${raw(ahead + drawn.join(''))}</svg>`;
}

/** What is not waived fails, whatever else is not known beside it. */
const drawnAs = ({ status, alert }: StatusInterval<ControlStatus>): Drawn => (status === 'fail' && (alert === 'pass' || alert === 'empty') ? 'waived' : status);

/** Where an instant lies in a period: percent, to a thousandth. */
const placing =
  ({ from, to }: Period) =>
  (at: Instant): number =>
    Math.round(((Math.min(at, to) - from) / (to - from)) * 100_000) / 1000;

function rect(of: Drawn, x: number, width: number): string {
  const [y, height] = {
    fail: [0, HEIGHT],
    unknown: [0, HEIGHT],
    waived: [9, HEIGHT - 9],
    pass: [HEIGHT - 5, 5],
    empty: [HEIGHT - 4.5, 4],
    excluded: [HEIGHT / 2 - 0.5, 1],
  }[of];
  return `<rect class="s-${of}" x="${x}%" y="${y}" width="${Math.round(width * 1000) / 1000}%" height="${height}"/>`;
}

/** Three pixels at least of whatever is not passing, so that no failure vanishes in a year. */
const least = (of: Drawn, x: number): string =>
  of === 'pass' || of === 'empty' || of === 'excluded' ? '' : `<line class="l-${of}" x1="${x}%" x2="${x}%" y1="${of === 'waived' ? 9 : 0}" y2="${HEIGHT}"/>`;

function FUTURE(x: number): string {
  return `<line class="s-future" x1="${x}%" x2="100%" y1="${HEIGHT - 1}" y2="${HEIGHT - 1}"/>${x > 0 ? `<line class="s-now" x1="${x}%" x2="${x}%" y1="0" y2="${HEIGHT}"/>` : ''}`;
}

/** How long what held: `fail 9 d 3 h, unknown 3 d 11 h`. */
function summary(intervals: readonly StatusInterval<ControlStatus>[]): string {
  if (intervals.length === 0) return 'the period has not begun';
  const lasted = (of: Drawn) => intervals.filter((it) => drawnAs(it) === of).reduce((sum, { from, to }) => sum + (to - from), 0);
  const parts = (['fail', 'unknown', 'waived', 'excluded'] as const).filter((of) => lasted(of) > 0).map((of) => `${of} ${spokenDuration(lasted(of))}`);
  if (parts.length > 0) return parts.join(', ');
  return lasted('pass') > 0 ? 'no deviation noted' : 'nothing occurred';
}

function twin(id: string, intervals: readonly StatusInterval<ControlStatus>[]): Html {
  return html`<table class="twin"><caption>Statuses of ${id}</caption><thead><tr><th scope="col">Status</th><th scope="col">From</th><th scope="col">Up to</th><th scope="col">Lasted</th></tr></thead><tbody>${intervals.map((interval) => html`<tr><td>${NAMES[drawnAs(interval)]}</td><td><time datetime="${iso(interval.from)}">${spokenInstant(interval.from)}</time></td><td><time datetime="${iso(interval.to)}">${spokenInstant(interval.to)}</time></td><td>${spokenDuration(interval.to - interval.from)}</td></tr>`)}</tbody></table>`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** More would not be read. */
const MARKS = 14;

/** The first days of months in a period: every one, or every third, sixth or twelfth where there are many. */
function months(period: Period, timezone: string): readonly { readonly from: Instant; readonly name: string; readonly year: string }[] {
  const all: { from: Instant; name: string; year: string }[] = [];
  const [year = 0, month = 0] = localDate(period.from, timezone).split('-').map(Number);
  for (let place = 0; (all.at(-1)?.from ?? -NEVER) < period.to && place < 1200; place++) {
    const [y, m] = [year + Math.floor((month - 1 + place) / 12), (month - 1 + place) % 12];
    all.push({ from: startOfDay(`${y}-${String(m + 1).padStart(2, '0')}-01`, timezone), name: MONTHS[m] ?? '', year: String(y) });
  }
  const inside = all.filter(({ from }) => period.from <= from && from < period.to);
  const step = [1, 3, 6, 12].find((every) => inside.length / every <= MARKS) ?? 60;
  return inside.filter(({ name }) => MONTHS.indexOf(name) % step === 0 || step > 12);
}
