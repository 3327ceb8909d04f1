/** What stands for `*` and `?` in a pattern that is made ready: signs that no ARN and no value holds, so that what a variable brings in stays literal. */
const ANY = '\uE000';
const ONE = '\uE001';

/** A pattern as it is written, made ready to be matched. */
export const prepared = (written: string): string => written.replaceAll('*', ANY).replaceAll('?', ONE);

/** The same, where its wildcards are no wildcards. */
export const literal = (pattern: string): string => pattern.replaceAll(ANY, '*').replaceAll(ONE, '?');

/** Whether a pattern that was made ready fits a text, letter case and all. Its work is bounded by the product of their lengths. */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1; // where in the pattern the last `*` is, and how far in the text it reaches
  let reach = 0;
  while (at < text.length) {
    const sign = pattern[place];
    if (sign === ANY) {
      star = place++;
      reach = at;
    } else if (sign === ONE || (sign !== undefined && sign === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++reach;
    } else return false;
  }
  while (pattern[place] === ANY) place++;
  return place === pattern.length;
}

/** Whether a text fits a pattern with `*` and `?`, letter case and all. */
export const matches = (written: string, text: string): boolean => fits(prepared(written), text);

/** A text that a pattern made ready fits: something made up stands for each wildcard. */
export const exampleOf = (pattern: string, madeUp: string): string => pattern.replaceAll(ANY, madeUp).replaceAll(ONE, madeUp.slice(0, 1));
