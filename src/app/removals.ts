import type { Check } from '../checks/check.ts';
import { type Duration, type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import type { Leaver } from '../datasets/people/leavers.ts';
import type { Worker } from '../datasets/people/workers.ts';
import type { Claim } from '../engine/assess.ts';
import type { Fact } from '../engine/facts.ts';
import { finished } from '../engine/steps-of-work.ts';
import { endsOf, LEAVERS, WORKERS } from './ends.ts';
import type { Ground } from './grounds.ts';

/** Somebody who left, and how long an account of theirs could be used after that. */
export interface Removal {
  readonly workerId: string;
  readonly name: string;
  readonly leftAt: Instant;
  /** `removed`: every account is seen gone; `still`: one can be used; `unknown`: evidence of it is missing; `none`: no account was theirs. */
  readonly state: 'removed' | 'still' | 'unknown' | 'none';
  /** From leaving to when the last account was first seen gone, 0 where that was before; while one can be used, up to the instant. `null` where nobody can tell. */
  readonly took: Duration | null;
  /** The account that lasted longest. */
  readonly account: string | null;
  readonly records: readonly number[];
}

export interface Removals {
  /** After leaving, by the control; `null` where no check says. */
  readonly deadline: Duration | null;
  /** The newest first. */
  readonly leavers: readonly Removal[];
}

/** What says whether the access of a leaver is gone: one check for each source. */
const CHECKS = ['leaver-access-removed', 'stated-leaver-access-removed'];
const ACCOUNTS = accounts as unknown as Dataset;

/** Everybody whose engagement ended, by HR or by a statement, in a period and up to an instant. Somebody who came back is told up to when they did. */
export const removalsIn = (ground: Ground, period: Period, at: Instant): Removals => finished(removing(ground, period, at));

/** The same step by step: only those are read who may have left in the period. */
export function* removing(ground: Ground, period: Period, at: Instant): Generator<void, Removals> {
  const { facts } = ground.engine;
  const checks = CHECKS.flatMap((check) => ground.checks.find(({ id }) => id === check) ?? []);
  const deadline = checks[0]?.adjustable.deadline?.value ?? null;
  if (!facts.reads(WORKERS.id)) return { deadline, leavers: [] };
  const leavers: Removal[] = [];
  for (const place of yield* endsOf(facts).within(period, at)) {
    const removal = removalAt(gathered(ground, checks, place), period, at);
    if (removal) leavers.push(removal);
    yield;
  }
  return { deadline, leavers: leavers.sort((a, b) => b.leftAt - a.leftAt || (a.workerId < b.workerId ? -1 : Number(a.workerId > b.workerId))) };
}

/** All that was ever told of an engagement that ended, and of the accounts of who had it. */
interface Gathered {
  readonly told: readonly Fact[];
  /** What is known of its end by all who tell of it. */
  readonly ends: readonly Fact[];
  /** Of each other engagement of the same worker. */
  readonly others: readonly (readonly Fact[])[];
  readonly accounts: readonly Fact[];
  readonly claims: readonly (readonly Claim[])[];
}

/** So much is kept of how many, for as long as nothing is learned. */
const MANY = 5000;
const GATHERED = new WeakMap<Ground['assessor'], Map<number, Gathered>>();

function gathered({ engine: { facts }, assessor }: Ground, checks: readonly Check[], place: number): Gathered {
  const known = GATHERED.get(assessor) ?? new Map<number, Gathered>();
  GATHERED.set(assessor, known);
  const there = known.get(place);
  if (there) return there;
  // Many are gone through, in the order of places: nobody else's rows have to make room for them.
  const at = (dataset: Dataset, where: number) => facts.table(dataset).glanceAt(where);
  const told = at(WORKERS, place);
  const ids = new Set(told.map(({ row }) => (row as Worker).workerId));
  const of = (dataset: Dataset, field: string) => [...new Set([...ids].flatMap((id) => facts.placesHaving({ dataset }, field, id, true)))];
  const its: Gathered = {
    told,
    ends: facts.reads(LEAVERS.id) ? at(LEAVERS, place) : [],
    others: of(WORKERS, 'workerId').flatMap((other) => (other === place ? [] : [at(WORKERS, other)])),
    accounts: of(ACCOUNTS, 'personId').flatMap((account) => at(ACCOUNTS, account)),
    claims: checks.map((check) => assessor.claimsAt(check, place, true)),
  };
  if (known.size < MANY) known.set(place, its);
  return its;
}

/** `null` where it did not end in the period. */
function removalAt({ told, ends, others, accounts, claims }: Gathered, period: Period, at: Instant): Removal | null {
  const fact = told.findLast(({ from }) => from <= at);
  if (!fact) return null;
  const row = fact.row as Worker;
  const end = ends.find((it) => holds(it, at));
  const left = end ? (end.row as Leaver).endAt : row.terminationAt;
  if (left === null || left > at || !(period.from <= left && left < period.to)) return null;
  const engagements = others.flatMap((its) => its.findLast(({ from }) => from <= at) ?? []).map((its) => its.row as Worker);
  const back = engagements.flatMap(({ workerId, startAt }) => (workerId === row.workerId && startAt >= left && startAt !== row.startAt ? [startAt] : []));
  const isUncertain = claims.some((its) => its.find((claim) => holds(claim, at))?.kind === 'unknown');
  return removalOf(accounts, fact, left, Math.min(...back, NEVER), at, isUncertain);
}

function removalOf(accounts: readonly Fact[], worker: Fact, left: Instant, back: Instant, at: Instant, isUncertain: boolean): Removal {
  const { workerId, fullName: name } = worker.row as Worker;
  const who = { workerId, name, leftAt: left };
  const own = accounts.filter((fact) => fact.row.personId === workerId && fact.from <= at);
  const usable = own.filter(({ row }) => row.status === 'active' || row.status === 'invited').sort((a, b) => a.to - b.to);
  const after = usable.filter((fact) => fact.to > left && fact.from < back);
  const last = after.at(-1) ?? usable.at(-1);
  const told = { account: last ? labelOf(last) : null, records: last?.records ?? worker.records };
  if (own.length === 0) return { ...who, ...told, state: isUncertain ? 'unknown' : 'none', took: null };
  const end = Math.min(last && after.includes(last) ? last.to : left, back);
  if (end > at) return { ...who, ...told, state: 'still', took: at - left };
  const isSilent = isUncertain || own.some((fact) => fact.row.status === 'unknown' && holds(fact, at) && fact.from < back);
  return isSilent ? { ...who, ...told, state: 'unknown', took: null } : { ...who, ...told, state: 'removed', took: end - left };
}

const labelOf = ({ row }: Fact): string => `${(row as Account).login} in ${(row as Account).systemId}`;
