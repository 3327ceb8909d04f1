export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 (JCS) for the documents that we make ourselves: the same value always gives the same text.
 * Integers within 2^53 only, no lone surrogate, no `undefined`: anything else throws `RangeError`, for what is signed
 * must mean the same to every reader.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  let text = '';
  if (isList(value)) {
    for (const entry of value) text += `${text === '' ? '[' : ','}${canonical(entry)}`;
    return text === '' ? '[]' : `${text}]`;
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) throw new RangeError(`not JSON: ${typeof value}`);
  for (const key of Object.keys(value).sort()) text += `${text === '' ? '{' : ','}${quoted(key)}:${canonical(value[key] as Json)}`;
  return text === '' ? '{}' : `${text}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('a string with a lone surrogate');
  return JSON.stringify(text);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
