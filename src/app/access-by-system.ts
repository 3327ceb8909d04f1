import type { Instant } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { type Outcome, saidAt } from '../engine/series.ts';
import { type AccountStands, eachAccount } from './account-list.ts';
import type { Ground } from './grounds.ts';

/** The accounts of one system that can be used, and what is the matter with them. */
export interface SystemAccess {
  readonly system: string;
  /** Accounts that can be used. */
  readonly active: number;
  /** Of these: with administrative rights, and those of which the system does not say. */
  readonly privileged: number;
  readonly privilegedUnknown: number;
  /** By the check `mfa-enrolled`: how many it examines, those without a second factor that counts, and those of which nobody can tell. None of a system that is out of scope. */
  readonly mfaExamined: number;
  readonly withoutMfa: number;
  readonly mfaUnknown: number;
  /** Tied to no person, and nobody answers for them. */
  readonly orphaned: number;
}

const ACCOUNTS = accounts as unknown as Dataset;

/** Every system of which accounts are known at an instant, the largest first. */
export function accessBySystem(ground: Ground, at: Instant): readonly SystemAccess[] {
  const { facts } = ground.engine;
  if (!facts.reads(ACCOUNTS.id)) return [];
  const mfa = ground.checks.find(({ id }) => id === 'mfa-enrolled');
  const factors = mfa ? saidOfAll(ground, mfa, at) : [];
  const systems = new Map<string, { -readonly [Name in keyof SystemAccess]: SystemAccess[Name] }>();
  const count = (system: string, place: number, { status, privileged, isOrphan }: AccountStands) => {
    if (status !== 'active') return;
    const its = systems.get(system) ?? nothingIn(system);
    systems.set(system, its);
    const said = factors[place];
    its.active++;
    its.privileged += Number(privileged === 'yes');
    its.privilegedUnknown += Number(privileged === 'unknown');
    its.mfaExamined += Number(said !== undefined);
    its.withoutMfa += Number(said === 'deviates' || said === 'waived');
    its.mfaUnknown += Number(said === 'unknown');
    its.orphaned += Number(isOrphan);
  };
  if (!eachAccount(facts, at, count))
    for (const [place, told] of facts.table(ACCOUNTS).passing()) {
      const row = told.find((fact) => holds(fact, at))?.row as Account | undefined;
      if (row) count(row.systemId, place, { ...row, isOrphan: row.personId === null && row.ownerId === null });
    }
  return [...systems.values()].sort((a, b) => b.active - a.active || (a.system < b.system ? -1 : 1));
}

/** By place. */
function saidOfAll(ground: Ground, check: Ground['checks'][number], at: Instant): readonly (Outcome | undefined)[] {
  const said: (Outcome | undefined)[] = new Array(ground.engine.verdicts(check).places.count);
  for (const [place, its] of saidAt(ground, check, at)) said[place] = its;
  return said;
}

const nothingIn = (system: string) => ({ system, active: 0, privileged: 0, privilegedUnknown: 0, mfaExamined: 0, withoutMfa: 0, mfaUnknown: 0, orphaned: 0 });
