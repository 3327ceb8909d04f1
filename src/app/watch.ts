import { type Instant, NEVER } from '../core/instant.ts';
import { spokenInstant } from '../core/spoken.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Finding, Posture } from '../engine/posture.ts';

/** What is otherwise than when it was last looked at. */
export interface Changed {
  readonly at: Instant;
  /** By time alone, or by records that were sealed since. */
  readonly cause: 'time' | 'evidence';
  /** Items that deviate or are unknown since, and did not or were not before. */
  readonly opened: readonly Finding[];
  /** As they were said before. */
  readonly ended: readonly Finding[];
  readonly controls: readonly { readonly id: string; readonly before: ControlStatus; readonly after: ControlStatus }[];
}

export interface Watch {
  /** Looks at the posture now, tells whoever listens what has changed since it was last looked at, and resolves to that; `null`: nothing, or it is the first look. */
  observe(): Promise<Changed | null>;
  /** Calls back with every change that {@link observe} sees, until the function that is returned is called. */
  onChange(listener: (changed: Changed) => void): () => void;
}

export function watching(posture: () => Promise<Posture>): Watch {
  const listeners = new Set<(changed: Changed) => void>();
  let last: Posture | null = null;
  return {
    async observe() {
      const now = await posture();
      const changed = last && between(last, now);
      last = now;
      if (!changed || changed.opened.length + changed.ended.length + changed.controls.length === 0) return null;
      for (const listener of listeners) listener(changed);
      return changed;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function between(before: Posture, now: Posture): Changed {
  const [was, is] = [byItem(before), byItem(now)];
  return {
    at: now.asOf,
    cause: before.checkpoint.size === now.checkpoint.size ? 'time' : 'evidence',
    opened: [...is].filter(([name]) => !was.has(name)).map(([, finding]) => finding),
    ended: [...was].filter(([name]) => !is.has(name)).map(([, finding]) => finding),
    controls: now.controls.flatMap(({ id, status: after }) => {
      const known = before.controls.find((control) => control.id === id)?.status ?? 'unknown';
      return known === after ? [] : [{ id, before: known, after }];
    }),
  };
}

/** One of each check and item, however many controls the check belongs to. */
function byItem({ findings }: Posture): ReadonlyMap<string, Finding> {
  const names = new Map<string, Finding>();
  for (const finding of findings) {
    const { check, verdict, item } = finding;
    const name = JSON.stringify([check, verdict, item.source, item.partition, item.key]);
    if (!names.has(name)) names.set(name, finding);
  }
  return names;
}

/** So many items are named one by one. */
const NAMED = 10;

/** A change in words, a line each. */
export function changeLines({ at, cause, opened, ended, controls }: Changed): readonly string[] {
  const when = `${spokenInstant(at)} ${cause === 'time' ? 'by the passage of time' : 'by new evidence'}:`;
  const named = (its: readonly Finding[], says: (finding: Finding) => string) => [
    ...its.slice(0, NAMED).map((finding) => `${when} ${says(finding)}`),
    ...(its.length > NAMED ? [`${when} and ${its.length - NAMED} more`] : []),
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
