import { randomBytes } from 'node:crypto';
import type { Permission } from '../../auth/roles.ts';
import type { Json } from '../../core/canonical.ts';
import type { Instant } from '../../core/instant.ts';

/** Something that happened while the server runs, for whoever watches. */
export interface Happening {
  /** `posture`, `run`, `alert`: what a client switches on. */
  readonly type: string;
  readonly at: Instant;
  /** What one must be allowed to read to be told. */
  readonly permission: Permission;
  /** Controls that it is about; `null`: it is not about controls. Whoever is bounded is told of theirs alone. */
  readonly controls: readonly string[] | null;
  readonly data: Json;
}

export interface Told extends Happening {
  /** Ascending within one life of the server; names that life too. */
  readonly id: string;
}

/** Tells what happens to all who listen, and to those who come back what they have missed. */
export interface Hub {
  tell(happening: Happening): void;
  /** From now on; after an id, what was told since comes first. `null` first where that is not remembered any more: whoever listens must ask anew for all that they show. */
  listen(after: string | null, signal: AbortSignal): AsyncIterable<Told | null>;
  /** How many listen. */
  readonly listeners: number;
}

/** So many are remembered for those who come back. */
const REMEMBERED = 1000;
/** Somebody who is so far behind is told to ask anew, rather than to wait in memory. */
const BEHIND = 1000;

export function hub(life = randomBytes(6).toString('hex')): Hub {
  const told: Told[] = [];
  const listeners = new Set<(its: Told) => void>();
  let count = 0;
  return {
    tell(happening) {
      const its = { ...happening, id: `${life}-${++count}` };
      told.push(its);
      if (told.length > REMEMBERED) told.shift();
      for (const listener of listeners) listener(its);
    },

    get listeners() {
      return listeners.size;
    },

    async *listen(after, signal) {
      const waiting: (Told | null)[] = after === null ? [] : missed(told, after, life, count);
      let wake = () => {};
      const hear = (its: Told) => {
        if (waiting.length >= BEHIND) waiting.splice(0, waiting.length, null);
        waiting.push(its);
        wake();
      };
      const stop = () => wake();
      listeners.add(hear);
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          const [next] = waiting;
          if (next === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            continue;
          }
          waiting.shift();
          yield next;
        }
      } finally {
        listeners.delete(hear);
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

function missed(told: readonly Told[], after: string, life: string, count: number): (Told | null)[] {
  if (after === `${life}-${count}`) return [];
  const place = told.findIndex(({ id }) => id === after);
  return place === -1 ? [null] : told.slice(place + 1);
}
