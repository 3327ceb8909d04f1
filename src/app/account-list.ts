import type { Instant } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { Account, accounts } from '../datasets/people/accounts.ts';
import { nameKey } from '../engine/by-name.ts';
import { type Fact, type Facts, itemParts } from '../engine/facts.ts';
import { KeptOrder, type OrderColumns, type OrderEntry } from '../engine/kept-order.ts';
import type { Table } from '../engine/table.ts';

const ACCOUNTS = accounts as unknown as Dataset;

/** An account, whose it is, and by which rule that is known. */
export interface AccountLine {
  readonly source: string;
  readonly partition: string;
  readonly key: string;
  readonly system: string;
  readonly login: string;
  readonly kind: Account['kind'];
  readonly status: Account['status'];
  readonly privileged: Account['privileged'];
  readonly personId: string | null;
  readonly ownerId: string | null;
  readonly purpose: string | null;
  readonly rule: Account['rule'];
  readonly records: readonly number[];
}

/** `orphans`: nobody’s, or of several at once. `services`: of machines, shared, or of people outside. */
export type AccountsOf = 'all' | 'orphans' | 'services';

export interface AccountsAsked {
  readonly of: AccountsOf;
  readonly system?: string | undefined;
  readonly status?: Account['status'] | undefined;
}

type AccountKeys = readonly [system: string, login: string, source: string, partition: string, key: string];

/** Accounts by system and login. */
export interface AccountList {
  readonly count: number;
  keysAt(place: number): AccountKeys;
  /** From one place up to another. */
  window(from: number, to: number): readonly AccountLine[];
}

export function accountLine({ item, row, records }: Fact): AccountLine {
  const { systemId: system, login, kind, status, privileged, personId, ownerId, purpose, rule } = accountOf(row);
  return { ...itemParts(item), system, login, kind, status, privileged, personId, ownerId, purpose, rule, records };
}

const accountOf = (row: Row): Account => row as unknown as Account;
const keysOf = ({ system, login, source, partition, key }: AccountLine): AccountKeys => [system, login, source, partition, key];

/** All accounts at an instant. */
export function* accountsAt(facts: Facts, at: Instant): Iterable<AccountLine> {
  for (const [, told] of facts.table(ACCOUNTS).passing()) for (const fact of told) if (holds(fact, at)) yield accountLine(fact);
}

/** The order of {@link AccountKeys}. */
export function wholeAccounts(all: Iterable<AccountLine>, { of, system, status }: AccountsAsked): AccountList {
  const shown = [...all].filter((its) => isOf(its, of) && (system === undefined || its.system === system) && (status === undefined || its.status === status));
  shown.sort((a, b) => inOrder(keysOf(a), keysOf(b)));
  return {
    count: shown.length,
    keysAt: (place) => keysOf(shown[place] ?? missing()),
    window: (from, to) => shown.slice(from, to),
  };
}

function inOrder(a: AccountKeys, b: AccountKeys): number {
  const place = a.findIndex((key, at) => key !== b[at]);
  return place < 0 ? 0 : (a[place] ?? '') < (b[place] ?? '') ? -1 : 1;
}

function isOf({ kind, personId, ownerId }: Pick<Account, 'kind' | 'personId' | 'ownerId'>, of: AccountsOf): boolean {
  if (of === 'orphans') return personId === null && ownerId === null;
  return of === 'all' || kind === 'service' || kind === 'shared' || kind === 'external';
}

const ORDERS = new WeakMap<Table, AccountOrder>();

function orderOf(facts: Facts, at: Instant): AccountOrder {
  const table = facts.table(ACCOUNTS);
  const order = ORDERS.get(table) ?? new AccountOrder(table, at);
  ORDERS.set(table, order);
  return order;
}

/** Sorts the accounts before somebody asks, step by step. */
export const accountsAhead = (facts: Facts, at: Instant): Generator<void, void> => orderOf(facts, at).ahead();

/** Some accounts in an order that is kept; `null` where the instant is further back than what is kept. */
export function accountList(facts: Facts, asked: AccountsAsked, at: Instant): AccountList | null {
  const order = orderOf(facts, at);
  return at < order.since ? null : order.list(asked, at);
}

/** What is counted of an account. */
export interface AccountStands extends Pick<Account, 'status' | 'privileged'> {
  readonly isOrphan: boolean;
}

/** Calls with every account that is there at an instant, system by system; `false` where that is further back than what is kept, or nothing is sorted yet. */
export function eachAccount(facts: Facts, at: Instant, call: (system: string, place: number, stands: AccountStands) => void): boolean {
  const order = ORDERS.get(facts.table(ACCOUNTS));
  if (!order || at < order.since) return false;
  order.each(at, call);
  return true;
}

const STATUSES = Account.shape.status.options;
const SAID = Account.shape.privileged.options;
/** Of whom an account is, what it is now and whether it is privileged, in one number. */
const [ORPHAN, SERVICE, STATUS, PRIVILEGED] = [1, 2, 4, 4 * STATUSES.length];
/** The same told apart, by the number. */
const STANDS: readonly AccountStands[] = SAID.flatMap((privileged) =>
  STATUSES.flatMap((status) => [0, ORPHAN, SERVICE, ORPHAN + SERVICE].map((whose) => ({ status, privileged, isOrphan: (whose & ORPHAN) !== 0 }))),
);

/** Accounts that had not ended when they were asked for first. */
class AccountOrder {
  readonly since: Instant;
  readonly #table: Table;
  readonly #order: KeptOrder;

  constructor(table: Table, since: Instant) {
    this.since = since;
    this.#table = table;
    this.#order = new KeptOrder(table, {
      entries: (places) => this.#entries(places),
      firstOf: ({ row }) => firstOf(accountOf(row)),
      secondOf: (place) => nameKey(table.places.name(place)),
    });
  }

  ahead(): Generator<void, void> {
    return this.#order.ahead();
  }

  list({ of, system, status }: AccountsAsked, at: Instant): AccountList {
    const columns = this.#order.columns();
    const [first, end] = system === undefined ? [0, columns.count] : [this.#firstOf(columns, system), this.#firstOf(columns, `${system}\u0000`)];
    const wanted = of === 'all' ? 0 : of === 'orphans' ? ORPHAN : SERVICE;
    const chosen = new Int32Array(end - first);
    let count = 0;
    for (let index = first; index < end; index++) {
      const its = columns.nexts[index] ?? 0;
      if ((columns.froms[index] ?? 0) > at || (columns.tos[index] ?? 0) <= at) continue;
      if ((its & wanted) === wanted && (status === undefined || STANDS[its]?.status === status)) chosen[count++] = index;
    }
    const lineAt = (place: number) => accountLine(this.#factAt(columns, chosen[place] ?? -1));
    return {
      count,
      keysAt: (place) => keysOf(lineAt(place)),
      window: (from, to) => Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, offset) => lineAt(from + offset)),
    };
  }

  each(at: Instant, call: (system: string, place: number, stands: AccountStands) => void): void {
    const columns = this.#order.columns();
    for (let first = 0; first < columns.count; ) {
      const system = accountOf(this.#factAt(columns, first).row).systemId;
      const end = this.#firstOf(columns, `${system}\u0000`);
      for (; first < end; first++) {
        const stands = STANDS[columns.nexts[first] ?? -1];
        if (stands && (columns.froms[first] ?? 0) <= at && at < (columns.tos[first] ?? 0)) call(system, columns.places[first] ?? -1, stands);
      }
    }
  }

  /** Where the accounts begin whose system is this one, or comes after it. */
  #firstOf(columns: OrderColumns, system: string): number {
    let [low, high] = [0, columns.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (accountOf(this.#factAt(columns, middle).row).systemId < system) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #factAt({ places, froms }: OrderColumns, index: number): Fact {
    return this.#table.at(places[index] ?? -1).find(({ from }) => from === froms[index]) ?? missing();
  }

  *#entries(places: ReadonlySet<number> | null): Iterable<OrderEntry> {
    const told = places ? [...places].sort((a, b) => a - b).map((place) => [place, this.#table.at(place)] as const) : this.#table.passing();
    for (const [place, facts] of told)
      for (const { row, from, to } of facts) {
        if (to <= this.since) continue;
        const its = accountOf(row);
        const whose = (isOf(its, 'orphans') ? ORPHAN : 0) + (isOf(its, 'services') ? SERVICE : 0);
        const next = whose + STATUS * STATUSES.indexOf(its.status) + PRIVILEGED * SAID.indexOf(its.privileged);
        yield { place, from, to, next, first: firstOf(its) };
      }
  }
}

const firstOf = ({ systemId, login }: Account): string => `${systemId}\u0000${login}`;

function missing(): never {
  throw new RangeError('an account is not there any more: something was learned since the list was made');
}
