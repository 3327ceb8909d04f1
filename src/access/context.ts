import type { Ternary } from '../core/ternary.ts';
import { fits, prepared } from './pattern.ts';

/**
 * What is known of a request, by condition key in lower case: its values, or `null` where it is known that the request
 * carries no such key. Of a key that is not named here nothing is known.
 */
export type Context = ReadonlyMap<string, readonly string[] | null>;

export const contextOf = (known: Readonly<Record<string, string | readonly string[] | null>>): Context =>
  new Map(Object.entries(known).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));

/**
 * What a pattern is with its variables filled in. `unknown`: it hangs on a key of which nothing is known. `never`: on one
 * that the request does not carry, so that it can fit nothing. Of both, the widest that it could be.
 */
type Filled = { readonly kind: 'pattern'; readonly pattern: string } | { readonly kind: 'never' | 'unknown'; readonly key: string; readonly widest: string };

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * A pattern made ready, its variables filled in (IAM user guide, "IAM policy elements: Variables and tags"). What they
 * bring in is literal. Without `variables` what looks like one is text.
 */
export function filled(written: string, context: Context, variables: boolean): Filled {
  if (!variables || !written.includes('${')) return { kind: 'pattern', pattern: prepared(written) };
  let [hangsOn, lacks] = [null as string | null, null as string | null];
  const parts = written.split(VARIABLE).map((part, place) => {
    if (place % 2 === 0) return prepared(part);
    if (part === '*' || part === '?' || part === '$') return part;
    const [name = '', otherwise] = part.split(',').map((word) => word.trim());
    const values = context.get(name.toLowerCase());
    if (values?.length === 1) return values[0] ?? '';
    if (values === null && otherwise !== undefined) return otherwise.replace(/^'(.*)'$/, '$1');
    if (values === undefined) hangsOn ??= name;
    else lacks ??= name; // no value, or several of them: AWS fills in neither
    return prepared('*');
  });
  const whole = parts.join('');
  if (lacks !== null) return { kind: 'never', key: lacks, widest: whole };
  return hangsOn === null ? { kind: 'pattern', pattern: whole } : { kind: 'unknown', key: hangsOn, widest: whole };
}

/**
 * Whether a text fits a pattern with variables, and the key on which that hangs where it cannot be said. A variable
 * without a value fits nothing; whether it is then among "all but these" (`turned`) AWS does not say.
 */
export function fitsFilled(
  written: string,
  text: string,
  context: Context,
  { variables, turned }: Reading,
): { readonly answer: Ternary; readonly key: string | null } {
  const its = filled(written, context, variables);
  if (its.kind === 'pattern') return { answer: fits(its.pattern, text) ? 'yes' : 'no', key: null };
  const mayFit = fits(its.widest, text) && (its.kind === 'unknown' || turned);
  return mayFit ? { answer: 'unknown', key: its.key } : { answer: 'no', key: null };
}

/** How patterns are meant: with variables, and as "all but these". */
export interface Reading {
  readonly variables: boolean;
  readonly turned: boolean;
}
