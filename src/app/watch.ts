import { type Instant, NEVER } from '../core/instant.ts';
import { spokenInstant } from '../core/spoken.ts';
import type { Check } from '../checks/check.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Grounds } from '../engine/assemble.ts';
import { findingsNoted, type Noted, type NotedPlaces, VERDICTS, without } from '../engine/noted.ts';
import type { Finding, Posture } from '../engine/posture.ts';

/** Items that are noted since, or no longer, one of each check and item however many controls the check belongs to. */
interface NotedSince {
  readonly count: number;
  /** The first of them, {@link NAMED} at most. */
  readonly named: readonly Finding[];
  /** Of each the first control. */
  readonly controls: readonly string[];
}

/** What is otherwise than when it was last looked at. */
export interface Changed {
  readonly at: Instant;
  /** By time alone, or by records that were sealed since. */
  readonly cause: 'time' | 'evidence';
  /** Items that deviate or are unknown since, and did not or were not before. */
  readonly opened: NotedSince;
  /** As they were said before. */
  readonly ended: NotedSince;
  readonly controls: readonly { readonly id: string; readonly before: ControlStatus; readonly after: ControlStatus }[];
}

export interface Watch {
  /** Looks at the posture now, tells whoever listens what has changed since it was last looked at, and resolves to that; `null`: nothing, or it is the first look. */
  observe(): Promise<Changed | null>;
  /** Calls back with every change that {@link observe} sees, until the function that is returned is called. */
  onChange(listener: (changed: Changed) => void): () => void;
}

/** A posture, what it rests on, and which items it is about. */
interface Look {
  readonly on: Grounds;
  readonly posture: Posture;
  readonly noted: Noted;
}

/** What is kept of a look until the next one. */
interface Seen extends Pick<Posture, 'asOf' | 'period' | 'controls' | 'checkpoint'> {
  readonly noted: Noted;
}

export function watching(look: () => Promise<Look>): Watch {
  const listeners = new Set<(changed: Changed) => void>();
  let last: Seen | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const looked = async (): Promise<Changed | null> => {
    const { on, posture, noted } = await look();
    const { asOf, period, controls, checkpoint } = posture;
    const now = { asOf, period, controls, checkpoint, noted };
    const changed = last && between(on, last, now);
    last = now;
    if (!changed || changed.opened.count + changed.ended.count + changed.controls.length === 0) return null;
    for (const listener of listeners) listener(changed);
    return changed;
  };

  return {
    observe() {
      const its = turn.then(looked); // one after another: what one has told no other tells again
      turn = its.catch(() => undefined);
      return its;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function between(on: Grounds, before: Seen, now: Seen): Changed {
  return {
    at: now.asOf,
    cause: before.checkpoint.size === now.checkpoint.size ? 'time' : 'evidence',
    opened: since(on, now, before),
    ended: since(on, before, now),
    controls: now.controls.flatMap(({ id, status: after }) => {
      const known = before.controls.find((control) => control.id === id)?.status ?? 'unknown';
      return known === after ? [] : [{ id, before: known, after }];
    }),
  };
}

/** So many items are named one by one. */
const NAMED = 20;

/** What one look notes and another does not, in the order of controls, checks and items. */
function since(on: Grounds, its: Seen, other: Seen): NotedSince {
  const [controls, named] = [new Set<string>(), [] as Finding[]];
  let count = 0;
  for (const [control, check] of byControl(on)) {
    const more = VERDICTS.flatMap((verdict) => {
      const [noted, before] = [its, other].map((seen) => seen.noted.get(check.id)?.[verdict]);
      return noted ? [[verdict, before ? without(noted, before) : noted] as const] : [];
    });
    const items = more.reduce((sum, [, { places }]) => sum + places.length, 0);
    if (items === 0) continue;
    count += items;
    controls.add(control);
    if (named.length < NAMED) named.push(...firstNamed(on, check, more, its, NAMED - named.length));
  }
  return { count, named, controls: [...controls] };
}

function firstNamed(on: Grounds, check: Check, noted: readonly (readonly [Finding['verdict'], NotedPlaces])[], at: Seen, atMost: number): readonly Finding[] {
  const found = noted.flatMap(([verdict, its]) =>
    its.places.length === 0
      ? []
      : Iterator.from(findingsNoted(on, check, verdict, its, at))
          .take(atMost)
          .toArray(),
  );
  return found.sort((a, b) => inOrder(nameOf(a), nameOf(b)) || a.from - b.from).slice(0, atMost);
}

const nameOf = ({ item: { source, partition, key } }: Finding): string => `${source}\u0000${partition}\u0000${key}`;
const inOrder = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Each check once, with the first control that it belongs to, as findings are told. */
function byControl({ catalog, checks }: Grounds): readonly (readonly [control: string, check: Check])[] {
  const first = new Map<string, string>();
  for (const { id, checks: its } of catalog.controls.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    for (const check of its.toSorted()) if (!first.has(check)) first.set(check, id);
  return [...first].flatMap(([id, control]) => {
    const check = checks.find((its) => its.id === id);
    return check ? [[control, check] as const] : [];
  });
}

/** So many of them get a line. */
const LINES = 10;

/** A change in words, a line each. */
export function changeLines({ at, cause, opened, ended, controls }: Changed): readonly string[] {
  const when = `${spokenInstant(at)} ${cause === 'time' ? 'by the passage of time' : 'by new evidence'}:`;
  const named = (its: NotedSince, says: (finding: Finding) => string) => [
    ...its.named.slice(0, LINES).map((finding) => `${when} ${says(finding)}`),
    ...(its.count > LINES ? [`${when} and ${its.count - LINES} more`] : []),
  ];
  return [
    ...named(opened, ({ verdict, check, item, because, from }) =>
      verdict === 'deviates'
        ? `${item.label} deviates from ${check} since ${spokenInstant(from)}: ${because}`
        : `${item.label} is unknown to ${check} since ${spokenInstant(from)}: ${because}`,
    ),
    ...named(
      ended,
      ({ verdict, check, item }) => `${item.label} ${verdict === 'deviates' ? `no longer deviates from ${check}` : `is no longer unknown to ${check}`}`,
    ),
    ...controls.map(({ id, before, after }) => `${when} ${id} was ${before} and is ${after}`),
  ];
}

/** Timers of Node.js reach no further: in milliseconds. */
const FURTHEST = 2 ** 31 - 1;

interface Watched extends Pick<Watch, 'observe'> {
  readonly now: () => Instant;
  nextChange(): Promise<Instant>;
}

/** Looks whenever it is asked, and by itself at each instant at which something changes without new evidence. */
export function keepWatch(
  { observe, nextChange, now }: Watched,
  { after, failed }: { readonly after: (milliseconds: number, act: () => void) => () => void; readonly failed: (error: unknown) => void },
): { look(): Promise<void>; stop(): void } {
  let cancel = () => {};
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      await observe();
      const next = await nextChange();
      cancel();
      if (!stopped && next < NEVER) cancel = after(Math.min(Math.max(next - now(), 0), FURTHEST), () => void look());
    } catch (error) {
      failed(error);
    }
  };
  return {
    look,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
