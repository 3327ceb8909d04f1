import type { Ternary } from '../core/ternary.ts';

/** What git says of a signature: one letter, and the fingerprint of the key that made it, where it could tell. */
export interface Judged {
  readonly letter: string;
  readonly key: string | null;
}
/** By commit. */
export type Judgements = ReadonlyMap<string, Judged>;

/**
 * How git is asked about signatures: the commit, its letter, the key that made the signature, and the first key of that
 * OpenPGP key. No file of signers is given to it: whether a signature fits its commit is git's to say, whose the key is
 * is not.
 */
export const SIGNED = '--format=%H %G? %GF %GP';

export function judgementsOf(text: string): Judgements {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, sha = '', letter = '', made = '', first = ''] = /^([0-9a-f]{40,64}) (\S) ?(\S*) ?(\S*)\s*$/.exec(line) ?? [];
      if (line !== '' && sha === '') throw new RangeError(`"signatures" holds what is no answer about a commit: ${line.slice(0, 80)}`);
      return line === '' ? [] : [[sha, { letter, key: first || made || null }] as const];
    }),
  );
}

/**
 * Good, be the key known here or not (of an SSH signature it is in the signature itself); bad, or made by a key that was
 * revoked or had expired. Where the key is missing nothing can be said.
 */
const VERDICTS: Readonly<Record<string, Ternary>> = { G: 'yes', U: 'yes', B: 'no', R: 'no', X: 'no', Y: 'no' };

/** Whether a signature fits what it stands under. */
export const signatureHolds = (judged: Judged | undefined): Ternary => VERDICTS[judged?.letter ?? ''] ?? 'unknown';
