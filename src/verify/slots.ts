import type { Instant } from '../core/instant.ts';

/** A distance between two slots of a line in which at least one more was due, and the record that showed it. */
interface Silence {
  readonly after: Instant;
  readonly until: Instant;
  /** The longest step of the schedule that stood then. */
  readonly step: number;
  /** The step at its beginning. */
  readonly every: number;
  readonly index: number;
}

/** Up to which slot a line of records has told, and where it was silent. */
export interface Slots {
  readonly newest: Instant;
  /** The step to the next slot; `null` where none follows. */
  readonly every: number | null;
  readonly silences: readonly Silence[];
}

/**
 * Takes in what one more record tells of. What is told late of an earlier slot takes nothing back, and ends the silence
 * about it: of several processes the one that runs the newest slot may be faster than the one that records those that
 * were skipped. Where the schedule was changed in between, the longer distance counts.
 */
export function toldOf(
  before: Slots | undefined,
  { slot, every, index }: { readonly slot: Instant; readonly every: number | null; readonly index: number },
): Slots {
  if (!before) return { newest: slot, every, silences: [] };
  if (slot < before.newest)
    return { ...before, every: every === null ? null : before.every, silences: before.silences.flatMap((silence) => narrowed(silence, slot)) };
  if (before.every === null) return { newest: slot, every, silences: before.silences };
  const silence = { after: before.newest, until: slot, step: Math.max(before.every, every ?? 0), every: before.every, index };
  return { newest: slot, every, silences: [...before.silences, ...(isSilence(silence) ? [silence] : [])] };
}

const isSilence = ({ after, until, step }: Silence): boolean => until >= after + 2 * step;

/** A record of a slot within it leaves what is before and what is after. */
function narrowed(silence: Silence, slot: Instant): readonly Silence[] {
  if (slot <= silence.after || slot >= silence.until) return [silence];
  return [
    { ...silence, until: slot },
    { ...silence, after: slot },
  ].filter(isSilence);
}
