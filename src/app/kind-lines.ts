import { kinds } from '../attestations/index.ts';

/** A kind of statement, for lists. */
export interface KindLine {
  readonly id: string;
  readonly title: string;
  /** Id of the dataset it feeds. */
  readonly dataset: string | null;
  /** It counts only once another approved it. */
  readonly needsApproval: boolean;
}

export const kindLines = (): readonly KindLine[] =>
  kinds.map(({ id, title, dataset, needsApproval }) => ({ id, title, dataset: dataset?.id ?? null, needsApproval }));
