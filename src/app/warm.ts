import type { Instant } from '../core/instant.ts';
import type { Facts } from '../engine/facts.ts';
import { workers } from '../datasets/people/workers.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { datasets } from '../datasets/index.ts';
import { abreast } from '../engine/steps-of-work.ts';
import { inTurns } from './in-turns.ts';
import { accountsAhead } from './account-list.ts';
import { labelsAhead } from './cases-found.ts';
import { viewCases, viewFindings } from './findings.ts';
import type { Ground } from './grounds.ts';
import { mentionsOf } from './mentioned.ts';
import { peopleAhead } from './person-list.ts';
import { rowsAhead } from './row-order.ts';

/** So long other requests wait at the most while much is worked out, in milliseconds. */
const SLICE = 15;
/** Evidence may come meanwhile, and then it is worked out anew: so often before whoever asks is made to wait for it in one piece. */
const TIMES = 3;

const WARM = new WeakSet<object>();

/**
 * What is known, with the claims of every check worked out, which is most of what a posture takes: slice by slice, so that
 * others are answered in between.
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
async function workedOut({ assessor, checks }: Pick<Ground, 'assessor' | 'checks'>): Promise<boolean> {
  function* steps(): Generator<void, void> {
    for (const check of checks) for (const _ of assessor.columns(check).blocks()) yield;
  }
  try {
    await inTurns(steps(), SLICE);
    return true;
  } catch {
    return false;
  }
}

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
  await inTurns(steps(), SLICE);

  function* steps(): Generator<void, void> {
    const { facts } = on.engine;
    yield* labelsAhead(on);
    for (const dataset of datasets) yield* abreast(rowsAhead(facts, dataset, on.asOf), ...besides(facts, dataset, on.asOf));
  }
}
