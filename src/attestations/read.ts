import type { z } from 'zod';
import { endOfDay, startOfDay } from '../core/calendar.ts';
import { type Instant, instant } from '../core/instant.ts';
import { meant } from '../core/near.ts';
import type { Row, Value } from '../datasets/dataset.ts';
import { fieldsOf } from '../datasets/written.ts';
import { schemaOf, type WrittenField, writtenFields } from './fields.ts';
import type { Fields, Kind, Said } from './kind.ts';

/** What is wrong with an entry, and where in it. */
export interface Problem {
  /** The field, as it is written; `null` of the entry as a whole. */
  readonly field: string | null;
  readonly says: string;
}

/** What is wrong with an entry as it is written; nothing where it can be read. */
export function problemsOf(kind: Kind, entry: unknown, timezone: string): readonly Problem[] {
  const { error } = schemaOf(kind).safeParse(entry);
  const problems = error?.issues.flatMap((issue) => spoken(issue, kind, entry)) ?? [];
  if (problems.length > 0) return problems;
  const dates = writtenFields(kind).flatMap((field): readonly Problem[] => {
    try {
      valueIn(field, (entry as Fields)[field.name], timezone);
      return [];
    } catch (cause) {
      return [{ field: field.name, says: cause instanceof Error ? cause.message : String(cause) }];
    }
  });
  if (dates.length > 0 || kind.dataset === null || isWithdrawn(entry as Fields)) return dates;
  const { error: of } = kind.dataset.row.safeParse(rowOf(kind, entry as Fields, NOBODY, timezone));
  return of?.issues.map(({ path, message }) => ({ field: nameOf(kind, String(path[0] ?? '')), says: message })) ?? [];
}

const NOBODY: Said = { at: 0, authorEmail: null, knownBy: 'unknown', approved: 'unknown', approverEmails: [], approvedAt: null };
const nameOf = (kind: Kind, field: string): string | null => writtenFields(kind).find((its) => its.field === field)?.name ?? null;

function spoken(issue: z.core.$ZodIssue, kind: Kind, entry: unknown): readonly Problem[] {
  const names = writtenFields(kind).map(({ name }) => name);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: key, says: `${kind.id} has no such field${meant(key, names)}. It has: ${names.join(', ')}` }));
  const field = issue.path.length === 0 ? null : String(issue.path[0]);
  if (issue.code === 'invalid_type' && issue.path.length === 0) return [{ field, says: `expected a mapping with ${names.slice(0, 4).join(', ')} and so on` }];
  const its = writtenFields(kind).find(({ name }) => name === field);
  const missing = its?.required && ((entry as Fields)[its.name] ?? null) === null;
  return [{ field, says: missing ? `it is missing: ${its.meaning}` : issue.message }];
}

export const isWithdrawn = ({ withdrawn }: Fields): boolean => typeof withdrawn === 'string' && withdrawn.trim() !== '';

/** An entry that can be read as a row of its dataset. Pure: the same entry of the same people is the same row. */
export function rowOf(kind: Kind, entry: Fields, said: Said, timezone: string): Row {
  const written: Record<string, Value> = {};
  for (const field of writtenFields(kind)) {
    const silence = field.field === null || !kind.dataset ? undefined : fieldsOf(kind.dataset).get(field.field)?.silence;
    const value = valueIn(field, entry[field.name], timezone) ?? silence;
    if (field.field !== null && value !== undefined) written[field.field] = value;
  }
  return { ...written, ...kind.follow(said, written, entry) };
}

/** The value of a field; `undefined` where nothing is written. Throws `RangeError` on a day that there is not. */
function valueIn({ takes, words, end, lower }: WrittenField, written: unknown, timezone: string): Value | undefined {
  if (written === undefined || written === null) return undefined;
  const text = (value: unknown): string => (lower ? String(value).trim().toLowerCase() : String(value).trim());
  if (takes === 'list') return (Array.isArray(written) ? written : [written]).map(text);
  if (takes === 'instant') return momentOf(String(written), end, timezone);
  if (takes === 'number') return Number(written);
  if (takes === 'boolean') return written === true || written === 'yes';
  if (takes === 'word') return typeof written === 'boolean' && words.includes('yes') ? (written ? 'yes' : 'no') : String(written);
  return text(written);
}

/** A date in the zone of the workspace, or an instant with its own. */
function momentOf(written: string, end: boolean, timezone: string): Instant {
  if (!/^\d{4}-\d\d-\d\d$/.test(written)) return instant(written);
  return end ? endOfDay(written, timezone) : startOfDay(written, timezone);
}
