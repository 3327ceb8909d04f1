import type { Duration, Instant } from '../core/instant.ts';
import { NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Claim } from './assess.ts';

/** Worst first, as a reader goes through them. */
export const CASE_STATES = ['open', 'in remediation', 'waived', 'closed', 'fixed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** One time in which an item deviated: from when that was so to when it was known to be so no more. */
export interface Spell extends Period {
  /** As it was said last. */
  readonly because: string;
  readonly records: readonly number[];
  /** How it ended: the item conforms, or is examined no more. `null` while it lasts. */
  readonly end: { readonly how: 'conforms' | 'ended'; readonly records: readonly number[] } | null;
}

/** What a register says of a case for some time. */
export interface Note extends Period {
  /** `assigned` names an owner and no more; `noted` not even that. `done` says that it is fixed, which evidence has to show. Closed is what cannot be undone: an event. */
  readonly kind: 'assigned' | 'noted' | 'in remediation' | 'done' | 'closed';
  /** When it was written: it speaks of the spell that had begun by then. */
  readonly written: Instant;
}

/** The course of one case: all that its state follows from. */
export interface Course {
  readonly spells: readonly Spell[];
  readonly waivers: readonly Period[];
  readonly notes: readonly Note[];
  /** An event cannot be undone: its deviation never ends of itself. */
  readonly event: boolean;
  /** By when a spell is to end. */
  due(spell: Period): Instant;
}

export interface Standing {
  readonly state: CaseState;
  /** First opening. */
  readonly opened: Instant;
  readonly due: Instant;
  /** It is neither fixed, closed nor waived, and is past its due date. */
  readonly overdue: boolean;
  /** In remediation, and whoever works on it says that it is fixed: evidence has not shown it yet. */
  readonly awaitsProof: boolean;
  /** How often it deviated again after it was fixed. */
  readonly reopened: number;
  readonly fixedAt: Instant | null;
  /** First opening to last end, of what is fixed. */
  readonly timeToFix: Duration | null;
  /** The spells begun by then; the last is the one the state is about. */
  readonly spells: readonly Spell[];
}

/**
 * The spells of an item by its claims, in order. Evidence that goes missing ends none: a spell ends where the item
 * conforms, or where nothing is claimed of it any more.
 */
export function spellsOf(claims: readonly Claim[]): readonly Spell[] {
  const spells: Spell[] = [];
  let open: { from: Instant; to: Instant; because: string; records: Set<number> } | null = null;
  const close = (to: Instant, end: Spell['end']) => {
    if (open) spells.push({ from: open.from, to, because: open.because, records: ascending(open.records), end });
    open = null;
  };
  for (const claim of claims) {
    if (open && open.to < claim.from) close(open.to, { how: 'ended', records: [] });
    if (claim.kind === 'conforms') {
      const before: ReadonlySet<number> = open === null ? new Set() : (open as { records: Set<number> }).records;
      const taught = claim.records.filter((record) => !before.has(record));
      close(claim.from, { how: 'conforms', records: taught.length > 0 ? taught : claim.records });
    } else if (claim.kind === 'deviates') {
      open ??= { from: claim.from, to: claim.to, because: '', records: new Set() };
      open.because = claim.because ?? '';
      for (const record of claim.records) open.records.add(record);
    }
    if (open) open.to = claim.to;
  }
  if (open) {
    const { to } = open as { to: Instant };
    close(to, to === NEVER ? null : { how: 'ended', records: [] });
  }
  return spells;
}

const ascending = (records: Iterable<number>): readonly number[] => [...records].sort((a, b) => a - b);

/** How a case stands at an instant; `null` before it was opened. */
export function standingAt({ spells, waivers, notes, event, due }: Course, now: Instant): Standing | null {
  const begun = spells.filter(({ from }) => from <= now);
  const [first, last] = [begun[0], begun.at(-1)];
  if (!first || !last) return null;
  const fixedAt = last.to <= now ? last.to : null;
  const spoken = notes.filter((note) => holds(note, now) && note.written >= last.from);
  const speaks = (kind: Note['kind']) => spoken.some((note) => note.kind === kind);
  const worked = spoken.filter(({ kind }) => kind === 'in remediation' || kind === 'done').sort((a, b) => a.written - b.written);
  const state = ((): CaseState => {
    if (fixedAt !== null) return 'fixed';
    if (event && speaks('closed')) return 'closed';
    if (waivers.some((waiver) => holds(waiver, now))) return 'waived';
    return worked.length > 0 ? 'in remediation' : 'open';
  })();
  const until = due(last);
  return {
    state,
    opened: first.from,
    due: until,
    overdue: (state === 'open' || state === 'in remediation') && until <= now,
    awaitsProof: state === 'in remediation' && worked.at(-1)?.kind === 'done',
    reopened: begun.length - 1,
    fixedAt,
    timeToFix: fixedAt === null ? null : fixedAt - first.from,
    spells: begun.map((spell) => (spell.to <= now ? spell : { ...spell, to: NEVER, end: null })),
  };
}
