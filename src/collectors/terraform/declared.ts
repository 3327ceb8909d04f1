import type { Json } from '../../core/canonical.ts';
import { type Body, parseHcl } from './hcl.ts';
import { namesSecret, showsSecret } from './secrets.ts';

export type Attributes = Readonly<Record<string, Json>>;

/** One block of a file that declares, reads or calls something. */
export interface Declared {
  readonly mode: 'managed' | 'data' | 'module';
  readonly type: string;
  readonly name: string;
  readonly attributes: Attributes;
  readonly file: string;
  /** `null` in JSON, which keeps no lines. */
  readonly firstLine: number | null;
  readonly lastLine: number | null;
}

export interface Read {
  readonly declared: readonly Declared[];
  readonly locals: readonly (readonly [name: string, value: Json])[];
}

export const SENSITIVE = { $sensitive: true } as const;
const MODES: Readonly<Record<string, Declared['mode']>> = { resource: 'managed', data: 'data', module: 'module' };

/** What a file declares. Blocks of other kinds (providers, variables, outputs) declare nothing. Throws where it cannot be read. */
export function readFile(file: string, text: string): Read {
  return file.endsWith('.json') ? readJson(file, text) : readNative(file, parseHcl(file, text));
}

function readNative(file: string, { blocks }: Body): Read {
  return {
    declared: blocks.flatMap(({ type: kind, labels, body, firstLine, lastLine }): Declared[] => {
      const mode = MODES[kind];
      if (mode === undefined) return [];
      const [type, name] = mode === 'module' ? ['module', labels[0]] : labels;
      if (type === undefined || name === undefined || labels.length !== (mode === 'module' ? 1 : 2))
        throw new RangeError(`${file}, line ${firstLine}: "${kind}" has ${labels.length} labels`);
      return [{ mode, type, name, attributes: attributesOf(body), file, firstLine, lastLine }];
    }),
    locals: blocks.flatMap(({ type, body }) => (type === 'locals' ? body.attributes.map(({ name, value }) => [name, value] as const) : [])),
  };
}

/** Nested blocks are lists under their name, for any of them may stand more than once. */
function attributesOf({ attributes, blocks }: Body): Attributes {
  const nested = new Map<string, Json[]>();
  for (const { type, labels, body } of blocks)
    nested.set(type, [...(nested.get(type) ?? []), { ...(labels.length > 0 ? { $labels: labels } : {}), ...attributesOf(body) }]);
  return Object.fromEntries([...attributes.map(({ name, value }) => [name, value] as const), ...nested]);
}

/** The JSON syntax: kind, type, name, and an object or a list of them. */
function readJson(file: string, text: string): Read {
  const top = parsed(file, text);
  const entries = (value: Json | undefined): readonly (readonly [string, Json])[] =>
    listed(value).flatMap((it) => {
      if (typeof it !== 'object' || it === null || Array.isArray(it))
        throw new RangeError(`${file}: expected an object, found ${JSON.stringify(it).slice(0, 40)}`);
      return Object.entries(it);
    });
  const named = (mode: Declared['mode'], type: string, names: Json) =>
    entries(names).flatMap(([name, its]) =>
      listed(its).map((one): Declared => ({ mode, type, name, attributes: Object.fromEntries(entries(one)), file, firstLine: null, lastLine: null })),
    );
  return {
    declared: entries(top).flatMap(([kind, its]) => {
      const mode = MODES[kind];
      if (mode === undefined) return [];
      return mode === 'module' ? named(mode, 'module', its) : entries(its).flatMap(([type, names]) => named(mode, type, names));
    }),
    locals: entries(top).flatMap(([kind, its]) => (kind === 'locals' ? entries(its) : [])),
  };
}

const listed = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value]);

function parsed(file: string, text: string): Json {
  try {
    return valued(JSON.parse(text.replace(/^\uFEFF/, '')) as Json);
  } catch (cause) {
    throw new RangeError(`${file}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Texts of the JSON syntax are templates; numbers that are not safe integers are given as their digits. */
function valued(value: Json): Json {
  if (typeof value === 'string')
    return /[$%]\{/.test(value.replace(/\$\$\{|%%\{/g, '')) ? { $expression: JSON.stringify(value) } : value.replace(/([$%])\1\{/g, '$1{');
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(valued);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, its]) => [key, valued(its)])) : value;
}

/** Locals of one folder that are literals, and set once: the only names whose value is certain without evaluation. */
export function certain(locals: Read['locals']): ReadonlyMap<string, Json> {
  const known = new Map<string, Json>();
  const twice = new Set<string>();
  for (const [name, value] of locals) {
    if (known.has(name)) twice.add(name);
    known.set(name, value);
  }
  for (const [name, value] of [...known]) if (twice.has(name) || !literal(value)) known.delete(name);
  return known;
}

function literal(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !Object.hasOwn(value, '$expression') && Object.values(value).every((its) => literal(its as Json));
}

const LOCAL = /^local\.([\p{ID_Start}_][\p{ID_Continue}-]*)$/u;

/** With the certain locals in place, and without the secrets that stand in it in the clear. */
export function settled(value: Json, locals: ReadonlyMap<string, Json>, secret = false): Json {
  if (typeof value === 'string') return value !== '' && (secret || showsSecret(value)) ? SENSITIVE : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((its) => settled(its, locals, secret));
  const { $expression } = value as Attributes;
  if (typeof $expression !== 'string')
    return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, settled(its as Json, locals, namesSecret(key, secret))]));
  const local = locals.get(LOCAL.exec($expression)?.[1] ?? '');
  return local === undefined ? value : settled(local, locals, secret);
}

const OVERRIDES = /(^|\/|_)override\.tf(\.json)?$/;

/** Files called `override` replace what the others of their folder say, attribute by attribute. */
export function overridden(files: readonly (readonly Declared[])[]): readonly Declared[] {
  const all = files.flat();
  const known = new Map<string, Declared>();
  const rest: Declared[] = [];
  for (const it of all) {
    if (OVERRIDES.test(it.file)) rest.push(it);
    else {
      const key = keyOf(it);
      const twin = known.get(key);
      if (twin) throw new RangeError(`${key} is declared twice, in ${twin.file} and in ${it.file}`);
      known.set(key, it);
    }
  }
  for (const it of rest.toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
    const base = known.get(keyOf(it)) ?? it;
    known.set(keyOf(it), { ...base, attributes: { ...base.attributes, ...it.attributes } });
  }
  return [...known.values()];
}

const keyOf = ({ mode, type, name }: Declared): string => `${mode} ${type}.${name}`;
