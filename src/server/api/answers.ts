import { createHash } from 'node:crypto';
import type { Workspace } from '../../app/views.ts';
import { type Instant, minutes } from '../../core/instant.ts';
import type { Demands } from './contract/endpoint.ts';
import { type Lists, listsOf } from './lists.ts';
import { together } from './together.ts';

/** What an answer is a function of, besides the question and the bounds of who asks. */
export interface Footing {
  readonly log: string;
  /** The same, as a header says it: a dictionary of RFC 9651. */
  readonly rests: string;
  /** Up to then an answer about now stays what it is: no claim changes, and durations that still run are at most a minute behind. */
  readonly until: Instant;
}

export interface Answer {
  /** Weak: two servers may have made it at different instants of one minute. */
  readonly etag: string;
  readonly body: Uint8Array;
}

/** Answers as they are sent, made once for all who ask the same of the same log. */
export interface Answers {
  footing(): Promise<Footing>;
  /** @param question everything that the answer depends on besides the log; `made` is asked once, however many ask at a time */
  answer(etag: string, make: () => Promise<Uint8Array>): Promise<Answer>;
  /** Lists that are paged through. */
  readonly lists: Lists;
  /** What is kept under a name; nothing is made. */
  kept(etag: string): Uint8Array | undefined;
  /** Notes which answer a question had, as it was sent, and {@link remembered} gives it. */
  remember(question: string, known: Remembered): void;
  remembered(question: string): Remembered | undefined;
}

/** Which answer a question had, what it rested on, and what was demanded of who asked. */
export interface Remembered {
  readonly etag: string;
  readonly footing: Footing;
  readonly path: readonly string[];
  readonly demands: Partial<Demands>;
}

const MINUTE = minutes(1);
/** Bytes of answers that are kept; one that is larger than a quarter of it is not. */
const ROOM = 96 * 1024 * 1024;
/** So many questions are remembered, none longer than so many signs. */
const QUESTIONS = 2000;
const LONGEST = 2000;

type Known = Pick<Workspace, 'checkpoint' | 'nextChange' | 'now' | 'program'>;

export function answersOf(workspace: Known, room = ROOM): Answers {
  const kept = new Map<string, Uint8Array>();
  const making = new Map<string, Promise<Uint8Array>>();
  const questions = new Map<string, Remembered>();
  let held = 0;
  let last: Footing | null = null;

  const keep = (etag: string, body: Uint8Array) => {
    if (body.byteLength > room / 4) return;
    kept.set(etag, body);
    held += body.byteLength;
    for (const [oldest, its] of kept) {
      if (held <= room) break;
      kept.delete(oldest);
      held -= its.byteLength;
    }
  };

  const get = (etag: string): Uint8Array | undefined => {
    const there = kept.get(etag);
    if (!there) return undefined;
    kept.delete(etag); // the least lately asked goes first
    kept.set(etag, there);
    return there;
  };

  return {
    lists: listsOf(),
    kept: get,
    remembered: (question) => questions.get(question),
    remember(question, known) {
      if (question.length > LONGEST) return;
      questions.delete(question);
      questions.set(question, known);
      const [oldest] = questions.keys();
      if (questions.size > QUESTIONS && oldest !== undefined) questions.delete(oldest);
    },

    // Asked with every request: those that come at once share one look.
    footing: together(async () => {
      const { origin, size, root } = await workspace.checkpoint();
      const { code, catalog } = workspace.program;
      const log = `${origin} ${size} ${root} ${code} ${catalog}`;
      const now = workspace.now();
      if (last?.log === log && now < last.until) return last;
      const rests = `log=${quoted(origin)}, size=${size}, root=${quoted(root)}, code=${quoted(code)}, catalog=${quoted(catalog)}`;
      last = { log, rests, until: Math.min(await workspace.nextChange(), (Math.floor(now / MINUTE) + 1) * MINUTE) };
      return last;
    }),

    async answer(etag, make) {
      const there = get(etag);
      if (there) return { etag, body: there };
      const begun = making.get(etag);
      if (begun) return { etag, body: await begun };
      const made = make();
      making.set(etag, made);
      try {
        const body = await made;
        keep(etag, body);
        return { etag, body };
      } finally {
        making.delete(etag);
      }
    },
  };
}

/** A string of RFC 9651: what it cannot hold is percent-encoded. */
const quoted = (text: string): string => `"${encodeURI(text)}"`;

/** Names an answer by all that it follows from. */
export const etagOf = (parts: readonly unknown[]): string => `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}"`;

/** Whether a client holds it already: `If-None-Match` names it, weakly compared (RFC 9110 section 13.1.2). */
export function holds(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => bare(tag) === bare(etag));
}
