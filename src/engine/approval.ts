import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { aliases } from '../datasets/people/aliases.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { type Facts, meets } from './facts.ts';

const of = (dataset: unknown): { readonly dataset: Dataset } => ({ dataset: dataset as Dataset });

/** Whether somebody who neither wrote an entry nor gains by it has approved it. */
export interface Approval {
  /** Worker ids of who approved it and may; empty where nobody did. */
  readonly by: readonly string[];
  /** Why it is not approved; `null` where it is. */
  readonly why: string | null;
}

/** @param barred worker ids of whom the entry is about: nobody approves for themselves */
export function approvalOf(facts: Facts, entry: RegisterEntry, at: Instant, barred: ReadonlySet<string>): Approval {
  const { commit, author, authorEmail, approval, approverEmails, statement, keyId } = entry;
  const refused = (why: string): Approval => ({ by: [], why });
  if (commit === null && statement === null) return refused('nothing tells which commit last changed it');
  const change =
    statement === null ? `commit ${commit?.slice(0, 12)} by ${author ?? 'nobody'}` : `the statement of ${author ?? 'nobody'} in record ${statement}`;
  if (statement !== null && keyId === null)
    return refused(`${change} is not authenticated: neither a key that was bound to that address nor a sign-in shows who made it`);
  if (approval === 'unknown') return refused(`${change} does not say who approved it`);
  if (approval === 'none') return refused(`${change} was approved by nobody else`);
  const authors = peopleAt(facts, authorEmail === null ? [] : [authorEmail], at);
  if (authors.length === 0) return refused(`no worker has the address under which ${change} was made`);
  const approvers = peopleAt(facts, approverEmails, at);
  if (approvers.length === 0) return refused(`no worker has the address under which ${change} was approved: ${approverEmails.join(', ')}`);
  const others = approvers.filter((id) => !authors.includes(id));
  if (others.length === 0) return refused(`${change} was approved by its author under another address`);
  const free = others.filter((id) => !barred.has(id));
  if (free.length === 0) return refused(`${change} was approved by ${namesOf(facts, others)}, whom the item belongs to`);
  return { by: free, why: null };
}

/** Worker ids of whom these addresses are at an instant; where HR was not read by then, by what it said later. */
export function peopleAt(facts: Facts, addresses: readonly string[], at: Instant): readonly string[] {
  const people = addresses.flatMap((address) => {
    const of = (then: Instant | null) =>
      [workers, aliases].flatMap((dataset) => rowsWith(facts, dataset, 'emails', address, then).map(({ workerId }) => String(workerId)));
    const known = of(at);
    return known.length > 0 ? known : of(null);
  });
  return [...new Set(people)].sort();
}

function rowsWith(facts: Facts, dataset: unknown, field: string, value: string, at: Instant | null): readonly Row[] {
  return [...facts.having(of(dataset), field, value)].flatMap((item) =>
    facts
      .of(of(dataset), item)
      .filter((fact) => (at === null || holds(fact, at)) && meets(fact.row[field]).includes(value))
      .map(({ row }) => row),
  );
}

/** Fields that say whose a thing is; the manager and the approver of something do not gain by it. */
const IDS = ['workerId', 'personId', 'ownerId'];
const ADDRESSES = ['emails', 'email', 'authorEmail'];
const LOGINS = ['login', 'author', 'actor', 'creator', 'pusher', 'holder'];

/** Worker ids of the people that an item belongs to, where that is known. */
export function peopleOf(facts: Facts, check: Check, item: string): ReadonlySet<string> {
  const rows = [...facts.of(check.population, item), ...facts.of(of(accounts), item)].map(({ row }) => row);
  const values = (fields: readonly string[]) => new Set(rows.flatMap((row) => fields.flatMap((field) => meets(row[field]).map(String))));
  const people = new Set(values(IDS));
  for (const address of values(ADDRESSES))
    for (const dataset of [workers, aliases]) for (const { workerId } of rowsWith(facts, dataset, 'emails', address, null)) people.add(String(workerId));
  for (const login of values(LOGINS))
    for (const { personId, ownerId } of rowsWith(facts, accounts, 'login', login, null)) for (const id of [personId, ownerId]) if (id) people.add(String(id));
  return people;
}

/** The names of workers; an id that HR does not know stands for itself. */
export function namesOf(facts: Facts, ids: readonly string[]): string {
  return ids.map((id) => String(rowsWith(facts, workers, 'workerId', id, null).at(-1)?.fullName ?? id)).join(', ');
}
