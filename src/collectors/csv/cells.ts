import { z } from 'zod';
import { localInstant, startOfDay, utcDay } from '../../core/calendar.ts';
import { type Instant, instant } from '../../core/instant.ts';
import type { Dataset, Value } from '../../datasets/dataset.ts';
import { holdsInstant } from '../../datasets/fields.ts';

/** What a field of a dataset takes. */
export interface Field {
  readonly kind: 'text' | 'list' | 'instant' | 'number' | 'boolean' | 'word';
  /** The words that it knows; empty of all but `word`. */
  readonly words: readonly string[];
  /** It is kept in lower case, so that it meets others whatever was written. */
  readonly lower: boolean;
  /** It is the start of a day (UTC), whatever the hour that was written. */
  readonly day: boolean;
  /** What an empty cell becomes; `undefined` where it may not be empty. */
  readonly silence: Value | undefined;
}

/** The fields of a dataset, by name, as its own schema says them. */
export function fieldsOf({ id, row }: Pick<Dataset, 'id' | 'row'>): ReadonlyMap<string, Field> {
  if (!(row instanceof z.ZodObject)) throw new RangeError(`${id} is no table of named fields`);
  return new Map(Object.entries(row.shape as Record<string, z.ZodType>).map(([name, type]) => [name, fieldOf(type)]));
}

function fieldOf(type: z.ZodType): Field {
  const nullable = type instanceof z.ZodNullable;
  const inner = nullable ? (type.unwrap() as z.ZodType) : type;
  const silence = nullable ? null : undefined;
  const lower = /lower case/i.test(type.description ?? '');
  const day = /start of the (day \(utc\)|utc day)/i.test(type.description ?? '');
  if (holdsInstant(type)) return { kind: 'instant', words: [], lower, day, silence };
  if (inner instanceof z.ZodEnum) {
    const words = inner.options.map(String);
    return { kind: 'word', words, lower, day, silence: nullable ? null : words.includes('unknown') ? 'unknown' : undefined };
  }
  if (inner instanceof z.ZodBoolean) return { kind: 'boolean', words: [], lower, day, silence };
  if (inner instanceof z.ZodNumber) return { kind: 'number', words: [], lower, day, silence };
  if (inner instanceof z.ZodReadonly || inner instanceof z.ZodArray) return { kind: 'list', words: [], lower, day, silence: nullable ? null : [] };
  return { kind: 'text', words: [], lower, day, silence };
}

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
