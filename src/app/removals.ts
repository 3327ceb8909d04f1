import { type Duration, type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { type Leaver, leavers as ended } from '../datasets/people/leavers.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import type { Fact } from '../engine/facts.ts';
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
const LEAVERS = ended as unknown as Dataset;
const WORKERS = workers as unknown as Dataset;
const ACCOUNTS = accounts as unknown as Dataset;

/** Everybody whose engagement ended, by HR or by a statement, in a period and up to an instant. Somebody who came back is told up to when they did. */
export function removalsIn(ground: Ground, period: Period, at: Instant): Removals {
  const { facts } = ground.engine;
  const checks = CHECKS.flatMap((check) => ground.checks.find(({ id }) => id === check) ?? []);
  const deadline = checks[0]?.adjustable.deadline?.value ?? null;
  if (!facts.reads(WORKERS.id)) return { deadline, leavers: [] };
  const engagements = [...facts.table(WORKERS).entries()].flatMap(([place, told]) => {
    const fact = told.findLast(({ from }) => from <= at);
    return fact ? [{ place, fact, row: fact.row as Worker }] : [];
  });
  const begun = Map.groupBy(engagements, ({ row }) => row.workerId);
  const leavers = engagements.flatMap(({ place, fact, row }): Removal[] => {
    const told = facts.reads(LEAVERS.id)
      ? facts
          .table(LEAVERS)
          .at(place)
          .find((it) => holds(it, at))
      : undefined;
    const left = told ? (told.row as Leaver).endAt : row.terminationAt;
    if (left === null || left > at || !(period.from <= left && left < period.to)) return [];
    const back = (begun.get(row.workerId) ?? []).map((other) => other.row.startAt).filter((start) => start >= left && start !== row.startAt);
    const said = checks.flatMap((check) => ground.assessor.claimsAt(check, place).find((claim) => holds(claim, at)) ?? []);
    const isUncertain = said.some(({ kind }) => kind === 'unknown');
    return [removalOf(ground, fact, left, Math.min(...back, NEVER), at, isUncertain)];
  });
  return { deadline, leavers: leavers.sort((a, b) => b.leftAt - a.leftAt || (a.workerId < b.workerId ? -1 : 1)) };
}

function removalOf({ engine: { facts } }: Ground, worker: Fact, left: Instant, back: Instant, at: Instant, isUncertain: boolean): Removal {
  const { workerId, fullName: name } = worker.row as Worker;
  const who = { workerId, name, leftAt: left };
  const items = [...facts.having({ dataset: ACCOUNTS }, 'personId', workerId)];
  const own = items.flatMap((item) => facts.of({ dataset: ACCOUNTS }, item)).filter((fact) => fact.row.personId === workerId && fact.from <= at);
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
