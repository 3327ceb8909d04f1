import { z } from 'zod';
import { registerEntry, user, worker } from '../../../test/rows.ts';
import { conforms, defineCheck, deviates, unknown } from '../../checks/check.ts';
import { canonical, type Json } from '../../core/canonical.ts';
import { days, instant, NEVER } from '../../core/instant.ts';
import { type Dataset, defineDataset } from '../../datasets/dataset.ts';
import { workers } from '../../datasets/hr/workers.ts';
import { users } from '../../datasets/identity/users.ts';
import { accounts } from '../../datasets/people/accounts.ts';
import { aliases } from '../../datasets/people/aliases.ts';
import { declarations } from '../../datasets/people/declarations.ts';
import type { RegisterEntry } from '../../datasets/register/entries.ts';
import { registerEntries } from '../../datasets/register/entries.ts';
import { Assessor } from '../assess.ts';
import { Coverage } from '../coverage.ts';
import { inOrder } from '../derive.ts';
import { Engine } from '../engine.ts';
import { waiversOf } from '../waivers.ts';
import { runsFrom } from './runs.ts';

export const START = instant('2026-06-01T00:00:00Z');
export const day = (count: number) => START + days(count);

export const strong = defineCheck({
  id: 'accounts-strong',
  title: 'Accounts are strong',
  version: 1,
  asserts: 'Every account is strong.',
  population: users,
  examine: ({ status }) => (status === 'active' ? deviates('is weak') : status === 'unknown' ? unknown('nobody tells') : conforms()),
});
type Act = { id: string; at: number };
const acts = defineDataset<Act>({
  id: 'acts',
  title: 'A dataset of the tests',
  row: z.custom<Act>(),
  key: ({ id }) => id,
  label: ({ id }) => `act ${id}`,
  freshness: days(2),
  happened: ({ at }) => at,
});
const harmless = defineCheck({
  id: 'acts-harmless',
  title: 'Acts are harmless',
  version: 1,
  asserts: 'Every act is harmless.',
  population: acts,
  examine: () => deviates('did harm'),
});
const CHECKS = [strong, harmless] as never as readonly (typeof strong)[];
const ALSO = [registerEntries, workers, aliases, declarations, users, accounts, acts] as unknown as readonly Dataset[];

const ANN = worker({ workerId: 'W-1', fullName: 'Ann', emails: ['ann@acme.example'] });
const BOB = worker({ workerId: 'W-2', fullName: 'Bob', emails: ['bob@acme.example'] });
const CYD = worker({ workerId: 'W-3', fullName: 'Cyd', emails: ['cyd@acme.example'] });

export const run = runsFrom(0);

/** An entry as it would be collected, from what people write. */
export const entry = (register: string, written: Readonly<Record<string, Json>>, more: Partial<RegisterEntry> = {}): RegisterEntry =>
  registerEntry({
    register,
    entryId: String(written.id),
    title: `Title of ${String(written.id)}`,
    until: typeof written.until === 'string' ? instant(`${written.until}T00:00:00Z`) : null,
    body: canonical(written),
    file: `registers/${register}.yaml`,
    author: 'Ann',
    authorEmail: 'ann@acme.example',
    approverEmails: ['bob@acme.example'],
    approval: 'merge',
    committedAt: START,
    ...more,
  });
export const GOOD = { id: 'L-1', check: 'accounts-strong', item: 'cyd in okta', reason: 'until the new phone comes', until: '2026-07-01' };
export const account = (login: string, of = 'cyd@acme.example', more = {}) =>
  user({ systemId: 'okta', userId: `id-${login}`, login, emails: [of], status: 'active', ...more });

/** What the log tells: the registers on some days, the accounts on every day. */
export function told(
  registers: readonly (readonly [day: number, entries: readonly RegisterEntry[]])[],
  logins: readonly unknown[] | ((day: number) => readonly unknown[]) = [account('cyd')],
  until = 60,
) {
  const every = Array.from({ length: until + 1 }, (_, at) => at);
  const runs = [
    ...every.map((at) => run(workers, 'hr', day(at), [ANN, BOB, CYD])),
    run(aliases, 'file', day(0), []),
    run(declarations, 'file', day(0), []),
    ...every.map((at) => run(users, 'okta/users/main', day(at), typeof logins === 'function' ? logins(at) : logins)),
    ...registers.map(([at, entries]) => run(registerEntries, 'files', day(at), entries)),
    run(acts, 'acts', day(3), [{ id: 'a', at: day(1) }], { polled: { from: day(0), to: day(2) } }),
  ];
  const expected = ALSO.filter(({ derived }) => !derived).map((dataset) => {
    const { source = '' } = runs.find((it) => it.dataset === dataset.id) ?? {};
    return { dataset: dataset.id, source, partition: 'main', from: -Infinity, to: NEVER };
  });
  const engine = Engine.from(CHECKS, runs, ALSO);
  const coverage = new Coverage(engine.facts, inOrder(ALSO), expected);
  const waivers = waiversOf({ engine, coverage, checks: CHECKS });
  return { engine, coverage, checks: CHECKS, waivers, assessor: new Assessor(engine, coverage, waivers) };
}

export const weekly = (entries: readonly RegisterEntry[], from = 7, to = 60): [number, RegisterEntry[]][] =>
  Array.from({ length: Math.ceil((to - from) / 7) }, (_, week) => [from + 7 * week, [...entries]]);

export const CONTROL = { title: 'T', statement: 'S.', criteria: [], owner: 'security', severity: 'high' as const, occurs: [] };
