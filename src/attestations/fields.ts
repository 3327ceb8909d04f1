import { z } from 'zod';
import { fieldsOf } from '../datasets/written.ts';
import { type Kind, writtenName } from './kind.ts';

/** A field as people write it. */
export interface WrittenField {
  readonly name: string;
  /** The field of the dataset that it becomes; `null` where only the register keeps it. */
  readonly field: string | null;
  readonly takes: 'text' | 'list' | 'instant' | 'number' | 'boolean' | 'word' | 'item';
  readonly words: readonly string[];
  readonly required: boolean;
  /** Its date means the end of that day. */
  readonly end: boolean;
  readonly lower: boolean;
  readonly meaning: string;
}

type Bare = Pick<WrittenField, 'name' | 'takes' | 'meaning'> & Partial<WrittenField>;
const field = (bare: Bare): WrittenField => ({ field: null, words: [], required: false, end: false, lower: false, ...bare });

/** What every entry of every register may say. */
const COMMON: readonly WrittenField[] = [
  field({ name: 'id', takes: 'text', required: true, meaning: 'Id of the entry: one of its kind in its register, and never given again' }),
  field({ name: 'title', takes: 'text', meaning: 'What it is, for people' }),
  field({ name: 'owner', takes: 'text', meaning: 'Worker id of who answers for it' }),
  field({ name: 'subject', takes: 'text', meaning: 'What it speaks of, by id: a commit, an account, a vendor' }),
  field({ name: 'reviewed', takes: 'instant', meaning: 'When somebody last looked at it' }),
  field({ name: 'reviewer', takes: 'text', meaning: 'Worker id of who looked' }),
  field({ name: 'until', takes: 'instant', end: true, meaning: 'When what it allows ends: the last day, that day included' }),
  field({ name: 'withdrawn', takes: 'text', meaning: 'Why it is taken back: it stays in the register and counts no more' }),
  field({ name: 'notes', takes: 'text', meaning: 'Whatever else is to be kept' }),
];

const memory = new WeakMap<Kind, readonly WrittenField[]>();

/** The fields of an entry, those of its dataset first. */
export function writtenFields(kind: Kind): readonly WrittenField[] {
  const known = memory.get(kind);
  if (known) return known;
  const own = new Map<string, WrittenField>();
  const take = (written: WrittenField) => own.set(written.name, written);
  for (const [name, its] of kind.dataset ? fieldsOf(kind.dataset) : []) {
    if (kind.followed.includes(name)) continue;
    const { kind: takes, words, lower, meaning, silence } = its;
    const end = kind.ends.includes(name) || name === 'until';
    take({ name: writtenName(kind, name), field: name, takes, words, required: silence === undefined, end, lower, meaning: inWords(meaning) });
  }
  for (const [name, { takes, ...its }] of Object.entries(kind.extras)) {
    const end = kind.ends.includes(name);
    take(field({ name, ...its, end, ...(typeof takes === 'string' ? { takes } : { takes: 'word', words: takes }) }));
  }
  for (const written of COMMON) {
    const needed = written.name === 'title' && kind.dataset === null;
    if (!own.has(written.name)) take(needed ? { ...written, required: true } : written);
  }
  const fields = [...own.values()].sort((a, b) => Number(b.name === 'id') - Number(a.name === 'id'));
  memory.set(kind, fields);
  return fields;
}

/** Rows hold milliseconds; people write dates. */
const inWords = (meaning: string): string => meaning.replace(/ \(UTC, milliseconds(; null where there is none)?\)/, '').replace(/; null .*$/, '');

const MOMENT = /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/;
const TEXT = z.union([z.string().trim().min(1), z.int()], { error: 'expected a text' });

/** Schema of an entry, as it is written. */
export function schemaOf(kind: Kind): z.ZodType {
  const schema = SCHEMAS.get(kind) ?? madeSchema(kind);
  SCHEMAS.set(kind, schema);
  return schema;
}

const SCHEMAS = new WeakMap<Kind, z.ZodType>();

function madeSchema(kind: Kind): z.ZodType {
  const shape = Object.fromEntries(
    writtenFields(kind).map((written) => {
      const type = typeOf(written).describe(written.meaning);
      return [written.name, written.required ? type : type.nullish()];
    }),
  );
  return kind.loose ? z.looseObject(shape) : z.strictObject(shape);
}

function typeOf({ takes, words, end }: WrittenField): z.ZodType {
  switch (takes) {
    case 'list':
      return z.union([z.array(TEXT), TEXT], { error: 'expected a list, like [one, two]' });
    case 'instant':
      return z
        .string({ error: MOMENT_SAYS })
        .regex(MOMENT, MOMENT_SAYS)
        .meta({ title: end ? 'a date means the end of that day' : 'a date means the beginning of that day' });
    case 'number':
      return z.int({ error: 'expected a whole number' });
    case 'boolean':
      return z.union([z.boolean(), z.enum(['yes', 'no'])], { error: 'expected true or false' });
    case 'word':
      return words.includes('yes')
        ? z.union([z.enum(words as [string]), z.boolean()], { error: `expected ${words.join(', ')}` })
        : z.enum(words as [string], { error: `expected one of ${words.join(', ')}` });
    case 'item':
      return z.union([z.string().min(1), z.strictObject({ source: z.string().min(1), key: z.string().min(1), partition: z.string().min(1).optional() })], {
        error: 'expected the item as the pages show it, or { source, key }',
      });
    default:
      return TEXT;
  }
}

const MOMENT_SAYS = 'expected a date like 2026-03-29, or an instant like 2026-03-29T12:00:00Z';
