import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';

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

/** Silences that are held of one line: more tell nobody more. */
const HELD = 1000;

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
  return { newest: slot, every, silences: isSilence(silence) && before.silences.length < HELD ? [...before.silences, silence] : before.silences };
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

/** A distance in which slots were due and nothing was told of them; `until` is `null` where nothing was told since. */
export interface Untold {
  readonly after: Instant;
  readonly until: Instant | null;
}

/**
 * The silences in which a slot of the period was due, whatever was told before the period or after it.
 *
 * @param sealed the newest time at which anything was sealed: what is due later, nobody can have told of
 */
export function silencesIn({ newest, every, silences }: Slots, sealed: Instant, { from, to }: Period): readonly Untold[] {
  const within = silences.filter((silence) => silence.after + silence.every < to && lastDue(silence) >= from);
  const goesOn = every !== null && sealed >= newest + 2 * every && newest + every < to;
  return [...within.map(({ after, until }) => ({ after, until })), ...(goesOn ? [{ after: newest, until: null }] : [])];
}

/** Of slots at its step, the last before it ends. */
const lastDue = ({ after, until, every }: Silence): Instant => after + (Math.ceil((until - after) / Math.max(every, 1)) - 1) * Math.max(every, 1);
