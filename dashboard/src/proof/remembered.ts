import { ask, type Answer } from '../api/ask.ts';
import { unbase64 } from './bytes.ts';
import { isBeginning } from './merkle.ts';

/** What this browser has verified before. A server that shows another log later is found out. */
interface Seen {
  readonly verifierKey: string;
  readonly size: number;
  readonly root: string;
  readonly at: string;
}

const KEY = 'tickmark.checkpoint';

/** Of the other logs that this browser looks at under the same address, by their names. */
const OTHERS = 'tickmark.checkpoints';

const originOf = (verifierKey: string): string => verifierKey.split('+')[0] ?? '';

function read<Out>(key: string): Out | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Out | null;
  } catch {
    return null; // what cannot be read was not seen
  }
}

function seen(origin: string): Seen | null {
  const newest = read<Seen>(KEY);
  return newest && originOf(newest.verifierKey) === origin ? newest : (read<Readonly<Record<string, Seen>>>(OTHERS)?.[origin] ?? null);
}

function keep(now: Seen): void {
  const before = read<Seen>(KEY);
  if (before && originOf(before.verifierKey) !== originOf(now.verifierKey))
    localStorage.setItem(OTHERS, JSON.stringify({ ...read<Readonly<Record<string, Seen>>>(OTHERS), [originOf(before.verifierKey)]: before }));
  localStorage.setItem(KEY, JSON.stringify(now));
}

/** Whether the log goes on from the one this browser saw before, in words; remembers the newer of the two. */
export async function remembered(now: {
  readonly verifierKey: string;
  readonly size: number;
  readonly root: string;
}): Promise<{ readonly holds: boolean; readonly says: string }> {
  const before = seen(originOf(now.verifierKey));
  const newest = { ...now, at: new Date().toISOString() };
  if (!before) {
    keep(newest);
    return { holds: true, says: 'This browser saw this log for the first time. From now on it notices if another is shown.' };
  }
  if (before.verifierKey !== now.verifierKey)
    return {
      holds: false,
      says: `The log is signed by another key than on ${before.at}. If it was replaced, the log has a record of it; compare with the auditor’s.`,
    };
  const [from, to] = before.size <= now.size ? [before, now] : [now, before];
  const hashes =
    from.size === to.size || from.size === 0 ? [] : (await ask<Answer<'log', 'consistency'>>('/log/consistency', { from: from.size, to: to.size })).hashes;
  const holds =
    from.size === 0 || (await isBeginning({ size: from.size, root: unbase64(from.root) }, { size: to.size, root: unbase64(to.root) }, hashes.map(unbase64)));
  if (holds && now.size > before.size) keep(newest);
  return holds
    ? { holds, says: `The log goes on from the one of ${before.size} records that this browser saw on ${before.at.slice(0, 10)}.` }
    : {
        holds,
        says: `The log that this browser saw on ${before.at}, of ${before.size} records, is not the beginning of this one. Keep both: root then ${before.root}, root now ${now.root}.`,
      };
}
