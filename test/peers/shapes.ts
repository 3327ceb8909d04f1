import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kinds of values, lists by what is in them, objects by their fields; a list of several is one or another of them. */
type Shape = string | readonly Shape[] | { readonly [field: string]: Shape };
type Fields = Readonly<Record<string, unknown>>;

/** Fields and kinds of answers that somebody else's server gave, each answer by its path. */
export const shapesOf = (vendor: string): Readonly<Record<string, Shape>> =>
  (JSON.parse(readFileSync(join(import.meta.dirname, 'shapes', `${vendor}.json`), 'utf8')) as { readonly answers: Readonly<Record<string, Shape>> }).answers;

const isList = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const KINDS = ['boolean', 'instant', 'null', 'number', 'text'];
/** `["null", "text"]` is a choice; `[{…}]` and `["text"]` are lists of one thing. */
const choices = (shape: Shape): readonly Shape[] => (isList(shape) && shape.length > 1 ? shape : [shape]);

/** Where a value is of another kind than what was given in its place. */
export function differences(shape: Shape, value: unknown, at = ''): readonly string[] {
  const possible = choices(shape).map((its) => differencesFrom(its, value, at));
  return possible.find((its) => its.length === 0) ?? possible.at(-1) ?? [];
}

function differencesFrom(shape: Shape, value: unknown, at: string): readonly string[] {
  if (typeof shape === 'string')
    return kindOf(value) === shape || (shape === 'text' && kindOf(value) === 'instant') ? [] : [`${at}: ${kindOf(value)}, not ${shape}`];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${at}: ${kindOf(value)}, not a list`];
    const [of] = shape;
    return of === undefined ? [] : value.flatMap((entry, place) => differences(of, entry, `${at}[${place}]`));
  }
  if (!isFields(value)) return [`${at}: ${kindOf(value)}, not fields`];
  return Object.entries(value).flatMap(([field, its]) => (shape[field] === undefined ? [] : differences(shape[field], its, `${at}.${field}`)));
}

/** Fields of a value, and of those within it, of which there was none. */
export function strangers(shape: Shape, value: unknown, at = ''): readonly string[] {
  const its = choices(shape).find((choice) => typeof choice !== 'string');
  if (its === undefined) return [];
  if (isList(its)) return Array.isArray(value) && its[0] !== undefined ? [...new Set(value.flatMap((entry) => strangers(its[0] ?? '', entry, at)))] : [];
  if (!isFields(value)) return [];
  const fields = its as { readonly [field: string]: Shape };
  return Object.entries(value).flatMap(([field, inner]) =>
    fields[field] === undefined ? [`${at}.${field}`] : strangers(fields[field], inner, `${at}.${field}`),
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'string') return typeof value === 'object' ? 'fields' : typeof value;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? 'instant' : 'text';
}

/** An answer of that shape: one entry in each list, and everywhere the first kind that is no null. */
export function madeOf(shape: Shape): unknown {
  const its = choices(shape).find((choice) => choice !== 'null') ?? 'null';
  if (typeof its === 'string') {
    if (!KINDS.includes(its)) throw new RangeError(`no kind is called ${its}`);
    return { boolean: true, instant: '2023-08-23T15:51:08Z', null: null, number: 7, text: 'made' }[its];
  }
  if (isList(its)) return its.map(madeOf);
  return Object.fromEntries(Object.entries(its).map(([field, inner]) => [field, madeOf(inner)]));
}
