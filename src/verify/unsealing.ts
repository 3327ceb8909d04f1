import { verifying } from '../log/signatures.ts';
import { claimed, readVouched, type Unsealed, type Vouched, vouch } from '../log/statement.ts';
import { sound } from './sound.ts';

/** What it says. Throws `IntegrityError`, also of a statement that is not spelled canonically, or does not say what one must. */
export function readStrictly(index: number, its: Vouched): Unsealed {
  const statement = readVouched(index, its, true);
  sound(statement);
  return statement;
}

/** What each says, or why it cannot be read; `null` where there is no envelope. */
export type Unsealings = readonly (Unsealed | Error | null)[];

/** Reads statements of a log part by part. */
export interface Unsealing {
  /** In turn from index `first` on. Answers with how to ask for what they say: in the order in which they were added. */
  add(first: number, leaves: readonly Buffer[], envelopes: readonly (Buffer | undefined)[]): () => Promise<Unsealings>;
}

/**
 * Signatures are verified in threads beside this one while it reads what those before them say; and here where it would
 * have to wait for them.
 * @param count how many statements there will be
 * @param read throws what is wrong with it
 */
export function unsealing(count: number, read: (index: number, its: Vouched) => Unsealed = readStrictly): Unsealing {
  const shared = verifying(count);
  return {
    add(first, leaves, envelopes) {
      const claims = leaves.map((leaf, place) => {
        const envelope = envelopes[place];
        return envelope ? tried(() => claimed(first + place, leaf, envelope)) : null;
      });
      const asked = claims.flatMap((claim) => (claim === null || claim instanceof Error ? [] : [{ ...claim, publicKey: claim.its.publicKey }]));
      const fits = asked.length > 0 ? shared.add(asked) : async () => [];
      return async () => {
        const its = (await fits()).values();
        return claims.map((claim, place) => {
          if (claim === null || claim instanceof Error) return claim;
          const isIts = its.next().value === true;
          // What is wrong with a signature is said by whoever verifies it alone.
          return tried(() => read(first + place, isIts ? claim.its : vouch(first + place, leaves[place] as Buffer, envelopes[place] as Buffer)));
        });
      };
    },
  };
}

function tried<Result>(act: () => Result): Result | Error {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
