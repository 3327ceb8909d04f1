import { days, type Duration, hours, type Instant, minutes } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Unsealed } from '../log/statement.ts';

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

/** A record that says another step than the record before it in its line. */
export interface Change {
  readonly index: number;
  readonly sealedAt: Instant;
  /** Milliseconds; `null` of a source that is retired. */
  readonly from: number | null;
  readonly to: number | null;
  /** The record of the configuration that stands for it; `null` where none was sealed that could. */
  readonly by: number | null;
  /** The newest slot before it, and its own. */
  readonly after: Instant;
  readonly until: Instant;
}

type Placed = Pick<Unsealed, 'index' | 'sealedAt'>;

/** Up to which slot a line of records has told, and where it was silent. */
export interface Slots {
  readonly newest: Instant;
  /** The step to the next slot, as it was promised; `null` where none follows. */
  readonly every: number | null;
  readonly silences: readonly Silence[];
  readonly changes: readonly Change[];
  /** The step that its newest record says. */
  readonly said: number | null;
  readonly first: number;
  readonly last: Placed;
}

/** Silences, and changes, that are held of one line: more tell nobody more. */
const HELD = 1000;
/** By then every process of a company goes by a configuration that one of them has sealed. */
const TAKEN_UP: Duration = days(7);
/** A process that takes a changed file up may tell of a slot while it seals the file. */
const BESIDE: Duration = hours(1);

export interface Told extends Placed {
  readonly slot: Instant;
  readonly every: number | null;
}

/**
 * Takes in what one more record tells of. What is told late of an earlier slot takes nothing back, and ends the silence
 * about it: of several processes the one that runs the newest slot may be faster than the one that records those that
 * were skipped. A distance is judged by the step that was promised before it. Where a configuration was sealed in
 * between, the longer step counts: an honest schedule may have been changed at any time of that distance.
 */
export function toldOf(before: Slots | undefined, { slot, every, index, sealedAt }: Told, configured: Placed | null = null): Slots {
  const at = Math.min(slot, sealedAt); // nothing is told of what is yet to come
  const last = { index, sealedAt };
  if (!before) return { newest: at, every, silences: [], changes: [], said: every, first: index, last };
  const isLate = at < before.newest;
  if (isLate && every !== null) return { ...before, silences: before.silences.flatMap((silence) => narrowed(silence, at)), last };
  const by = configured && mayExplain(configured, before) ? configured.index : null;
  const change = { index, sealedAt, from: before.said, to: every, by, after: before.newest, until: at };
  const changes = every !== before.said && before.changes.length < HELD ? [...before.changes, change] : before.changes;
  // What nothing explains changes nothing of what was promised, but that a source which is asked again is asked.
  const promised = by !== null || before.every === null ? every : before.every;
  const its = { every: promised, changes, said: every, first: before.first, last };
  if (isLate) return { ...its, newest: before.newest, silences: before.silences.flatMap((silence) => narrowed(silence, at)) };
  if (before.every === null) return { ...its, newest: at, silences: before.silences };
  const step = by === null ? before.every : Math.max(before.every, every ?? 0);
  const silence = { after: before.newest, until: at, step, every: before.every, index };
  return { ...its, newest: at, silences: isSilence(silence) && before.silences.length < HELD ? [...before.silences, silence] : before.silences };
}

/** The configuration of before the first record of a line changes nothing of it. */
const mayExplain = ({ index, sealedAt }: Placed, { first, last }: Slots): boolean =>
  index > first && (index > last.index || sealedAt >= last.sealedAt - TAKEN_UP);

/** What the configuration that was just sealed explains of a line: a change that was told while it was on its way. */
function explained(its: Slots, { index, sealedAt }: Placed): Slots {
  const open = its.changes.filter((change) => change.by === null && change.sealedAt >= sealedAt - BESIDE);
  const [first] = open;
  if (!first) return its;
  const step = Math.max(0, ...open.map(({ to }) => to ?? 0));
  return {
    ...its,
    every: its.said,
    changes: its.changes.map((change) => (open.includes(change) ? { ...change, by: index } : change)),
    silences: its.silences.map((silence) => (silence.index >= first.index ? { ...silence, step: Math.max(silence.step, step) } : silence)).filter(isSilence),
  };
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

/** Follows the slots of every line of runs, in the order of the log, and the configurations between them. */
export function schedules(): {
  readonly lines: ReadonlyMap<string, Slots>;
  take(record: Pick<Unsealed, 'line' | 'head' | 'index' | 'sealedAt'>): void;
} {
  const lines = new Map<string, Slots>();
  let configured: Placed | null = null;
  return {
    lines,
    take({ line, head, index, sealedAt }) {
      if (head.kind === 'configuration') {
        configured = { index, sealedAt };
        for (const [name, its] of lines) lines.set(name, explained(its, configured));
      }
      if (head.kind !== 'run') return;
      const every = typeof head.every === 'number' ? head.every : null;
      lines.set(line, toldOf(lines.get(line), { slot: Number(head.slot ?? 0), every, index, sealedAt }, configured));
    },
  };
}

/** What is wrong with a change of a schedule, in words; `null` where a configuration stands for it, or what was promised goes on. */
export function changeFault(line: string, { from, to, by }: Change): string | null {
  return by === null
    ? `it says that ${line} is ${spoken(to)}, the record before it that it is ${spoken(from)}, and no configuration was sealed that says so`
    : null;
}

/** A change of a schedule that a configuration stands for, in words. */
export const changeSaid = (line: string, { index, from, to, by }: Change): string =>
  `The schedule of ${line} was changed with record ${index}: it was ${spoken(from)} before, and is ${spoken(to)} from then on. The configuration of record ${by} was sealed for it: see there whether it says so.`;

function spoken(every: number | null): string {
  if (every === null) return 'not asked any more';
  const [size, name] = UNITS.find(([its]) => every % its === 0) ?? [1, 'millisecond'];
  return `asked every ${every === size ? name : `${every / size} ${name}s`}`;
}

const UNITS = [
  [days(1), 'day'],
  [hours(1), 'hour'],
  [minutes(1), 'minute'],
] as const;

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
