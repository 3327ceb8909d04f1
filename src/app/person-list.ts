import { type Instant, NEVER } from '../core/instant.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { type Facts, itemParts } from '../engine/facts.ts';
import { KeptOrder, type OrderColumns, type OrderEntry } from '../engine/kept-order.ts';
import type { Table } from '../engine/table.ts';

const WORKERS = workers as unknown as Dataset;
const ACCOUNTS = accounts as unknown as Dataset;

/** One person as HR knows them, and how many accounts are theirs. */
export interface PersonLine {
  readonly id: string;
  readonly name: string;
  readonly type: Worker['employmentType'];
  readonly title: string | null;
  readonly department: string | null;
  readonly managerId: string | null;
  readonly emails: readonly string[];
  readonly startAt: Instant;
  readonly endAt: Instant | null;
  /** Of the newest engagement that has begun, at the instant. */
  readonly state: 'to come' | 'employed' | 'left';
  readonly accounts: number;
  /** Of those, accounts that can be used. */
  readonly active: number;
  readonly privileged: number;
  readonly records: readonly number[];
}

/** People by name and id. */
export interface PersonList {
  readonly count: number;
  keysAt(place: number): readonly [name: string, id: string];
  /** From one place up to another. */
  window(from: number, to: number): readonly PersonLine[];
}

/** Which people are listed: those of one state, and those whose facts are among some. */
interface Chosen {
  readonly state: PersonLine['state'] | undefined;
  /** By place, with when each began; `null`: all. */
  readonly holding: ReadonlyMap<number, readonly Instant[]> | null;
}

/** Some people in a kept order; each is made when it is asked for. */
export function personList(facts: Facts, columns: OrderColumns, chosenBy: Chosen, at: Instant, make: (id: string) => PersonLine): PersonList {
  const table = facts.table(WORKERS);
  const chosen = chosenBy.state === undefined && chosenBy.holding === null ? null : chosenIn(columns, chosenBy, at);
  const workerAt = (place: number): Worker => {
    const index = chosen ? (chosen[place] ?? -1) : place;
    return workerOf(table, columns.places[index] ?? -1, columns.froms[index] ?? 0);
  };
  const keysAt = (place: number): readonly [string, string] => {
    const { fullName, workerId } = workerAt(place);
    return [fullName, workerId];
  };
  const count = chosen?.length ?? columns.count;
  return {
    count,
    keysAt,
    window: (from, to) => Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, offset) => make(keysAt(from + offset)[1])),
  };
}

function chosenIn({ count, places, froms, tos }: OrderColumns, { state, holding }: Chosen, at: Instant): Int32Array {
  const stateOf = (to: number) => (Number.isNaN(to) ? 'to come' : to <= at ? 'left' : 'employed');
  const chosen = new Int32Array(count);
  let size = 0;
  for (let index = 0; index < count; index++) {
    if (state !== undefined && stateOf(tos[index] ?? NEVER) !== state) continue;
    if (holding === null || holding.get(places[index] ?? -1)?.includes(froms[index] ?? 0)) chosen[size++] = index;
  }
  return chosen.subarray(0, size);
}

function workerOf(table: Table, place: number, from: Instant): Worker {
  const fact = table.at(place).find((its) => its.from === from);
  if (!fact) throw new RangeError(`HR told nothing of the item at ${place} at ${from}: something was learned since the list was made`);
  return fact.row as unknown as Worker;
}

/** An item is an engagement: whose it is, and when it began. */
function workerIdAt({ places }: Table, place: number): string {
  const { key } = itemParts(places.name(place));
  return key.slice(0, key.lastIndexOf('@'));
}

const ORDERS = new WeakMap<Table, PeopleOrder>();

/** Works out what a page of people is made from: their order, and by what the engagements and accounts of one are found. */
export function peopleAhead(facts: Facts, at: Instant): void {
  peopleInOrder(facts, at);
  facts.placesHaving({ dataset: WORKERS }, 'workerId', '');
  facts.placesHaving({ dataset: ACCOUNTS }, 'personId', '');
}

/** Everybody whom HR had told of by an instant, in order; `null` where that is further back than what is kept. */
export function peopleInOrder(facts: Facts, at: Instant): OrderColumns | null {
  const table = facts.table(WORKERS);
  const order = ORDERS.get(table) ?? new PeopleOrder(facts, table);
  ORDERS.set(table, order);
  return order.at(at);
}

/** Of each person what HR told last of the newest engagement that has begun, or of the first. `to`: when it ends; none, where it is to come. `next`: when another is the newest. */
class PeopleOrder {
  readonly #facts: Facts;
  readonly #table: Table;
  readonly #order: KeptOrder;
  #now: Instant = -NEVER;
  /** From then on up to now everything in it is as it is now. */
  #since: Instant = -NEVER;
  /** Those of whom nothing is told before an instant. */
  readonly #coming = new Map<number, Instant>();

  constructor(facts: Facts, table: Table) {
    this.#facts = facts;
    this.#table = table;
    this.#order = new KeptOrder(table, {
      entries: (places) => this.#entries(places),
      firstOf: ({ row }) => (row as unknown as Worker).fullName,
      secondOf: (place) => workerIdAt(table, place),
      around: (places) => this.#around(places),
    });
  }

  at(at: Instant): OrderColumns | null {
    const also = new Set<number>();
    if (at > this.#now) {
      this.#now = at;
      const { count, places, nexts } = this.#order.columns();
      for (let index = 0; index < count; index++) if ((nexts[index] ?? NEVER) <= at) also.add(places[index] ?? -1);
      for (const [place, from] of this.#coming) if (from <= at) also.add(place);
    }
    const columns = this.#order.columns(also);
    return at < this.#since ? null : columns;
  }

  /** All engagements of the people that these are of. */
  #around(places: ReadonlySet<number>): ReadonlySet<number> {
    const all = new Set(places);
    for (const place of places) {
      for (const other of this.#facts.placesHaving({ dataset: WORKERS }, 'workerId', workerIdAt(this.#table, place))) all.add(other);
    }
    return all;
  }

  #entries(places: ReadonlySet<number> | null): Iterable<OrderEntry> {
    const [now, people] = [this.#now, new Map<string, Told>()];
    const told = places ? [...places].sort((a, b) => a - b).map((place) => [place, this.#table.at(place)] as const) : this.#table.passing();
    if (!places) this.#coming.clear();
    for (const [place, facts] of told) {
      this.#coming.delete(place);
      for (const { row, from } of facts) {
        const { workerId, fullName, startAt, terminationAt } = row as unknown as Worker;
        if (from > now) {
          this.#coming.set(place, Math.min(from, this.#coming.get(place) ?? NEVER));
          continue;
        }
        this.#since = Math.max(this.#since, from, startAt <= now ? startAt : -NEVER);
        const before = people.get(workerId);
        const next = Math.min(before?.next ?? NEVER, startAt > now ? startAt : NEVER);
        const its = { place, from, to: startAt > now ? Number.NaN : (terminationAt ?? NEVER), next, first: fullName, startAt };
        people.set(workerId, before && !isNewer(its, before, now) ? { ...before, next } : its);
      }
    }
    return people.values();
  }
}

interface Told extends OrderEntry {
  readonly startAt: Instant;
}

/** Of those that have begun the one that began last, else the first; of what was told of one the last. */
function isNewer(its: Told, before: Told, now: Instant): boolean {
  const [later, begun, begunBefore] = [its.startAt - before.startAt || its.from - before.from, its.startAt <= now, before.startAt <= now];
  if (begun !== begunBefore) return begun;
  return begun ? later >= 0 : later < 0;
}
