import type { Json } from '../../core/canonical.ts';
import { splitGenerated } from '../exported.ts';
import { SENSITIVE } from './declared.ts';
import { namesSecret, showsSecret } from './secrets.ts';

type Members = Readonly<Record<string, Json>>;

/** Only in a state: scripts that machines run at their start hold passwords more often than not. */
const SCRIPT = /^(user_data|custom_data|userdata|customdata)(_base64)?$/i;
/** Where values lie, as against the names and addresses of what they belong to. */
const VALUES = /^(attributes|attributes_flat|identity|values|before|after|outputs|variables|output_changes|expressions|value|constant_value|default)$/;
/** Of an output or a variable that is called sensitive. */
const CALLED_SENSITIVE = ['value', 'default', 'expression'];
/** Shorter ones are words that stand everywhere; they are only taken out where they are named. */
const SWEPT = 6;

/**
 * A Terraform state of version 4, or what `terraform show -json` prints of a state or a plan, without its secrets: what the
 * file itself marks as sensitive, what a name calls a secret, what shows itself to be one by its form, and every other
 * place where one of those values stands again. Throws `RangeError` for any other file, and quotes nothing of it.
 */
export function redactTerraform(body: Uint8Array): Uint8Array {
  const { line, rest } = splitGenerated(new TextDecoder().decode(body));
  const document = parsed(rest);
  const secrets = new Set<string>();
  const masked = mask(document, secrets, false);
  return new TextEncoder().encode(`${line}${JSON.stringify(sweep(masked, [...secrets], false))}`);
}

function parsed(text: string): Json {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch {
    throw new RangeError('is not JSON');
  }
  if (!isObject(document) || (document.version !== 4 && typeof document.format_version !== 'string'))
    throw new RangeError('is neither a state of version 4 nor the JSON of a state or a plan');
  return document;
}

const isObject = (value: Json | undefined): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** `secret`: a name above says that what stands here is one. */
function mask(value: Json, secrets: Set<string>, secret: boolean): Json {
  if (typeof value === 'string') return value !== '' && (secret || showsSecret(value) || holdsSecret(value)) ? hideNamed(value, secrets) : value;
  if (isList(value)) return value.map((its) => mask(its, secrets, secret));
  if (!isObject(value)) return value;
  const own = marked(value, secrets);
  const pair = [own.name, own.key].some((name) => typeof name === 'string' && namesSecret(name));
  return Object.fromEntries(
    Object.entries(own).map(([key, its]) => [key, mask(its, secrets, namesSecret(key, secret) || SCRIPT.test(key) || (key === 'value' && pair))]),
  );
}

/** With what the file itself marks as sensitive taken out. */
function marked(value: Members, secrets: Set<string>): Members {
  const by = (key: string, map: string): readonly (readonly [string, Json])[] =>
    value[key] !== undefined && value[map] !== undefined ? [[key, maskBy(value[map], value[key], secrets)]] : [];
  return {
    ...value,
    ...(value.sensitive === true
      ? Object.fromEntries(CALLED_SENSITIVE.flatMap((key) => (value[key] === undefined ? [] : [[key, hide(value[key], secrets)]])))
      : {}),
    ...(value.attributes !== undefined && typeof value.private === 'string' ? { private: hide(value.private, secrets) } : {}),
    ...(isList(value.sensitive_attributes) && value.attributes !== undefined
      ? { attributes: maskPaths(value.attributes, value.sensitive_attributes, secrets) }
      : {}),
    ...Object.fromEntries([...by('values', 'sensitive_values'), ...by('before', 'before_sensitive'), ...by('after', 'after_sensitive')]),
  };
}

/** Takes a value out, and remembers every text in it. */
function hide(value: Json, secrets: Set<string>): Json {
  const remember = (its: Json): void => {
    if (typeof its === 'string' && its.length >= SWEPT) secrets.add(its);
    else if (typeof its === 'object' && its !== null) for (const entry of Object.values(its)) remember(entry as Json);
  };
  remember(value);
  return value === null ? null : SENSITIVE;
}

/** A name may be wrong: a plain word is taken out where it stands, and not looked for elsewhere. */
const hideNamed = (value: string, secrets: Set<string>): Json => hide(value, /^[a-z_-]{0,11}$/.test(value) ? new Set() : secrets);

/** `true` of all of it, or of each part the same. */
function maskBy(map: Json, value: Json, secrets: Set<string>): Json {
  if (map === true) return hide(value, secrets);
  if (isList(map) && isList(value)) return value.map((its, place) => maskBy(map[place] ?? false, its, secrets));
  if (isObject(map) && isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, maskBy(map[key] ?? false, its, secrets)]));
  return value;
}

/** Each path a list of steps, `get_attr` by name and `index` by number or key. A path that leads nowhere known takes all out that it reached. */
function maskPaths(attributes: Json, paths: readonly Json[], secrets: Set<string>): Json {
  return paths.reduce<Json>((value, path) => maskPath(value, isList(path) ? path : [path], secrets), attributes);
}

function maskPath(value: Json, [step, ...rest]: readonly Json[], secrets: Set<string>): Json {
  if (step === undefined) return hide(value, secrets);
  const told = isObject(step) ? (isObject(step.value) ? step.value.value : step.value) : step;
  const key = typeof told === 'string' || typeof told === 'number' ? String(told) : null;
  if (key === null) return hide(value, secrets);
  if (isList(value) && /^\d+$/.test(key)) return value.map((its, place) => (String(place) === key ? maskPath(its, rest, secrets) : its));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, its]) => [name, name === key ? maskPath(its, rest, secrets) : its]));
  return hide(value, secrets);
}

/** A text that is itself JSON, with a name in it that calls its value a secret. */
function holdsSecret(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  const names = [...text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*(?=["[{])/g), ...text.matchAll(/"(?:name|key)"\s*:\s*"([^"]*)"/gi)];
  return names.some(([, name = '']) => namesSecret(name));
}

/** Where a secret stands again: in an address with its password, in a script, in another resource. */
function sweep(value: Json, secrets: readonly string[], values: boolean): Json {
  if (typeof value === 'string') return values && secrets.some((secret) => value.includes(secret)) ? SENSITIVE : value;
  if (isList(value)) return value.map((its) => sweep(its, secrets, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, sweep(its, secrets, values || VALUES.test(key))]));
}
