import { ConfigurationError } from '../core/error.ts';
import { type Instant, instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';

/** An instant on the command line. */
export function instantArgument(text: string, flag: string): Instant {
  try {
    return instant(text);
  } catch (cause) {
    throw new ConfigurationError(`${flag} ${text}: not an instant. Write it with its zone, like 2026-11-06T23:00:00Z.`, cause);
  }
}

/** `FROM..TO` on the command line: half-open. */
export function periodArgument(text: string, flag: string): Period {
  const [from, to, more] = text.split('..');
  if (!from || !to || more !== undefined)
    throw new ConfigurationError(`${flag} ${text}: not a period. Write it like 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z.`);
  const period = { from: instantArgument(from, flag), to: instantArgument(to, flag) };
  if (period.from >= period.to) throw new ConfigurationError(`${flag} ${text}: it ends before it begins.`);
  return period;
}

/** A whole number within bounds. */
export function numberArgument(text: string, flag: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max) throw new ConfigurationError(`${flag} ${text}: not a whole number from ${min} to ${max}.`);
  return number;
}

/** One of a few words. */
export function wordArgument<Word extends string>(text: string, flag: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new ConfigurationError(`${flag} ${text}: expected ${words.join(' or ')}.`);
  return word;
}

/** `--as-known-at`: the index of a record, as `tickmark records` lists it. */
export const recordArgument = (text: string): number => numberArgument(text, '--as-known-at', { min: 0, max: Number.MAX_SAFE_INTEGER });
