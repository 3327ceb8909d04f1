import { localInstant, startOfDay, utcDay } from '../../core/calendar.ts';
import { type Instant, instant } from '../../core/instant.ts';
import type { Value } from '../../datasets/dataset.ts';
import type { Field } from '../../datasets/written.ts';

const YES = /^(yes|y|true|1)$/i;
const NO = /^(no|n|false|0)$/i;

/** A cell that is not empty as the value of a field. Throws `RangeError` that says what was expected. */
export function cellValue(written: string, { kind, words, lower, day }: Field, timezone: string): Value {
  const text = lower ? written.toLowerCase() : written;
  switch (kind) {
    case 'list':
      return text.split(';').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
    case 'instant':
      return day ? utcDay(moment(text, timezone)) : moment(text, timezone);
    case 'number':
      if (!/^-?\d+$/.test(text)) throw new RangeError(`not a whole number: ${text}`);
      return Number(text);
    case 'boolean':
      if (!YES.test(text) && !NO.test(text)) throw new RangeError(`neither yes nor no: ${text}`);
      return YES.test(text);
    case 'word':
      return wordOf(text, words);
    default:
      return text;
  }
}

/** An instant; a date, or a date and a time without a zone, are of the time zone given. */
function moment(text: string, timezone: string): Instant {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return startOfDay(text, timezone);
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?$/.exec(text) ?? [];
  return date !== undefined && time !== undefined ? localInstant(date, time, timezone) : instant(text);
}

function wordOf(text: string, words: readonly string[]): string {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  if (words.includes('yes') && words.includes('no') && (YES.test(text) || NO.test(text))) return YES.test(text) ? 'yes' : 'no';
  throw new RangeError(`"${text}" is none of ${words.join(', ')}: map it under "map"`);
}
