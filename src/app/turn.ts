import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConfigurationError } from '../core/error.ts';
import { type Duration, seconds } from '../core/instant.ts';
import { spokenInstant } from '../core/spoken.ts';
import type { TurnHolder, Turns } from '../store/turns.ts';

/** A process that says nothing for so long has lost its turn. */
const LASTS: Duration = seconds(30);
/** How often it is looked whether a turn that another process has is free, in milliseconds. */
const LOOK = 500;

interface Waiting {
  /** Aborted where nobody waits any more. */
  readonly signal?: AbortSignal;
  readonly lasts?: Duration;
  /** Told once, where it has to be waited for. */
  readonly waits?: (what: string, who: TurnHolder) => void;
}

/**
 * Does something that one of all processes may do at a time, when it is its turn. `still` has to be asked before what was
 * done takes effect: it throws where this process slept for so long that another one has begun since.
 */
export async function inTurn<Result>(
  turns: Turns,
  what: string,
  { signal, lasts = LASTS, waits }: Waiting,
  act: (still: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  for (let told = false; ; ) {
    signal?.throwIfAborted();
    const other = await turns.take(what, holder, lasts);
    if (other === null) break;
    if (!told) waits?.(what, other);
    told = true;
    await new Promise((done) => setTimeout(done, LOOK));
  }
  // Where the database is out of reach for a moment the next time is soon enough.
  const timer = setInterval(() => void turns.keep(what, holder, lasts).catch(() => undefined), lasts / 3);
  try {
    return await act(async () => {
      if (!(await turns.keep(what, holder, lasts)))
        throw new ConfigurationError(
          `"${what}" was begun by another process, for nothing was heard of this one in ${lasts / 1000} seconds: what it was told is not kept.`,
        );
    });
  } finally {
    clearInterval(timer);
    await turns.give(what, holder).catch(() => undefined); // it ends by itself
  }
}

/** Who is waited for, in words. */
export const spokenTurn = (what: string, { holder, since }: TurnHolder): string => `"${what}" waits: ${holder} is at it since ${spokenInstant(since)}`;
