import { availableParallelism } from 'node:os';
import { type Serve, serveThread, startThread, type Thread } from './threads.ts';

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

/** Work that is asked for part by part: what threads have not begun by then is done here. */
export interface Helped<Part, Done> {
  /** Answers with how to ask for it. Rather than wait for a thread, whoever asks does what no thread has begun, this part or one that comes after it. */
  add(part: Part): () => Promise<Done>;
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
  /** The same, of parts that are asked for in about the order in which they came. */
  help<Part, Done>(how: How<Part, Done, Asked, Answer>): Helped<Part, Done>;
  /** Ends the threads. Until then they are kept, and keep nobody. */
  end(): Promise<void>;
}

/** What a thread is asked; and, where others may do it too, which of them has begun. */
interface Offer<Asked> {
  readonly asked: Asked;
  readonly turn: Turn | null;
}

/** One place, 0 until somebody begins. */
interface Turn {
  readonly places: Int32Array<SharedArrayBuffer>;
  readonly place: number;
}

/** Whether it is ours to do: of all who ask, one is told so. */
const begins = ({ places, place }: Turn): boolean => Atomics.compareExchange(places, place, 0, 1) === 0;
const PLACES = 1024;
const placesOf = (count: number): Turn['places'] => new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));

/** What a thread of {@link aside} does: `null` tells that others have begun before it. */
export const serveAside = <Asked, Answer>(role: string, serve: Serve<Asked, Answer>): void =>
  serveThread<Offer<Asked>, Answer | null>(role, ({ asked, turn }) => (turn === null || begins(turn) ? serve(asked) : [null, []]));

interface Beside<Asked, Answer> {
  readonly thread: Thread<Offer<Asked>, Answer | null>;
  owed: number;
}

/**
 * @param url the module that answers: it says {@link serveAside} with the same role
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
        const answer = await ask(its, null, ...how.ask(part));
        done[place] = answer === null ? how.here(part) : how.done(answer, part);
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

    help<Part, Done>(how: How<Part, Done, Asked, Answer>): Helped<Part, Done> {
      const waiting = new Set<{ readonly turn: Turn; readonly here: () => void }>();
      let [places, next] = [placesOf(PLACES), 0];
      /** The first that no thread has begun is done here. */
      const helped = (): boolean => {
        for (const its of waiting) {
          waiting.delete(its);
          if (!begins(its.turn)) continue;
          its.here();
          return true;
        }
        return false;
      };
      return {
        add(part) {
          if (next === PLACES) [places, next] = [placesOf(PLACES), 0];
          const its = {
            turn: { places, place: next++ },
            done: null as (() => Done) | null,
            here() {
              its.done ??= told(() => how.here(part));
            },
          };
          waiting.add(its);
          const thread = idle(Number.POSITIVE_INFINITY);
          const answered =
            thread &&
            ask(thread, its.turn, ...how.ask(part)).then((answer) => {
              waiting.delete(its);
              if (answer === null)
                its.here(); // done already, or the thread has ended
              else its.done ??= told(() => how.done(answer, part));
            });
          return async () => {
            while (its.done === null && helped()) if (its.done === null) await aTurn(); // for what threads have answered meanwhile
            if (its.done === null) await answered; // of what was done here the thread says so when it comes to it
            return (its.done as () => Done)();
          };
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
  async function ask(its: Beside<Asked, Answer>, turn: Turn | null, asked: Asked, moved: readonly ArrayBuffer[]): Promise<Answer | null> {
    its.owed++;
    try {
      return await its.thread.ask({ asked, turn }, moved);
    } catch {
      const place = beside.indexOf(its);
      if (place >= 0) beside.splice(place, 1);
      return null;
    } finally {
      its.owed--;
    }
  }
}

/** What came of it, or what it failed with, for whoever asks. */
function told<Done>(act: () => Done): () => Done {
  try {
    const done = act();
    return () => done;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Time for what others have done meanwhile, and for what is on its way to the disk. */
export const aTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
