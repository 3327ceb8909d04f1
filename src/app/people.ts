import { type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { jobChanges } from '../datasets/hr/job-changes.ts';
import { terminations } from '../datasets/hr/terminations.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { bases } from '../engine/derive.ts';
import { type Fact, streamId } from '../engine/facts.ts';
import { type AccountLine, accountLine, type AccountList, accountList, type AccountsAsked, accountsAt, wholeAccounts } from './account-list.ts';
import { type PoliciesOf, policiesOf } from './acceptances.ts';
import type { Ground, Then } from './grounds.ts';
import { among, asAccount, asPerson, bestOf, looked, mentionsOf, type Sought } from './mentioned.ts';
import { peopleInOrder, type PersonLine, type PersonList, personList } from './person-list.ts';
import { remembered } from './remembered.ts';

export type { AccountLine } from './account-list.ts';
export type { PersonLine } from './person-list.ts';

/** What one account was, from one instant up to another. */
export interface AccountSpell extends Period {
  readonly status: Account['status'];
  readonly privileged: Account['privileged'];
  readonly records: readonly number[];
}

/** What happened to a person or to an account of theirs. */
export interface PersonEvent {
  readonly at: Instant;
  readonly what: 'starts' | 'ends' | 'moves' | 'leaves' | 'account';
  readonly says: string;
  readonly system: string | null;
  readonly login: string | null;
  readonly by: string | null;
  readonly records: readonly number[];
}

export interface PersonView extends PersonLine {
  readonly engagements: readonly (Period & { readonly startAt: Instant; readonly endAt: Instant | null; readonly records: readonly number[] })[];
  /** Their own, and those that they answer for; with those that are gone. */
  readonly lanes: readonly (AccountLine & { readonly own: boolean; readonly there: boolean; readonly spells: readonly AccountSpell[] })[];
  /** Ids of their engagements and of the accounts that are there, in order. */
  readonly items: readonly string[];
  /** In the order of time; the newest thousand. */
  readonly events: readonly PersonEvent[];
  /** By the newest engagement that has begun. */
  readonly policies: PoliciesOf;
}

/** Whether all that the graph of people follows from was told. */
export interface GraphGaps {
  readonly covered: boolean;
  readonly gaps: readonly string[];
}

export interface PeopleView extends GraphGaps {
  readonly asOf: Instant;
  readonly people: readonly PersonLine[];
}

export interface PeopleQuery {
  readonly asOf?: Instant | undefined;
  readonly then?: Then | undefined;
  readonly state?: PersonLine['state'] | undefined;
  /** Somewhere in id, name, title, department or an address, whatever the case. */
  readonly text?: string | undefined;
}

export interface PersonListView extends GraphGaps {
  readonly asOf: Instant;
  /** To be read before anything else is asked. */
  readonly list: PersonList;
}

export interface AccountsQuery extends AccountsAsked {
  readonly asOf?: Instant | undefined;
  readonly then?: Then | undefined;
}

export interface AccountListView extends GraphGaps {
  readonly asOf: Instant;
  /** To be read before anything else is asked. */
  readonly list: AccountList;
}

export interface People {
  people(asOf?: Instant, then?: Then): Promise<PeopleView>;
  /** Some of them, to be paged through. */
  personList(query: PeopleQuery): Promise<PersonListView>;
  /** `null` where HR had told of no such worker by then. */
  person(id: string, asOf?: Instant, then?: Then): Promise<(PersonView & GraphGaps & { readonly asOf: Instant }) | null>;
  /** Some of them, to be paged through. */
  accountList(query: AccountsQuery): Promise<AccountListView>;
  /** People and accounts by the beginning or a part of what they are called, those that fit best first, so many of each. Others are answered meanwhile. */
  found(
    query: Sought & { readonly asOf?: Instant | undefined },
  ): Promise<{ readonly people: readonly PersonLine[]; readonly accounts: readonly AccountLine[] }>;
}

const WORKERS = workers as unknown as Dataset;
const ACCOUNTS = accounts as unknown as Dataset;
const EVENTS = 1000;

/** So many lists that are made whole are remembered for whoever pages through them. */
const listed = remembered<PersonList>(2);
const whole = remembered<AccountList>(2);

export function peopleOf(grounds: (then?: Then) => Promise<Ground>): People {
  return {
    async people(asOf, then) {
      const on = await grounds(then);
      const at = asOf ?? on.asOf;
      return { asOf: at, ...gapsOf(on, at), people: everybody(on, at) };
    },

    async personList({ asOf, then, state, text }) {
      const on = await grounds(then);
      const at = asOf ?? on.asOf;
      const { facts } = on.engine;
      const columns = peopleInOrder(facts, at);
      const make = (id: string) => personLine(id, engagementsOf(on, id, at), accountsOf(on, id, at), at);
      const list = columns
        ? personList(facts, columns, { state, holding: text === undefined ? null : mentionsOf(facts, WORKERS, at).holding(text.toLowerCase()) }, at, make)
        : listed(on.periods, JSON.stringify([at, state ?? null, text ?? null]), () => wholeList(everybody(on, at), state, text));
      return { asOf: at, ...gapsOf(on, at), list };
    },

    async person(id, asOf, then) {
      const on = await grounds(then);
      const at = asOf ?? on.asOf;
      const facts = engagementsOf(on, id, at);
      if (facts.length === 0) return null;
      const lanes = lanesOf(on, id, at);
      const own = lanes.filter((lane) => lane.own && lane.there);
      return {
        asOf: at,
        ...gapsOf(on, at),
        ...personLine(id, facts, own, at),
        engagements: facts.map(({ row, from, to, records }) => ({
          from,
          to,
          startAt: (row as unknown as Worker).startAt,
          endAt: (row as unknown as Worker).terminationAt,
          records,
        })),
        lanes,
        items: [
          ...new Set([
            ...facts.map(({ item }) => item),
            ...lanes.filter(({ there }) => there).map(({ source, partition, key }) => `${streamId(source, partition)}/${key}`),
          ]),
        ].sort(),
        events: eventsOf(on, id, facts, lanes, at),
        policies: policiesOf(on, newestOf(facts, at).row as unknown as Worker, at),
      };
    },

    async accountList({ asOf, then, ...asked }) {
      const on = await grounds(then);
      const at = asOf ?? on.asOf;
      const { facts } = on.engine;
      const { of, system = null, status = null } = asked;
      const list =
        accountList(facts, asked, at) ?? whole(on.periods, JSON.stringify([at, of, system, status]), () => wholeAccounts(accountsAt(facts, at), asked));
      return { asOf: at, ...gapsOf(on, at), list };
    },

    async found({ asOf, ...asked }) {
      const before = await grounds();
      const at = asOf ?? before.asOf;
      const { sought } = asked;
      const isKept = [WORKERS, ACCOUNTS].every((dataset) => mentionsOf(before.engine.facts, dataset, at).since <= at);
      const told = isKept ? [await looked(before.engine.facts, WORKERS, at, sought), await looked(before.engine.facts, ACCOUNTS, at, sought)] : null;
      const on = await grounds(); // by what was learned meanwhile
      const { facts } = on.engine;
      const [people, owned] = told ?? [];
      if (!people || !owned) return { people: bestOf(everybody(on, at), asPerson, asked), accounts: bestOf(accountsAt(facts, at), asAccount, asked) };
      const person = ({ row }: Fact): PersonLine | null => {
        const { workerId } = row as unknown as Worker;
        const its = engagementsOf(on, workerId, at);
        return its.length === 0 ? null : personLine(workerId, its, accountsOf(on, workerId, at), at);
      };
      const account = (fact: Fact): AccountLine | null => (holds(fact, at) ? accountLine(fact) : null);
      return {
        people: among(facts, WORKERS, people, { ...asked, spoken: asPerson, make: person }),
        accounts: among(facts, ACCOUNTS, owned, { ...asked, spoken: asAccount, make: account }),
      };
    },
  };
}

function gapsOf({ coverage }: Ground, at: Instant): GraphGaps {
  const told = [...new Set([...bases(WORKERS), ...bases(ACCOUNTS)])];
  const silent = told.filter((id) => !coverage.dataset(id).some((span) => holds(span, at)));
  return { covered: silent.length === 0, gaps: silent.flatMap((id) => coverage.explain(id, at)) };
}

function everybody(on: Ground, at: Instant): readonly PersonLine[] {
  const { facts } = on.engine;
  const held = Map.groupBy(accountsAt(facts, at), ({ personId }) => personId);
  const told = [...facts.items({ dataset: WORKERS })].flatMap((item) => facts.of({ dataset: WORKERS }, item)).filter(({ from }) => from <= at);
  const engagements = Map.groupBy(told, ({ row }) => (row as unknown as Worker).workerId);
  return [...engagements].map(([id, its]) => personLine(id, inTime(its), held.get(id) ?? [], at));
}

/** In the order of names and ids. */
export function wholeList(people: readonly PersonLine[], state: PersonLine['state'] | undefined, text: string | undefined): PersonList {
  const sought = text?.toLowerCase();
  const shown = people
    .filter((person) => (state === undefined || person.state === state) && (sought === undefined || mentions(person, sought)))
    .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  return {
    count: shown.length,
    keysAt: (place) => [shown[place]?.name ?? '', shown[place]?.id ?? ''],
    window: (from, to) => shown.slice(from, to),
  };
}

const mentions = ({ id, name, emails, title, department }: PersonLine, sought: string): boolean =>
  [id, name, title, department, ...emails].some((text) => text?.toLowerCase().includes(sought));

/** What HR has told of a person by an instant, in the order of time: who left stays known. */
function engagementsOf({ engine: { facts } }: Ground, id: string, at: Instant): readonly Fact[] {
  const places = facts.placesHaving({ dataset: WORKERS }, 'workerId', id);
  const told = places.flatMap((place) => facts.table(WORKERS).at(place));
  return inTime(told.filter(({ row, from }) => from <= at && row.workerId === id));
}

function inTime(engagements: readonly Fact[]): readonly Fact[] {
  const startOf = ({ row }: Fact) => (row as unknown as Worker).startAt;
  return engagements.toSorted((a, b) => startOf(a) - startOf(b) || a.from - b.from);
}

/** What was told of the engagement that began last; of the first, where none has begun. */
function newestOf(facts: readonly Fact[], at: Instant): Fact {
  const begun = facts.filter(({ row }) => (row as unknown as Worker).startAt <= at);
  return (begun.at(-1) ?? facts[0]) as Fact;
}

function personLine(id: string, facts: readonly Fact[], own: readonly AccountLine[], at: Instant): PersonLine {
  const newest = newestOf(facts, at);
  const { fullName, employmentType, title, department, managerId, emails, startAt, terminationAt } = newest.row as unknown as Worker;
  return {
    id,
    name: fullName,
    type: employmentType,
    title,
    department,
    managerId,
    emails,
    startAt,
    endAt: terminationAt,
    state: startAt > at ? 'to come' : terminationAt !== null && terminationAt <= at ? 'left' : 'employed',
    accounts: own.length,
    active: own.filter(({ status }) => status === 'active').length,
    privileged: own.filter(({ privileged, status }) => privileged === 'yes' && status === 'active').length,
    records: newest.records,
  };
}

/** Those of one person. */
function accountsOf({ engine: { facts } }: Ground, id: string, at: Instant): readonly AccountLine[] {
  const places = facts.placesHaving({ dataset: ACCOUNTS }, 'personId', id);
  const held = places.flatMap((place) => facts.table(ACCOUNTS).at(place));
  return held.filter((fact) => holds(fact, at) && fact.row.personId === id).map(accountLine);
}

/** Every account that was theirs at some time up to an instant, or that they answered for. */
function lanesOf({ engine: { facts } }: Ground, id: string, at: Instant): PersonView['lanes'] {
  const items = new Set([...facts.having({ dataset: ACCOUNTS }, 'personId', id), ...facts.having({ dataset: ACCOUNTS }, 'ownerId', id)]);
  return [...items].sort().flatMap((item) => {
    const told = facts.of({ dataset: ACCOUNTS }, item).filter(({ from }) => from <= at);
    const its = told.filter(({ row }) => row.personId === id || row.ownerId === id);
    const [last, newest] = [its.at(-1), told.at(-1)];
    if (!last || !newest) return [];
    const spells = told.map(({ row, from, to, records }): AccountSpell => ({ ...pick(row), from, to: to > at ? NEVER : to, records }));
    return [{ ...accountLine(last), own: last.row.personId === id, there: holds(newest, at) && newest === last, spells }];
  });
}

const pick = (row: Row): Pick<AccountSpell, 'status' | 'privileged'> => ({
  status: row.status as Account['status'],
  privileged: row.privileged as Account['privileged'],
});

function eventsOf({ engine: { facts } }: Ground, id: string, engagements: readonly Fact[], lanes: PersonView['lanes'], at: Instant): readonly PersonEvent[] {
  const nobody = { system: null, login: null, by: null };
  const newest = [...new Map(engagements.map((fact) => [(fact.row as unknown as Worker).startAt, fact])).values()];
  const employed = newest.flatMap(({ row, records }): PersonEvent[] => {
    const { startAt, terminationAt } = row as unknown as Worker;
    return [
      { ...nobody, at: startAt, what: 'starts', says: 'The engagement begins', records },
      ...(terminationAt === null ? [] : [{ ...nobody, at: terminationAt, what: 'ends' as const, says: 'The engagement ends', records }]),
    ];
  });
  const of = (dataset: unknown, what: PersonEvent['what']): PersonEvent[] =>
    happened(facts, dataset as Dataset, 'workerId', id).map(({ row, from, records }) => ({
      ...nobody,
      at: from,
      what,
      says: (dataset as Dataset).label(row),
      records,
    }));
  const ofAccounts = lanes.flatMap(({ system, login, key }) =>
    happened(facts, lifecycleEvents as unknown as Dataset, 'userId', key)
      .filter(({ row }) => row.systemId === system)
      .map(({ row, from, records }): PersonEvent => {
        const { type, detail, actor, succeeded } = row as {
          readonly type: string;
          readonly detail: string | null;
          readonly actor: string;
          readonly succeeded: string;
        };
        const says = `${type}${detail === null ? '' : ` ${detail}`}${succeeded === 'no' ? ', refused' : ''}`;
        return { at: from, what: 'account', says, system, login, by: actor, records };
      }),
  );
  return [...employed, ...of(jobChanges, 'moves'), ...of(terminations, 'leaves'), ...ofAccounts]
    .filter((event) => event.at <= at || event.what === 'ends')
    .sort((a, b) => a.at - b.at)
    .slice(-EVENTS);
}

function happened(facts: Ground['engine']['facts'], dataset: Dataset, field: string, value: string): readonly Fact[] {
  if (!facts.reads(dataset.id)) return [];
  return [...facts.having({ dataset }, field, value)].flatMap((item) => facts.of({ dataset }, item).slice(-1));
}
