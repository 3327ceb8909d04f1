export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 (JCS) for the documents that we make ourselves: the same value always gives the same text.
 * Integers within 2^53 only, no lone surrogate, no `undefined`: anything else throws `RangeError`, for what is signed
 * must mean the same to every reader.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new RangeError('a string with a lone surrogate');
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) throw new RangeError(`not JSON: ${typeof value}`);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonical(key)}:${canonical(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
