import type { Case } from '../engine/case.ts';
import type { CaseList } from '../engine/case-list.ts';
import type { Check } from '../checks/check.ts';
import { numbersOf } from '../engine/case-id.ts';
import { type Rank, wordsOf } from '../engine/mentions.ts';
import { inTurns } from './in-turns.ts';
import { type CasesQuery, viewCases } from './findings.ts';
import type { Ground } from './grounds.ts';
import { bestOf, labelsOf, type Sought } from './mentioned.ts';

/** So many cases are made and looked at one by one. */
const FEW = 1000;
/** So many that fit alike are sorted by their ids; of more the first in the order of checks and items. */
const MANY = 5000;

/** Reads what cases are found by before somebody looks for one, step by step, where there are many. */
export function* labelsAhead(on: Ground): Generator<void, void> {
  const { cases } = viewCases(on, {});
  if (cases.count <= FEW) return;
  for (const { population } of cases.checks()) yield* labelsOf(on.engine.facts, population.dataset).ahead();
}

/** By the id of a finding, by what its item is called and by what its check is. Of very many an id is found by its beginning alone. @param few so many are made and looked at one by one */
export async function casesFound(grounds: () => Promise<Ground>, query: CasesQuery, asked: Sought, few = FEW): Promise<readonly Case[]> {
  const before = await grounds();
  const { cases } = viewCases(before, query);
  if (cases.count <= few) return bestOf(cases, asCase, asked);
  const fitting = await labelsThatFit(before, cases.checks(), asked.sought);
  const on = await grounds(); // by what was learned meanwhile
  // Of what was called otherwise since, twice as many are enough but for the oddest names.
  return bestOf(bestCases(viewCases(on, query).cases, fitting, { ...asked, most: 2 * asked.most }), asCase, asked);
}

/** A case as it is looked for. */
export const asCase = ({ id, title, item }: Case) => ({ id, title: `${item.label}: ${title}` });

/** How well the label of an item fits, by its place. */
type Fitting = ReadonlyMap<string, (place: number) => Rank | null>;

/** Of each check. Words of its title need not stand in a label. */
async function labelsThatFit({ engine: { facts } }: Ground, checks: readonly Check[], sought: string): Promise<Fitting> {
  const known = new Map<string, Uint8Array>();
  const marked = async (check: Check, words: string, how: 'begins' | 'holds') => {
    const { dataset } = check.population;
    const name = `${dataset.id} ${how} ${words}`;
    const its = known.get(name) ?? (await inTurns(labelsOf(facts, dataset).marked(words, how)));
    known.set(name, its);
    return its;
  };
  const fitting = new Map<string, (place: number) => Rank | null>();
  for (const check of checks) {
    const title = check.title.toLowerCase();
    const begin = await marked(check, sought, 'begins');
    const held: Uint8Array[] = [];
    for (const word of wordsOf(sought)) if (!title.includes(word)) held.push(await marked(check, word, 'holds'));
    fitting.set(check.id, (place) => (begin[place] === 1 ? 2 : held.every((its) => its[place] === 1) ? 3 : null));
  }
  return fitting;
}

function bestCases(cases: CaseList, fitting: Fitting, { sought, most }: Sought): readonly Case[] {
  const numbers = numbersOf(sought);
  const counts = new Map<Rank, number>();
  return cases.best(most, ({ check, place, number }) => {
    const isNamed = numbers !== null && number >= numbers.from && number < numbers.to;
    const rank = isNamed ? (numbers.to - numbers.from === 1 ? 0 : 1) : (fitting.get(check)?.(place) ?? null);
    if (rank === null) return null;
    const count = (counts.get(rank) ?? 0) + 1;
    counts.set(rank, count);
    return count > MANY ? null : rank;
  });
}
