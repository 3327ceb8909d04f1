import { availableParallelism } from 'node:os';
import { claimed, readVouched, type Unsealed, verifyAside, type Vouched, vouch } from '../log/statement.ts';
import { sound } from './sound.ts';

/** What it says. Throws `IntegrityError`, also of a statement that is not spelled canonically, or does not say what one must. */
export function readStrictly(index: number, its: Vouched): Unsealed {
  const statement = readVouched(index, its, true);
  sound(statement);
  return statement;
}

/**
 * Statements of a log in turn from index `first` on: what each says as {@link readStrictly} reads it, or why it cannot be
 * read; `null` where there is no envelope. Signatures are verified beside this thread by Node itself, and all are waited
 * for together: to hand the statements to threads of ours, or to wait for one after the other, costs as much as the rest.
 */
export function unsealAll(first: number, leaves: readonly Buffer[], envelopes: readonly (Buffer | undefined)[]): Promise<readonly (Unsealed | Error | null)[]> {
  return new Promise((done) => {
    const all = leaves.map((): Unsealed | Error | null => null);
    let owed = leaves.length;
    const tell = (place: number, its: Unsealed | Error | null) => {
      all[place] = its;
      owed--;
      if (owed === 0) done(all);
    };
    if (owed === 0) done(all);
    for (const [place, leaf] of leaves.entries()) {
      const [index, envelope] = [first + place, envelopes[place]];
      if (!envelope) {
        tell(place, null);
        continue;
      }
      // What is wrong with a signature is said by whoever verifies it alone.
      const alone = () => readStrictly(index, vouch(index, leaf, envelope));
      const claim = isAlone ? null : tried(() => claimed(index, leaf, envelope));
      if (claim === null || claim instanceof Error) tell(place, claim ?? tried(alone));
      else
        verifyAside(claim, (fits) =>
          tell(
            place,
            tried(() => (fits ? readStrictly(index, claim.its) : alone())),
          ),
        );
    }
  });
}

const isAlone = availableParallelism() === 1;

function tried<Result>(act: () => Result): Result | Error {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
