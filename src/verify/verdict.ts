import { IntegrityError } from '../core/error.ts';

/** What is said of one item of a bundle. A later word outweighs an earlier one. */
export const WORDS = ['VERIFIED', 'DISPOSED', 'NOT CHECKED', 'MISSING', 'ALTERED'] as const;
export type Word = (typeof WORDS)[number];

export interface Item {
  /** `record 12`, or the name of a file. */
  readonly item: string;
  readonly word: Word;
  readonly reasons: readonly string[];
}

/** Reasons of one item: more tell nobody more. */
const REASONS = 10;

/** Collects what is said of items; each is as bad as the worst that is said of it. */
export interface Verdicts {
  say(item: string, word: Word, reason?: string): void;
  /** What the act gives; `null`, and the item ALTERED, where it throws. Nothing in a bundle can make the verifier itself fail. */
  attempt<Result>(item: string, act: () => Result): Result | null;
  /** The same of what is told later. */
  attemptAside<Result>(item: string, act: () => Promise<Result>): Promise<Result | null>;
  word(item: string): Word | null;
  readonly items: readonly Item[];
}

export function verdicts(): Verdicts {
  const all = new Map<string, { word: Word; readonly reasons: string[] }>();
  const say: Verdicts['say'] = (item, word, reason) => {
    const its = all.get(item) ?? { word, reasons: [] };
    all.set(item, its);
    if (WORDS.indexOf(word) > WORDS.indexOf(its.word)) its.word = word;
    if (reason !== undefined && its.reasons.length < REASONS && !its.reasons.includes(reason)) its.reasons.push(reason);
  };
  return {
    say,
    attempt(item, act) {
      try {
        return act();
      } catch (error) {
        say(item, 'ALTERED', reasonOf(error));
        return null;
      }
    },
    async attemptAside(item, act) {
      try {
        return await act();
      } catch (error) {
        say(item, 'ALTERED', reasonOf(error));
        return null;
      }
    },
    word: (item) => all.get(item)?.word ?? null,
    get items() {
      return [...all].map(([item, { word, reasons }]) => ({ item, word, reasons }));
    },
  };
}

/** An error of ours says what is wrong; of any other, that the bytes could not be read is all that matters. */
const reasonOf = (error: unknown): string => (error instanceof IntegrityError ? error.message : `it cannot be read: ${String(error).slice(0, 200)}`);

export const isBad = (word: Word): boolean => word === 'ALTERED' || word === 'MISSING';
