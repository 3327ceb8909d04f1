import type { Instant } from '../core/instant.ts';
import type { Unsealed } from '../log/statement.ts';
import { belongs, type Choice, runAt } from './format.ts';

/** Of each line of records its last complete run before a period: what it told stood when the period began, so that it belongs to the evidence of it. */
export interface Standing<Kept> {
  /** Takes statements in the order of the log; what is given with one is kept for as long as it is the last. */
  take(statement: Pick<Unsealed, 'head' | 'line' | 'sealedAt'>, kept: Kept): void;
  readonly all: readonly Kept[];
}

export function standing<Kept>({ of, ...which }: Choice): Standing<Kept> {
  const stood = belongs({ of: { from: -Infinity, to: of.from }, ...which });
  const last = new Map<string, { readonly at: Instant; readonly kept: Kept }>();
  return {
    take(statement, kept) {
      const { head, line } = statement;
      if (head.kind !== 'run' || head.outcome !== 'success' || !stood(statement)) return;
      const at = runAt(head);
      if (at >= (last.get(line)?.at ?? -Infinity)) last.set(line, { at, kept });
    },
    get all() {
      return [...last.values()].map(({ kept }) => kept);
    },
  };
}
