import { IntegrityError, TickmarkError } from '../core/error.ts';
import { type Duration, type Instant, minutes } from '../core/instant.ts';
import type { Store } from './kept.ts';

/** What is remembered of one witness or authority between two visits. Losing it costs a question more, and no evidence. */
export interface Visit {
  /** Of a witness: the size of the log that it signed last. */
  readonly size: number | null;
  /** Our clock less theirs when they last answered; positive where ours is ahead. */
  readonly ahead: Duration | null;
  /** Since when nothing good has come of it; `null` after a success. */
  readonly failing: { readonly since: Instant; readonly last: Instant; readonly times: number; readonly code: string; readonly says: string } | null;
}

export type Memory = ReadonlyMap<string, Visit>;

const FILE = 'log/.state/anchors.json';
export const NEVER_VISITED: Visit = { size: null, ahead: null, failing: null };

export const witnessId = (name: string): string => `witness ${name}`;
export const authorityId = (name: string): string => `authority ${name}`;

export async function readMemory(store: Store): Promise<Memory> {
  const bytes = await store.read(FILE);
  if (!bytes) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, Visit>>));
  } catch (cause) {
    throw new IntegrityError('ANCHORS', `${FILE} cannot be read. Remove it: it only says when witnesses and authorities were asked last.`, cause);
  }
}

export const writeMemory = (store: Store, memory: Memory): Promise<void> =>
  store.replace(FILE, Buffer.from(`${JSON.stringify(Object.fromEntries(memory), null, 2)}\n`));

/** After a visit in vain. What is no refusal and no silence is a mistake of ours, and thrown on. */
export function failed(before: Visit, error: unknown, at: Instant): Visit {
  if (!(error instanceof TickmarkError)) throw error;
  const { code, message: says } = error;
  return { ...before, failing: { since: before.failing?.since ?? at, last: at, times: (before.failing?.times ?? 0) + 1, code, says } };
}

/** Whether it is time to try again: half a minute after the first failure, twice as long after each, at most a quarter of an hour. */
export function isDue({ failing }: Visit, now: Instant): boolean {
  if (failing === null) return true;
  const wait = Math.min(minutes(0.5) * 2 ** Math.min(failing.times - 1, 10), minutes(15));
  return now >= failing.last + wait || now < failing.last; // a clock that was put back does not silence us
}
