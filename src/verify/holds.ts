import { type Instant, iso } from '../core/instant.ts';
import { type DisposalHead, type Hold, holds, holdsOf, isDisposal, isHold, namedBy, quarterOf } from '../log/disposal.ts';
import type { Unsealed } from '../log/statement.ts';

type About = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

/** One thing that the records of disposals and holds say against a disposal. */
export interface Fault {
  readonly code: 'UNDER_HOLD' | 'EARLY';
  /** The record that is at fault. */
  readonly index: number;
  readonly says: string;
}

/** What disposals came to, by the records that speak of the log, in its order. */
export interface Judged {
  /** Disposals that say that they waited for the end of a quarter that had not ended. */
  readonly early: readonly Fault[];
  /** Whether any disposal was completed while a hold stood: only then does any record need a look. */
  readonly isOpen: boolean;
  /** What the record says against a disposal: that it was completed while a hold kept what it destroyed. Each disposal is told once. */
  under(statement: Pick<Unsealed, 'index' | 'era' | 'head' | 'payloads'>): readonly Fault[];
}

interface Completed {
  readonly index: number;
  readonly planned: { readonly index: number; readonly head: DisposalHead };
  readonly held: readonly Hold[];
}

/**
 * Compares disposals with the holds that stood when they were completed. One that was planned beside a hold, and waits
 * for its release, is as it must be.
 */
export function judged(about: readonly About[]): Judged {
  const early: Fault[] = [];
  const open = new Map<number, Completed>();
  const plans = new Map<number, Completed['planned']>();
  const spoken: About[] = [];
  let held: readonly Hold[] = [];
  for (const it of about) {
    spoken.push(it);
    const { head, index, sealedAt } = it;
    if (isHold(head)) held = holdsOf(spoken);
    if (!isDisposal(head)) continue;
    if (head.step === 'planned') {
      plans.set(index, { index, head });
      const ends = head.early ? null : endOf(head.era);
      if (ends !== null && sealedAt < ends)
        early.push({ code: 'EARLY', index, says: `it says that what ${head.era} keeps was due, and that quarter ends at ${iso(ends)}` });
    }
    const planned = head.step === 'completed' && head.planned !== null ? plans.get(head.planned) : undefined;
    if (planned && held.length > 0) open.set(index, { index, planned, held });
  }
  return {
    early,
    isOpen: open.size > 0,
    under: (statement) =>
      [...open.values()].flatMap(({ index, planned, held: its }): readonly Fault[] => {
        const keeping = its.find((hold) => holds(hold, statement));
        if (!keeping || namedBy(planned, [statement])[Symbol.iterator]().next().done) return [];
        open.delete(index);
        const says = `it completes the disposal of record ${planned.index}, and the hold of record ${keeping.record} stood, which keeps record ${statement.index}`;
        return [{ code: 'UNDER_HOLD', index, says }];
      }),
  };
}

/** When the quarter of an era ends; `null` of a name that is none. */
function endOf(era: string): Instant | null {
  try {
    return quarterOf(era).to;
  } catch {
    return null;
  }
}
