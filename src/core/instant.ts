/**
 * Milliseconds since 1970, UTC. A number rather than an ISO text, so that comparing, sorting and adding are the
 * language's own and an instant has one spelling. It is an integer: the instant `t` is the period `[t, t + 1)`.
 * ISO 8601 is spoken at the borders only.
 */
export type Instant = number;
/** Milliseconds. */
export type Duration = number;

/** The end of what has not ended. */
export const NEVER: Instant = Infinity;

/** Whether a value can be an instant that has a date: whoever writes a record may write anything. */
export const isInstant = (value: unknown): value is Instant => Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8.64e15;

export const seconds = (count: number): Duration => count * 1000;
export const minutes = (count: number): Duration => count * 60_000;
export const hours = (count: number): Duration => count * 3_600_000;
export const days = (count: number): Duration => hours(24 * count);

/** Reads ISO 8601 with a zone (`Z` or an offset). Throws `RangeError` on anything else, a bare date included. */
export function instant(iso: string): Instant {
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(iso) || Number.isNaN(Date.parse(iso))) throw new RangeError(`not an instant: ${iso}`);
  return Date.parse(iso);
}

/** `2026-03-01T00:00:00Z`, with milliseconds only where there are some; `never` for {@link NEVER}. */
export function iso(at: Instant): string {
  if (at === NEVER) return 'never';
  if (!(at >= FIRST && at <= LAST)) return spelled(at);
  const day = Math.floor(at / DAY);
  const rest = at - day * DAY;
  const [hour, minute, second, milliseconds] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60, rest % 1000];
  const time = `${TWO[hour]}:${TWO[minute]}:${TWO[second]}`;
  return `${dateOf(day)}T${time}${milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`}Z`;
}

/** Any instant at all, slowly. Throws `RangeError` beyond what a `Date` can say. */
function spelled(at: Instant): string {
  const text = new Date(at).toISOString();
  return at % 1000 === 0 ? `${text.slice(0, -5)}Z` : text;
}

const DAY = 86_400_000;
/** The years of four digits. */
const [FIRST, LAST] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const TWO = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** Lists of findings say the same few hundred days over and over. */
function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  if (dates.size >= 10_000) dates.clear();
  dates.set(day, date);
  return date;
}

const dates = new Map<number, string>();

/** `36h`, `1d`, `15m`, `2w` to milliseconds. Throws `RangeError` on anything else. */
export function duration(text: string): Duration {
  const [, count, unit] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const units: Readonly<Record<string, Duration>> = { m: minutes(1), h: hours(1), d: days(1), w: days(7) };
  if (count === undefined || unit === undefined || Number(count) === 0) throw new RangeError(`not a duration: ${text} (write 15m, 36h, 1d or 2w)`);
  return Number(count) * (units[unit] ?? 0);
}
