import type { Instant } from '../core/instant.ts';
import type { Facts } from '../engine/facts.ts';
import { workers } from '../datasets/people/workers.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { datasets } from '../datasets/index.ts';
import { base } from '../engine/derive.ts';
import { changing } from '../engine/changed.ts';
import { abreast, finished, inStep } from '../engine/steps-of-work.ts';
import { inTurns } from './in-turns.ts';
import { accountsAhead } from './account-list.ts';
import { labelsAhead } from './cases-found.ts';
import { viewCases, viewFindings } from './findings.ts';
import type { Ground } from './grounds.ts';
import { mentionsOf } from './mentioned.ts';
import { peopleAhead } from './person-list.ts';
import { removing } from './removals.ts';
import { rowsAhead } from './row-order.ts';

/** Evidence may come meanwhile, and then it is worked out anew: so often before whoever asks is made to wait for it in one piece. */
const TIMES = 3;

/**
 * Works something out of what is known, slice by slice, so that others are answered in between: anew where something was
 * learned meanwhile, and in one piece after so many times. Gives what it rests on too.
 */
export async function calmly<Result>(
  grounds: () => Promise<Ground>,
  work: (on: Ground) => Iterator<void, Result>,
): Promise<{ readonly on: Ground; readonly its: Result }> {
  let on = await grounds();
  for (let times = 0; times < TIMES; times++) {
    const done = await tried(() => inTurns(work(on)));
    const after = await grounds(); // waits for what is being learned: where it is the same, nothing was
    if (after.assessor === on.assessor) return { on, its: done() };
    on = after;
  }
  return { on, its: finished(work(on)) };
}

/** What is learned meanwhile may take away what it needs: it fails only where nothing was. */
async function tried<Result>(act: () => Promise<Result>): Promise<() => Result> {
  try {
    const its = await act();
    return () => its;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const WARM = new WeakSet<object>();
const WARMING = new WeakMap<object, Promise<boolean>>();

/**
 * What is known, with the claims of every check worked out and counted, which is most of what a posture takes. Whoever asks
 * meanwhile waits for the same.
 */
export async function warmed(grounds: () => Promise<Ground>): Promise<Ground> {
  let on = await grounds();
  for (let times = 0; times < TIMES && !WARM.has(on.assessor); times++) {
    const whole = await workedOut(on);
    const after = await grounds(); // waits for what is being learned: where it is the same, nothing was
    if (whole && after.assessor === on.assessor) WARM.add(on.assessor);
    on = after;
  }
  return on;
}

/** Resolves to whether all of it could be worked out: what is learned in between may take it away. */
function workedOut({ assessor, engine, checks, period, asOf }: Ground): Promise<boolean> {
  function* steps(): Generator<void, void> {
    // Block by block of all checks that look at the same items.
    for (const its of Map.groupBy(checks, ({ population }) => base(population.dataset)).values())
      yield* inStep(...its.flatMap((check) => [assessor.columns(check).tallying(period.from), engine.verdicts(check).changingAfter(asOf)]));
  }
  const begun = WARMING.get(assessor);
  if (begun) return begun;
  const whole = inTurns(steps()).then(
    () => true,
    () => false,
  );
  WARMING.set(assessor, whole);
  void whole.then(() => WARMING.delete(assessor));
  return whole;
}

/** Works out what charts and changes of the observation period are made from, so that whoever asks first waits for nothing but that. */
export const chartsAhead = (grounds: () => Promise<Ground>): Promise<unknown> =>
  calmly(grounds, function* (on) {
    yield* removing(on, on.period, on.asOf);
    yield* changing(on, on.period.from, on.asOf);
  });

/** What of a dataset is worked out besides the order of its rows. */
function besides(facts: Facts, dataset: Dataset, at: Instant): readonly Generator<void, void>[] {
  const isOfAccounts = dataset.id === accounts.id;
  if (!facts.reads(dataset.id) || (!isOfAccounts && dataset.id !== workers.id)) return [];
  return [mentionsOf(facts, dataset, at).ahead(), ...(isOfAccounts ? [accountsAhead(facts, at)] : [])];
}

/**
 * Works out once what lists are sorted by and what is kept of it from one learning to the next: names of items, numbers
 * of cases, people, rows by their labels. Whoever asks for the first page of one does not wait for it then.
 */
export async function listsAhead(on: Ground): Promise<void> {
  peopleAhead(on.engine.facts, on.asOf);
  viewCases(on, {}).cases.paged().window(0, 1);
  viewFindings(on, {}).page(null, 1);
  // What is learned from here on is sorted in.
  await inTurns(steps());

  function* steps(): Generator<void, void> {
    const { facts } = on.engine;
    yield* labelsAhead(on);
    for (const dataset of datasets) yield* abreast(rowsAhead(facts, dataset, on.asOf), ...besides(facts, dataset, on.asOf));
  }
}
