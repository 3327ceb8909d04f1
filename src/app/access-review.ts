import type { File } from '../configuration/schema.ts';
import { localDate, monthPeriod } from '../core/calendar.ts';
import { days, type Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { workers } from '../datasets/hr/workers.ts';
import { permissions } from '../datasets/iam/permissions.ts';
import { activity } from '../datasets/identity/activity.ts';
import { membershipNamed, memberships } from '../datasets/identity/memberships.ts';
import { mfaEnforcement } from '../datasets/identity/mfa-enforcement.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { users } from '../datasets/identity/users.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import type { Coverage } from '../engine/coverage.ts';
import type { Engine } from '../engine/engine.ts';
import { type Fact, itemParts } from '../engine/facts.ts';
import { type AccessLine, accessReview, type Extract, type Flag } from '../reports/access-review.ts';
import type { Document, Stamp } from '../reports/report.ts';

interface Asked {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly stamp: (asOf: Instant) => Promise<Stamp>;
  readonly now: Instant;
  readonly month: string | undefined;
  readonly timezone: string;
  readonly file: File;
}

/** The access review of a month, as it stood at its end, or now while it lasts. */
export async function buildAccessReview({ engine, coverage, stamp, now, month: named, timezone, file }: Asked): Promise<Document> {
  const month = monthPeriod(named ?? localDate(now, timezone).slice(0, 7), timezone);
  const at = Math.min(month.to - 1, now);
  const scope = new Map(file.scope.systems.map((system) => [system.id, system]));
  const [is, was] = [linesAt(engine, at), linesAt(engine, month.from - 1)];
  const inScope = [...is.values()].filter(({ account }) => scope.has(account.systemId));
  const lines = inScope.map((line): AccessLine => {
    const before = was.get(line.item);
    const news: Flag[] =
      before === undefined
        ? ['new since last month']
        : before.access.join() !== line.access.join() || before.account.status !== line.account.status
          ? ['changed since last month']
          : [];
    return { ...viewOf(line), flags: [...line.flags, ...news] };
  });
  const gone = [...was.values()]
    .filter(({ item, account }) => !is.has(item) && scope.has(account.systemId))
    .map(({ item, account, person, records }) => ({ system: account.systemId, login: account.login, person, at: lastSeen(engine, item), records }));
  const byName = (a: { readonly system: string; readonly login: string }, b: { readonly system: string; readonly login: string }) =>
    a.system === b.system ? (a.login < b.login ? -1 : 1) : a.system < b.system ? -1 : 1;
  return accessReview({
    month,
    stamp: await stamp(at),
    lines: lines.sort((a, b) => Number(b.flags.length > 0) - Number(a.flags.length > 0) || byName(a, b)),
    extracts: extracts(engine, coverage, file, is, month, at),
    gone: gone.sort(byName),
    outOfScope: is.size - inScope.length,
  });
}

interface Line {
  readonly item: string;
  readonly account: Account;
  readonly person: string | null;
  readonly department: string | null;
  readonly access: readonly string[];
  readonly lastUsedAt: Instant | null | undefined;
  readonly mfa: AccessLine['mfa'];
  readonly flags: readonly Flag[];
  readonly records: readonly number[];
}

const viewOf = ({ account, person, department, access, lastUsedAt, mfa, flags, records }: Line): AccessLine => ({
  system: account.systemId,
  login: account.login,
  kind: account.kind,
  state: account.status,
  person,
  department,
  rule: account.rule,
  access,
  lastUsedAt,
  mfa,
  flags,
  records,
});

function linesAt(engine: Engine, at: Instant): ReadonlyMap<string, Line> {
  const rowsOf = <R extends Row>(dataset: Dataset<R>): readonly { readonly fact: Fact; readonly row: R }[] =>
    [...engine.facts.items({ dataset })].flatMap((item) =>
      engine.facts
        .of({ dataset }, item)
        .filter((fact) => holds(fact, at))
        .map((fact) => ({ fact, row: fact.row as R })),
    );
  const by = <R extends Row>(dataset: Dataset<R>, key: (row: R) => string) => Map.groupBy(rowsOf(dataset), ({ row }) => key(row));
  const own = ({ systemId, userId }: { readonly systemId: string; readonly userId: string }) => `${systemId} ${userId}`;
  const people = by(workers, ({ workerId }) => workerId);
  const [used, held, factors, told, granted] = [by(activity, own), by(memberships, own), by(mfaFactors, own), by(mfaEnforcement, own), by(permissions, own)];
  const created = by(users, own);

  return new Map(
    rowsOf(accounts)
      .filter(({ row }) => row.status !== 'deactivated')
      .map(({ fact, row: account }): [string, Line] => {
        const key = own(account);
        const who = account.personId ?? account.ownerId;
        const engagements = (who === null ? undefined : people.get(who)) ?? [];
        const worker = engagements.toSorted((a, b) => a.row.startAt - b.row.startAt).at(-1)?.row;
        const gone = engagements.length > 0 && engagements.every(({ row }) => row.terminationAt !== null && row.terminationAt <= at);
        const use = used.get(key)?.[0]?.row;
        const since = use?.lastUsedAt ?? created.get(key)?.[0]?.row.createdAt ?? null;
        const roles = (held.get(key) ?? []).map(({ row }) => row);
        const admin =
          account.privileged === 'yes' || roles.some(({ privileged }) => privileged) || (granted.get(key) ?? []).some(({ row }) => row.admin === 'yes');
        const active = (factors.get(key) ?? []).filter(({ row }) => row.status === 'active');
        const word = told.get(key)?.[0]?.row.enrolled ?? 'unknown';
        const lists = factors.size > 0 && [...factors.keys()].some((other) => other.startsWith(`${account.systemId} `));
        const mfa = active.length > 0 ? 'yes' : word !== 'unknown' ? word : lists ? 'no' : 'unknown';
        const flags: Flag[] = [
          ...(who === null || engagements.length === 0 ? ['orphan' as const] : []),
          ...(gone ? ['leaver' as const] : []),
          ...(account.kind === 'shared' ? ['shared' as const] : []),
          ...(admin ? ['admin' as const] : []),
          ...(mfa === 'no' && account.password !== 'no' && account.kind !== 'service' ? ['no second factor' as const] : []),
          ...(use && since !== null && since + days(90) <= at ? ['dormant' as const] : []),
          ...(account.kind === 'external' ? ['external' as const] : []),
        ];
        const records = new Set([
          ...fact.records,
          ...(use ? (used.get(key)?.[0]?.fact.records ?? []) : []),
          ...(held.get(key) ?? []).flatMap(({ fact: other }) => other.records),
          ...active.flatMap(({ fact: other }) => other.records),
        ]);
        return [
          fact.item,
          {
            item: fact.item,
            account,
            person: worker ? (account.personId === null ? `${worker.fullName} (answers for it)` : worker.fullName) : null,
            department: worker?.department ?? null,
            access: roles.map(membershipNamed).sort(),
            lastUsedAt: use ? use.lastUsedAt : undefined,
            mfa,
            flags,
            records: [...records].sort((a, b) => a - b),
          },
        ];
      }),
  );
}

/** When an account was first seen gone, or switched off. */
function lastSeen(engine: Engine, item: string): Instant {
  const there = engine.facts.of({ dataset: accounts }, item).filter(({ row }) => row.status !== 'deactivated');
  return there.at(-1)?.to ?? 0;
}

function extracts(engine: Engine, coverage: Coverage, file: File, lines: ReadonlyMap<string, Line>, month: Period, at: Instant): readonly Extract[] {
  return engine.facts.streams(users).map((stream) => {
    const { source, partition } = itemParts(`${stream}/`);
    const runs = engine.facts.runs(users, stream).filter((run) => run.at <= at);
    const whole = runs.findLast((run) => run.complete && run.at >= month.from);
    const its = [...lines.keys()].filter((item) => item.startsWith(`${stream}/`));
    const system = file.scope.systems.find(({ sources }) => sources.includes(source))?.id ?? lines.get(its[0] ?? '')?.account.systemId ?? source;
    const gaps = coverage.explain(users.id, at).filter((reason) => reason.startsWith(source));
    return {
      system,
      source: source.endsWith(`/${partition}`) ? source : `${source} (${partition})`,
      accounts: its.length,
      completeAt: whole?.at ?? null,
      gap: gaps.length > 0 ? gaps.join(' ') : null,
      records: whole ? [whole.record] : [],
    };
  });
}
