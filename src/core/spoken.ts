import { type Duration, type Instant, iso, NEVER } from './instant.ts';

/** For people: `2026-11-06 23:00 UTC`, seconds only where there are some; `now` for the end of what has not ended. */
export function spokenInstant(at: Instant): string {
  if (at === NEVER) return 'now';
  if (at === -NEVER) return 'the beginning';
  const [date = '', time = ''] = iso(at).slice(0, 19).split('T');
  return `${date} ${time.endsWith(':00') ? time.slice(0, 5) : time} UTC`;
}

/** In two units: `10 d 10 h`, `3 h 5 m`, `40 s`. */
export function spokenDuration(lasted: Duration): string {
  const seconds = Math.max(0, Math.floor(lasted / 1000));
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** `1 account`, `2 accounts`. */
export const several = (count: number, noun: string, plural = `${noun}s`): string => `${count} ${count === 1 ? noun : plural}`;

/** The rate of conformity with both its counts, and what the check asks for. */
export function spokenRate({
  share,
  conform,
  of,
  within,
}: {
  readonly share: number;
  readonly conform: number;
  readonly of: number;
  readonly within: boolean;
}): string {
  const asked = `the check tolerates ${Number((share * 100).toFixed(6))} % of items that deviate, which was ${within ? 'not ' : ''}exceeded`;
  return `rate of conformity ${conform} of ${of}${of === 0 || conform === of ? '' : ` (${((100 * conform) / of).toFixed(1)} %)`}; ${asked}`;
}

/** What a reader must see wherever a waived deviation is shown. */
export const spokenWaiver = ({ by, until }: { readonly by: string; readonly until: Instant }): string =>
  `waived by ${by} until ${spokenInstant(until)}, still a deviation`;

/** What a reader must see wherever a control is shown that is left out. */
export const spokenExclusion = ({ because, by, since }: { readonly because: string; readonly by: string; readonly since: Instant }): string =>
  `Excluded since ${spokenInstant(since)} because "${because}", approved by ${by}. Nothing is said of its operation from then on, and that is no pass.`;

/** What must stand beside results over a period that had more than one set of parameters, or of code. */
export const spokenApplied = (changes: number, unrecorded: readonly number[]): string =>
  `The parameters, the checks and the catalogue of now are applied to the whole period. ${
    changes === 0 ? 'No record tells that any of them changed in it.' : `In it ${several(changes, 'change')} ${changes === 1 ? 'is' : 'are'} recorded.`
  }${unrecorded.length === 0 ? '' : ` Which were in force under the configuration of ${unrecorded.map((record) => `#${record}`).join(', ')} was not recorded.`}`;

/** One such change, in a clause. */
export function spokenChange({
  what,
  check,
  name,
  before,
  after,
}: {
  readonly what: string;
  readonly check: string | null;
  readonly name: string | null;
  readonly before: string | null;
  readonly after: string | null;
}): string {
  const of = what === 'parameter' ? `${name} of ${check}` : (check ?? what);
  if (before === null) return `${of} came: ${after}`;
  return after === null ? `${of} went: ${before}` : `${of} from ${before} to ${after}`;
}

/** Why a control is unknown whatever its checks say. */
export const spokenUnfed = (datasets: readonly string[]): string => `No source tells of ${datasets.join(', ')}, by which it is examined.`;
