import { canonical, type Json } from '../core/canonical.ts';
import { type Instant, iso } from '../core/instant.ts';
import { type DisposalHead, type Hold, holds, holdsOf, isDisposal, isEraAt, isHold, namedBy, quarterOf, unfinished } from '../log/disposal.ts';
import type { Unsealed } from '../log/statement.ts';

type About = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

/** One thing that the records of disposals and holds say against a disposal. */
export interface Fault {
  readonly code: 'UNDER_HOLD' | 'EARLY' | 'UNPLANNED';
  /** The record that is at fault. */
  readonly index: number;
  readonly says: string;
}

/** What disposals came to, by the records that speak of the log, in its order. */
export interface Judged {
  /** Disposals that say that they waited for the end of a quarter that had not ended, and those that complete what no record planned. */
  readonly faults: readonly Fault[];
  /** Whether any disposal was completed while a hold stood: only then does any record need a look. */
  readonly isOpen: boolean;
  /** Whether one that is not completed meets a hold that stands: what it names must still be there. */
  readonly isWaiting: boolean;
  /** The record that completes the disposal which `planned` plans; `null` where none does. */
  completing(planned: number): number | null;
  /** The hold that stands and keeps this record, where the disposal that `planned` names is not completed; `null` otherwise. */
  keeping(statement: Pick<Unsealed, 'index' | 'era' | 'head'>, planned: number): Hold | null;
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
  const faults: Fault[] = [];
  const open = new Map<number, Completed>();
  const completions = new Map<number, number>();
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
        faults.push({ code: 'EARLY', index, says: `it says that what ${head.era} keeps was due, and that quarter ends at ${iso(ends)}` });
      continue;
    }
    const planned = plans.get(head.planned ?? -1);
    if (!planned || !isSame(planned.head, head)) faults.push({ code: 'UNPLANNED', index, says: 'it completes a disposal that no record before it plans so' });
    else {
      completions.set(planned.index, completions.get(planned.index) ?? index);
      if (held.length > 0) open.set(index, { index, planned, held });
    }
  }
  const waiting = new Set(unfinished(about));
  return {
    faults,
    isOpen: open.size > 0,
    isWaiting: waiting.size > 0 && held.length > 0,
    completing: (planned) => completions.get(planned) ?? null,
    keeping: (statement, planned) => (waiting.has(planned) ? (held.find((hold) => holds(hold, statement)) ?? null) : null),
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

const isSame = (one: DisposalHead, other: DisposalHead): boolean =>
  one.era === other.era && canonical(one.payloads as Json) === canonical(other.payloads as Json);

/** A record whose payloads are kept in the era of another time, as if they were due then; `null` of any other. */
export const misplaced = ({ era, sealedAt }: Pick<Unsealed, 'era' | 'sealedAt'>): string | null =>
  isEraAt(era, sealedAt) ? null : `its payloads are kept in ${era}, and it was sealed at ${iso(sealedAt)}`;

/** When the quarter of an era ends; `null` of a name that is none. */
function endOf(era: string): Instant | null {
  try {
    return quarterOf(era).to;
  } catch {
    return null;
  }
}
