import type { Archive } from '../evidence/archive.ts';

export interface Digests {
  /** Indexes of the records whose digest, that of the signed envelope, begins like this; a few at most. */
  byDigest(hex: string): Promise<readonly number[]>;
}

const FEW = 5;

/** Finds records by what is pasted from elsewhere. The digests are read with the first question, and those of new records with the next. */
export function digestsOf(archive: Pick<Archive, 'statements'>): Digests {
  const digests: string[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  async function follow(): Promise<void> {
    for await (const { index, digest } of archive.statements(digests.length)) digests[index] = digest;
  }

  return {
    async byDigest(hex) {
      const followed = turn.then(follow);
      turn = followed.catch(() => undefined); // whoever asks next begins again
      await followed;
      const found: number[] = [];
      for (let index = digests.length - 1; index >= 0 && found.length < FEW; index--) if (digests[index]?.startsWith(hex)) found.push(index);
      return found;
    },
  };
}
