import type { Asking } from './asking.ts';
import { compared, cursorOf, firstBehind, pageIn, type Place, placeOf, sortedBy } from './cursor.ts';
import type { Kept } from './lists.ts';
import { problem } from './problem.ts';

/** A list as it is made: all of it, and what is said beside each page. */
interface Listed<Entry, About> {
  readonly entries: Iterable<Entry>;
  /** Instant that every page speaks of; `null` where the list has none. */
  readonly asOf: number | null;
  readonly about: About;
}

interface Asked<Question> {
  /** Which list it is. */
  readonly name: string;
  /** All that it follows from besides the log and the bounds of who asks. */
  readonly question: Question;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** So many entries before the first, in place of a cursor. */
  readonly skip?: number | undefined;
  readonly descending?: boolean;
}

/**
 * One page of a list that follows from the log. It is made and sorted for the first page that is asked for, and further
 * pages are cut from it for as long as the log stays what it is.
 *
 * @param make is told of which instant the list is to speak; not, where that is now
 */
export async function paged<Entry, About, Question extends { readonly asOf?: number | undefined }>(
  { answers, principal }: Pick<Asking, 'answers' | 'principal'>,
  { name, question, limit, cursor, skip, descending = false }: Asked<Question>,
  make: (asOf: number | undefined) => Promise<Listed<Entry, About>>,
  keysOf: (entry: Entry, about: About) => Place['after'],
) {
  either(cursor, skip);
  const place = placeOf(question, cursor);
  const asOf = place ? place.asOf : question.asOf;
  const { log } = await answers.footing();
  const at = (instant: number | null) => JSON.stringify([name, question, instant, principal?.bounds ?? null, log]);
  const there = asOf === undefined ? undefined : (answers.lists.get(at(asOf)) as Kept<Entry, About> | undefined);
  const list = there ?? (await made());
  return {
    ...pageIn(list, { question, limit, place, asOf: list.asOf, skip: skip ?? 0, descending }),
    about: list.about,
    asOf: list.asOf,
    count: list.entries.length,
  };

  async function made(): Promise<Kept<Entry, About>> {
    const its = await make(asOf ?? undefined);
    const list = { ...sortedBy(its.entries, (entry) => keysOf(entry, its.about), descending), asOf: its.asOf, about: its.about };
    answers.lists.keep(at(its.asOf), list as Kept<unknown, unknown>);
    return list;
  }
}

/** Throws a problem where somebody says twice where a page begins. */
export function either(cursor: string | undefined, skip: number | undefined): void {
  if (cursor !== undefined && skip !== undefined)
    throw problem('invalid-request', 'A cursor or a number of rows, not both.', [{ name: 'skip', says: 'excludes cursor' }]);
}

/** A list that holds where its entries are, and makes those that are asked for. */
interface Windowed<Entry, About> extends Omit<Listed<Entry, About>, 'entries'> {
  readonly list: { readonly count: number; keysAt(place: number): Place['after']; window(from: number, to: number): readonly Entry[] };
}

/** One page of such a list. Whoever makes it remembers it for as long as the log stays what it is. */
export async function windowed<Entry, About, Question extends { readonly asOf?: number | undefined }>(
  { question, limit, cursor, skip }: Omit<Asked<Question>, 'name' | 'descending'>,
  make: (asOf: number | undefined) => Promise<Windowed<Entry, About>>,
) {
  either(cursor, skip);
  const place = placeOf(question, cursor);
  const { list, asOf, about } = await make((place ? place.asOf : question.asOf) ?? undefined);
  const from = place === null ? (skip ?? 0) : firstBehind(list.count, list.keysAt, place.after, compared);
  const entries = list.window(from, from + limit);
  const hasMore = entries.length > 0 && from + limit < list.count;
  return { entries, next: hasMore ? cursorOf(question, { after: list.keysAt(from + limit - 1), asOf }) : null, about, count: list.count };
}
