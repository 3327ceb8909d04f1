import { describe, expect, it } from 'vitest';
import type { Check, Verdict } from '../src/checks/check.ts';
import { days, type Instant } from '../src/core/instant.ts';
import type { Joins, Row, Rows } from '../src/datasets/dataset.ts';
import { forgottenUntil } from '../src/engine/laws.ts';
import { passesWithout, redeemedByMore, type Told } from './evidence-laws.ts';
import { AT } from './rows.ts';

/** One item with what is joined to it, at an instant. */
export interface Case<Item extends Row, With extends Joins> {
  readonly item: Item;
  readonly given?: { readonly [Name in keyof Rows<With>]?: Rows<With>[Name] };
  readonly at?: Instant;
  /** The sentence an auditor will read. */
  readonly because?: string;
}

/** The joined rows that prove a deviation: by join, which of the rows that were given. None where it rests on absence. */
type Places<With extends Joins> = { readonly [Name in keyof With]?: readonly number[] };

export interface Cases<Item extends Row, With extends Joins> {
  readonly conforms: Readonly<Record<string, Case<Item, With>>>;
  readonly deviates: Readonly<Record<string, Case<Item, With> & { readonly because: string; readonly cites?: Places<With> }>>;
  readonly unknown?: Readonly<Record<string, Case<Item, With> & { readonly because: string }>>;
  /** In the population by its rows, and not yet examined. */
  readonly notYet?: Readonly<Record<string, Case<Item, With>>>;
  /** Not in the population at all. */
  readonly ignores?: Readonly<Record<string, Item>>;
  /** Rows that a join leaves out. */
  readonly notJoined?: { readonly [Name in keyof Rows<With>]?: Readonly<Record<string, Rows<With>[Name][number]>> };
}

type Any = Case<Row, Joins> & { readonly cites?: Places<Joins> };

function perform(check: Check, { item, given = {}, at = AT }: Any, turned = false): Verdict {
  const rows = Object.fromEntries(
    Object.keys(check.with).map((name) => [
      name,
      turned ? [...((given as Record<string, readonly Row[]>)[name] ?? [])].reverse() : ((given as Record<string, readonly Row[]>)[name] ?? []),
    ]),
  );
  return check.examine(item, { ...rows, at } as never);
}

/** Which of the rows that were given it cites. */
function cited(verdict: Verdict, { given = {} }: Any): Places<Joins> {
  const rows = new Set('cites' in verdict ? verdict.cites : []);
  const places = Object.entries(given).map(([name, its]) => [name, (its as readonly Row[]).flatMap((row, place) => (rows.has(row) ? [place] : []))] as const);
  return Object.fromEntries(places.filter(([, its]) => its.length > 0));
}

const told = (verdict: Verdict): string =>
  JSON.stringify('cites' in verdict ? { ...verdict, cites: verdict.cites?.map((row) => JSON.stringify(row)).sort() } : verdict);

/** How far ahead the law of `until` looks in any case: every hour of two days, then every day of two years. */
const AHEAD = [...Array.from({ length: 48 }, (_, hour) => hour * 3_600_000), ...Array.from({ length: 730 }, (_, day) => days(day))];
/** Terms that checks speak of, in days. */
const TERMS = [0, 1, 2, 3, 5, 7, 14, 15, 30, 31, 60, 90, 180, 365, 366, 730];
const RANDOM = 300;
/** From so many other instants the law is asked too: a check may say its first `until` and forget the next. */
const STARTS = 16;

/** Instants at which a verdict on these rows is likely to change, and as many at random: the same for the same rows. */
function telling(rows: readonly Row[], at: Instant): readonly Instant[] {
  const named = rows.flatMap((row) => Object.values(row).filter((value): value is number => typeof value === 'number' && value > 1e11));
  const terms = [at, ...new Set(named)].flatMap((from) => TERMS.flatMap((term) => [-1, 0, 1].map((beside) => from + days(term) + beside)));
  let seed = at % 2_147_483_647 || 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647; // Lehmer's generator
    return seed / 2_147_483_647;
  };
  const anywhere = Array.from({ length: RANDOM }, () => at + Math.floor(days(1500) ** random()));
  return [...terms, ...anywhere];
}

/** Of a list, so many that are spread over it. */
const spread = <Entry>(list: readonly Entry[], count: number): readonly Entry[] =>
  list.filter((_, place) => Math.floor((place * count) / list.length) !== Math.floor(((place - 1) * count) / list.length));

/** The cases of one kind, as the engine is told of them. */
const asTold = (check: Check, cases: readonly Any[], kind: Verdict['kind']): readonly Told[] =>
  cases.flatMap((it) => (perform(check, it).kind === kind ? [{ item: it.item, given: (it.given ?? {}) as Told['given'], at: it.at ?? AT }] : []));

/** From this one law a check is exempt that tolerates a share, and its prose says so (`src/checks/index.test.ts`). */
const ONE_MORE = 'one more item never turns fail into pass';

/** The laws of every check, over its own cases. Each yields what breaks it. */
export const LAWS: Readonly<Record<string, (check: Check, cases: readonly Any[]) => readonly string[]>> = {
  'rows fit their datasets': (check, cases) =>
    cases.flatMap(({ item, given = {} }) => [
      ...(check.population.dataset.row.safeParse(item).success ? [] : [`the item does not fit ${check.population.dataset.id}`]),
      ...Object.entries(given).flatMap(([name, rows]) =>
        (rows as readonly Row[]).flatMap((row) => (check.with[name]?.rows.dataset.row.safeParse(row).success ? [] : [`a row of ${name} does not fit`])),
      ),
    ]),
  'joined rows are admitted by the join': (check, cases) =>
    cases.flatMap(({ given = {} }) =>
      Object.entries(given).flatMap(([name, rows]) =>
        (rows as readonly Row[]).flatMap((row) => (check.with[name]?.rows.admits(row) ? [] : [`${name} would never hold ${JSON.stringify(row)}`])),
      ),
    ),
  'the order of rows does not matter': (check, cases) =>
    cases.flatMap((it) => (told(perform(check, it)) === told(perform(check, it, true)) ? [] : ['another order, another verdict'])),
  'until that instant nothing changes': (check, cases) =>
    cases.flatMap(({ item, given = {}, at = AT }) => {
      const rows = Object.fromEntries(Object.keys(check.with).map((name) => [name, (given as Record<string, readonly Row[]>)[name] ?? []]));
      const then = telling([item, ...Object.values(rows).flat()], at).toSorted((a, b) => a - b);
      return [at, ...spread(then, STARTS)].flatMap((from) => {
        const until = perform(check, { item, given, at: from }).until;
        if (until !== undefined && until <= from) return [`"until" does not lie ahead of ${new Date(from).toISOString()}`];
        const changed = forgottenUntil(check, item, rows, from, [...(from === at ? AHEAD.map((ahead) => at + ahead) : []), ...then]);
        if (changed === undefined) return [];
        return [`it says something else at ${new Date(changed).toISOString()} than at ${new Date(from).toISOString()}`];
      });
    }),
  'reasons name instants, never ages': (check, cases) =>
    cases.flatMap((it) => {
      const verdict = perform(check, it);
      return 'because' in verdict && /\b\d+ (days?|hours?|minutes?) (ago|old)\b/.test(verdict.because) ? [verdict.because] : [];
    }),
  'what it cites was joined to it': (check, cases) =>
    cases.flatMap((it) => {
      const verdict = perform(check, it);
      const joined = Object.values(it.given ?? {}).flat();
      return 'cites' in verdict && verdict.cites?.some((row) => !joined.includes(row)) ? ['it cites a row that was not joined'] : [];
    }),
  'it tells what conforms from what deviates': (check, cases) => {
    const kinds = new Set(cases.map((it) => perform(check, it).kind));
    return ['conforms', 'deviates'].flatMap((kind) => (kinds.has(kind as 'conforms') ? [] : [`no case ${kind}`]));
  },
  'trap 65: without one of its datasets it is unknown': (check, cases) => passesWithout(check, asTold(check, cases, 'conforms')),
  [ONE_MORE]: (check, cases) => redeemedByMore(check, asTold(check, cases, 'deviates'), asTold(check, cases, 'conforms')),
};

/** Holds a check to its cases, and to every law. */
export function checkTester<Item extends Row, With extends Joins>(
  check: Check<Item, With>,
  { conforms, deviates, unknown = {}, notYet = {}, ignores = {}, notJoined = {} }: Cases<Item, With>,
): void {
  const any = check as unknown as Check;
  const all = [conforms, deviates, unknown, notYet].flatMap((group) => Object.values(group)) as unknown as readonly Any[];
  describe(check.id, () => {
    const kinds = { conforms, deviates, unknown, notYet } as const;
    for (const [kind, cases] of Object.entries(kinds)) {
      for (const [name, it_] of Object.entries(cases)) {
        it(`${kind}: ${name}`, () => {
          const { because, cites = {}, ...given } = it_ as unknown as Any;
          const verdict = perform(any, given);
          expect({ kind: verdict.kind, because: 'because' in verdict ? verdict.because : undefined }).toEqual({ kind, because });
          expect(cited(verdict, given)).toEqual(cites);
          expect(any.population.admits(given.item)).toBe(true);
        });
      }
    }
    for (const [name, item] of Object.entries(ignores)) it(`ignores: ${name}`, () => expect(any.population.admits(item)).toBe(false));
    for (const [join, rows] of Object.entries<Readonly<Record<string, Row>> | undefined>(notJoined))
      for (const [name, row] of Object.entries(rows ?? {})) it(`not joined as ${join}: ${name}`, () => expect(any.with[join]?.rows.admits(row)).toBe(false));
    it.each(Object.keys(LAWS).filter((law) => law !== ONE_MORE || check.tolerates === 0))('%s', (law) => expect(LAWS[law]?.(any, all)).toEqual([]));
  });
}
