import type { FieldLine, RowLine } from '../../app/rows.ts';
import { iso } from '../../core/instant.ts';

/** Names under which only instants stand. */
type Firm = 'askedAt' | 'asOf' | 'at' | 'due' | 'fixedAt' | 'late' | 'nextAt' | 'nextChange' | 'sealedAt' | 'since' | 'until' | 'written';
/** Names of instants that may be the beginning or the end of time. */
type Open = 'from' | 'opened' | 'to';

const NAMES: ReadonlySet<string> = new Set<Firm | Open>([
  'askedAt',
  'asOf',
  'at',
  'due',
  'fixedAt',
  'from',
  'late',
  'nextAt',
  'nextChange',
  'opened',
  'sealedAt',
  'since',
  'to',
  'until',
  'written',
]);

/** The same with instants in ISO 8601. */
export type Spelled<T> = T extends readonly (infer Entry)[]
  ? readonly Spelled<Entry>[]
  : T extends object
    ? { readonly [Name in keyof T]: Name extends Firm ? Firmly<T[Name]> : Name extends Open ? Openly<T[Name]> : Spelled<T[Name]> }
    : T;
type Firmly<T> = T extends number ? string : Spelled<T>;
type Openly<T> = T extends number ? string | null : Spelled<T>;

/** Spells the instants of an answer: those in the fields that hold nothing else. What is infinite has no spelling, and is `null`. */
export const spelled = <T>(value: T): Spelled<T> => spell(value) as Spelled<T>;

function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell);
  if (typeof value !== 'object' || value === null) return value;
  const said: Record<string, unknown> = {};
  for (const [name, its] of Object.entries(value)) said[name] = typeof its === 'number' && NAMES.has(name) ? spelledInstant(its) : spell(its);
  return said;
}

export const spelledInstant = (at: number): string | null => (Number.isFinite(at) ? iso(at) : null);

/** Of what is known to be finite. */
export const spelledMoment = (at: number): string => iso(at);

/** A row with the instants of its fields in ISO 8601. */
export function spelledRow({ row, from, to, ...line }: RowLine, fields: readonly FieldLine[]) {
  const said: Record<string, string | number | boolean | null | readonly string[]> = {};
  for (const { name, isInstant } of fields) {
    const value = row[name] ?? null;
    said[name] = isInstant && typeof value === 'number' ? spelledInstant(value) : value;
  }
  return { ...line, from: spelledInstant(from), to: spelledInstant(to), row: said };
}
