import { z } from 'zod';
import type { Dataset, Value } from './dataset.ts';
import { holdsInstant } from './fields.ts';

/** What a field of a dataset takes. */
export interface Field {
  readonly kind: 'text' | 'list' | 'instant' | 'number' | 'boolean' | 'word';
  /** The words that it knows; empty of all but `word`. */
  readonly words: readonly string[];
  /** It is kept in lower case, so that it meets others whatever was written. */
  readonly lower: boolean;
  /** It is the start of a day (UTC), whatever the hour that was written. */
  readonly day: boolean;
  /** What its absence becomes; `undefined` where it may not be absent. */
  readonly silence: Value | undefined;
  readonly meaning: string;
}

/** Asked for every row, and the same each time: what a schema says of itself is slow to ask. */
const known = new WeakMap<z.ZodType, ReadonlyMap<string, Field>>();

/** The fields of a dataset, by name, as its own schema says them. */
export function fieldsOf({ id, row }: Pick<Dataset, 'id' | 'row'>): ReadonlyMap<string, Field> {
  if (!(row instanceof z.ZodObject)) throw new RangeError(`${id} is no table of named fields`);
  const fields = known.get(row) ?? new Map(Object.entries(row.shape as Record<string, z.ZodType>).map(([name, type]) => [name, fieldOf(type)]));
  known.set(row, fields);
  return fields;
}

function fieldOf(type: z.ZodType): Field {
  const nullable = type instanceof z.ZodNullable;
  const inner = nullable ? (type.unwrap() as z.ZodType) : type;
  const silence = nullable ? null : undefined;
  const meaning = type.description ?? '';
  const lower = /lower case/i.test(meaning);
  const day = /start of the (day \(utc\)|utc day)/i.test(meaning);
  if (holdsInstant(type)) return { kind: 'instant', words: [], lower, day, meaning, silence };
  if (inner instanceof z.ZodEnum) {
    const words = inner.options.map(String);
    return { kind: 'word', words, lower, day, meaning, silence: nullable ? null : words.includes('unknown') ? 'unknown' : undefined };
  }
  if (inner instanceof z.ZodBoolean) return { kind: 'boolean', words: [], lower, day, meaning, silence };
  if (inner instanceof z.ZodNumber) return { kind: 'number', words: [], lower, day, meaning, silence };
  if (inner instanceof z.ZodReadonly || inner instanceof z.ZodArray) return { kind: 'list', words: [], lower, day, meaning, silence: nullable ? null : [] };
  return { kind: 'text', words: [], lower, day, meaning, silence };
}
