import { type Instant, NEVER } from '../core/instant.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import type { Fact, Facts } from '../engine/facts.ts';
import { type Mention, Mentions, type Rank, rankOf, type Words } from '../engine/mentions.ts';
import { inTurns } from './in-turns.ts';
import type { Table } from '../engine/table.ts';
import type { AccountLine } from './account-list.ts';
import type { PersonLine } from './person-list.ts';

export { rankOf } from '../engine/mentions.ts';

const WORKERS = workers as unknown as Dataset;
const ACCOUNTS = accounts as unknown as Dataset;

const KNOWN = new WeakMap<Table, Mentions>();

/** What people or accounts are found by. */
export function mentionsOf(facts: Facts, dataset: Dataset, at: Instant): Mentions {
  const table = facts.table(dataset);
  const there = KNOWN.get(table) ?? new Mentions(table, at, WORDS[dataset.id] ?? labelOf(dataset));
  KNOWN.set(table, there);
  return there;
}

const LABELS = new WeakMap<Table, Mentions>();

/** What the items of a dataset are called, and ever were: a case is called as its item was then. */
export function labelsOf(facts: Facts, dataset: Dataset): Mentions {
  const table = facts.table(dataset);
  const there = LABELS.get(table) ?? new Mentions(table, -NEVER, labelOf(dataset));
  LABELS.set(table, there);
  return there;
}

const labelOf =
  (dataset: Dataset) =>
  (row: Row): Words => ({ id: '', title: [dataset.label(row)] });

const WORDS: Readonly<Record<string, (row: Row) => Words>> = {
  [WORKERS.id]: (row) => {
    const { workerId, fullName, emails, title, department } = row as unknown as Worker;
    return { id: workerId, title: [fullName, ...emails], more: [title ?? '', department ?? ''] };
  },
  [ACCOUNTS.id]: (row) => {
    const { login, systemId } = row as unknown as Account;
    return { id: login, title: [`${login} in ${systemId}`] };
  },
};

/** A person or an account as it is looked for. */
export const asPerson = ({ id, name, emails }: PersonLine): Spoken => ({ id, title: [name, ...emails].join(' ') });
export const asAccount = ({ login, system }: AccountLine): Spoken => ({ id: login, title: `${login} in ${system}` });

interface Spoken {
  readonly id: string;
  readonly title: string;
}

/** Those that fit, so many of them: the best first, of the same rank the shortest id. @param sought in small letters */
export function bestOf<Line>(all: Iterable<Line>, spoken: (line: Line) => Spoken, { sought, most }: Sought): readonly Line[] {
  let best: { readonly line: Line; readonly rank: Rank; readonly id: string }[] = [];
  for (const line of all) {
    const { id, title } = spoken(line);
    const rank = rankOf(id.toLowerCase(), title.toLowerCase(), sought);
    if (rank !== null) best.push({ line, rank, id });
    if (best.length > MANY) best = best.sort(bestFirst).slice(0, most);
  }
  return best
    .sort(bestFirst)
    .slice(0, most)
    .map(({ line }) => line);
}

export interface Sought {
  /** In small letters. */
  readonly sought: string;
  readonly most: number;
}

/** So many that fit are held before only the best of them are. */
const MANY = 5000;

const bestFirst = (a: Pick<Mention, 'rank' | 'id'>, b: Pick<Mention, 'rank' | 'id'>): number =>
  a.rank - b.rank || a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));

/** The facts of a dataset that fit, the best first; others are answered in between. */
export async function looked(facts: Facts, dataset: Dataset, at: Instant, sought: string): Promise<readonly Mention[]> {
  return facts.reads(dataset.id) ? (await inTurns(mentionsOf(facts, dataset, at).found(sought))).toSorted(bestFirst) : [];
}

/** So many of them as they are at an instant, where they still fit then. @param make `null` where there is none then */
export function among<Line>(
  facts: Facts,
  dataset: Dataset,
  found: readonly Mention[],
  { sought, most, spoken, make }: Sought & { readonly spoken: (line: Line) => Spoken; readonly make: (fact: Fact) => Line | null },
): readonly Line[] {
  const [lines, seen] = [[] as Line[], new Set<string>()];
  for (const { place, from } of found) {
    if (lines.length >= most) break;
    const fact = facts
      .table(dataset)
      .at(place)
      .find((its) => its.from === from);
    const line = fact && make(fact);
    if (!line || seen.has(nameOf(line, spoken))) continue;
    seen.add(nameOf(line, spoken));
    const { id, title } = spoken(line);
    if (rankOf(id.toLowerCase(), title.toLowerCase(), sought) !== null) lines.push(line);
  }
  return lines;
}

const nameOf = <Line>(line: Line, spoken: (line: Line) => Spoken): string => JSON.stringify(spoken(line));
