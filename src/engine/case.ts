import type { Instant } from '../core/instant.ts';
import type { Severity } from '../core/severity.ts';
import type { Note, Spell, Standing } from './findings.ts';
import type { ItemName, WaiverMark } from './posture.ts';

/** One entry of the register about a case, as it stood for some time. */
export interface CaseNote extends Note {
  readonly id: string;
  readonly title: string;
  readonly owner: string | null;
  /** Who wrote it, as the commit says. */
  readonly by: string;
  readonly reason: string;
  /** Why it does not count; `null` where it does. */
  readonly problem: string | null;
  readonly place: string;
  readonly records: readonly number[];
}

export interface CaseSpell extends Spell {
  readonly due: Instant;
}

/** Deviations of one check on one item, as a case. */
export interface Case extends Omit<Standing, 'spells'> {
  /** Follows from the check and the item: the same for ever, on every machine. */
  readonly id: string;
  readonly check: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly item: ItemName;
  readonly severity: Severity;
  /** As the control names it, unless a register assigns the case to somebody. */
  readonly owner: string;
  readonly assigned: boolean;
  /** Worker id of whom a register assigns it to; `null` where none does. */
  readonly ownerId: string | null;
  readonly spells: readonly CaseSpell[];
  /** It happened, and cannot be undone: a word closes it, approved by another. */
  readonly event: boolean;
  /** The waiver that stands then. */
  readonly waiver: WaiverMark | null;
  /** It deviated, and now the evidence that would tell is missing. */
  readonly unknown: boolean;
  readonly notes: readonly CaseNote[];
}
