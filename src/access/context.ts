import type { Ternary } from '../core/ternary.ts';
import { fits, prepared } from './pattern.ts';

/**
 * What is known of a request, by condition key in lower case: its values, or `null` where it is known that the request
 * carries no such key. Of a key that is not named here nothing is known.
 */
export type Context = ReadonlyMap<string, readonly string[] | null>;

export const contextOf = (known: Readonly<Record<string, string | readonly string[] | null>>): Context =>
  new Map(Object.entries(known).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));

/** What a pattern is with its variables filled in. `unknown`: a key on which it hangs, and of which nothing is known. `never`: it can fit nothing. */
type Filled =
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'unknown'; readonly key: string; readonly widest: string };

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * A pattern made ready, its variables filled in (IAM user guide, "IAM policy elements: Variables and tags"). What they
 * bring in is literal. Without `variables` what looks like one is text.
 */
export function filled(written: string, context: Context, variables: boolean): Filled {
  if (!variables || !written.includes('${')) return { kind: 'pattern', pattern: prepared(written) };
  let [hangsOn, fitsNothing] = [null as string | null, false];
  const parts = written.split(VARIABLE).map((part, place) => {
    if (place % 2 === 0) return prepared(part);
    if (part === '*' || part === '?' || part === '$') return part;
    const [name = '', otherwise] = part.split(',').map((word) => word.trim());
    const values = context.get(name.toLowerCase());
    if (values === undefined) {
      hangsOn ??= name;
      return prepared('*');
    }
    if (values?.length === 1) return values[0] ?? '';
    if (values === null && otherwise !== undefined) return otherwise.replace(/^'(.*)'$/, '$1');
    fitsNothing = true; // no value, or several of them: AWS fills in neither
    return '';
  });
  if (fitsNothing) return { kind: 'never' };
  return hangsOn === null ? { kind: 'pattern', pattern: parts.join('') } : { kind: 'unknown', key: hangsOn, widest: parts.join('') };
}

/** Whether a text fits a pattern with variables, and the key on which that hangs where it cannot be said. */
export function fitsFilled(written: string, text: string, context: Context, variables: boolean): { readonly answer: Ternary; readonly key: string | null } {
  const its = filled(written, context, variables);
  if (its.kind === 'never') return { answer: 'no', key: null };
  if (its.kind === 'pattern') return { answer: fits(its.pattern, text) ? 'yes' : 'no', key: null };
  return fits(its.widest, text) ? { answer: 'unknown', key: its.key } : { answer: 'no', key: null };
}
