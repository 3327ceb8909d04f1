import { availableParallelism } from 'node:os';
import { startThread, type Thread } from './threads.ts';

/** Parts that a thread is given before it has answered the first: it must not wait for this one to come round. */
const AHEAD = 3;
/** The same, of what somebody waits for while other work is only done ahead of its time. */
export const URGENT = 6;

/** Work of which threads beside this one take parts. */
export interface Shared<Part, Done> {
  /** A part that is there: taken at once by a thread that has nothing to do. */
  add(part: Part): void;
  /** What became of each, in their order. What nobody has taken yet is done here, part by part, as long as the others are at work too. */
  all(): Promise<readonly Done[]>;
}

export interface How<Part, Done, Asked, Answer> {
  here(part: Part): Done;
  ask(part: Part): readonly [asked: Asked, moved: readonly ArrayBuffer[]];
  done(answer: Answer, part: Part): Done;
}

export interface Aside<Asked, Answer> {
  /** Whether there are threads: with one processor there are none. */
  readonly isThere: boolean;
  /** Where a thread ends early, its parts are done here. */
  share<Part, Done>(how: How<Part, Done, Asked, Answer>, ahead?: number): Shared<Part, Done>;
  /** Ends the threads. Until then they are kept, and keep nobody. */
  end(): Promise<void>;
}

interface Beside<Asked, Answer> {
  readonly thread: Thread<Asked, Answer>;
  owed: number;
}

/**
 * @param url the module that answers: it says `serveThread` with the same role
 * @param threads at most so many, and no more than there are processors besides the one of this thread
 */
export function aside<Asked, Answer>(url: string, role: string, threads: number): Aside<Asked, Answer> {
  const beside: Beside<Asked, Answer>[] = [];
  const most = Math.min(threads, availableParallelism() - 1);

  return {
    isThere: most > 0,

    async end() {
      await Promise.all(beside.splice(0).map(({ thread }) => thread.end()));
    },

    share<Part, Done>(how: How<Part, Done, Asked, Answer>, ahead: number = AHEAD): Shared<Part, Done> {
      const parts: Part[] = [];
      const done: Done[] = [];
      const owed: Promise<unknown>[] = [];
      let next = 0;
      const give = () => {
        for (let free = idle(ahead); free && next < parts.length; free = idle(ahead)) {
          const taken = take(free, next++);
          taken.catch(() => undefined); // told by all()
          owed.push(taken);
        }
      };
      const take = async (its: Beside<Asked, Answer>, place: number) => {
        const part = parts[place] as Part;
        const answer = await ask(its, ...how.ask(part));
        done[place] = answer === null ? how.here(part) : how.done(answer.answer, part);
        give();
      };
      return {
        add(part) {
          parts.push(part);
          give();
        },
        async all() {
          try {
            for (give(); next < parts.length; give()) {
              const place = next++;
              done[place] = how.here(parts[place] as Part);
              await aTurn();
            }
          } finally {
            next = parts.length;
            await Promise.allSettled(owed);
          }
          await Promise.all(owed);
          return done;
        },
      };
    },
  };

  /** The thread that owes least, if it can take more. */
  function idle(ahead: number): Beside<Asked, Answer> | null {
    while (beside.length < most) beside.push({ thread: startThread(url, role), owed: 0 });
    let free: Beside<Asked, Answer> | null = null;
    for (const its of beside) if (its.owed < (free?.owed ?? ahead)) free = its;
    return free;
  }

  /** `null` where the thread has ended, by what it was asked or otherwise: what comes next has another. */
  async function ask(its: Beside<Asked, Answer>, asked: Asked, moved: readonly ArrayBuffer[]): Promise<{ readonly answer: Answer } | null> {
    its.owed++;
    try {
      return { answer: await its.thread.ask(asked, moved) };
    } catch {
      const place = beside.indexOf(its);
      if (place >= 0) beside.splice(place, 1);
      return null;
    } finally {
      its.owed--;
    }
  }
}

/** Time for what others have done meanwhile, and for what is on its way to the disk. */
export const aTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
