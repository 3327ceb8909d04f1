import { expect, it } from 'vitest';
import { z } from 'zod';
import { registerEntry, user, worker } from '../../test/rows.ts';
import { conforms, defineCheck, deviates } from '../checks/check.ts';
import { canonical, type Json } from '../core/canonical.ts';
import { days, instant, NEVER } from '../core/instant.ts';
import { type Dataset, defineDataset, type Row } from '../datasets/dataset.ts';
import { workers } from '../datasets/hr/workers.ts';
import { users } from '../datasets/identity/users.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { declarations } from '../datasets/people/declarations.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { assemble } from './assemble.ts';
import { Assessor } from './assess.ts';
import { caseId, casesAt, timesToFix } from './cases.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import type { Run } from './facts.ts';
import { waiverLines, waiversOf } from './waivers.ts';

const START = instant('2026-06-01T00:00:00Z');
const day = (count: number) => START + days(count);

const strong = defineCheck({
  id: 'accounts-strong',
  title: 'Accounts are strong',
  version: 1,
  asserts: 'Every account is strong.',
  population: users,
  examine: ({ status }) => (status === 'active' ? deviates('is weak') : conforms()),
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

let record = 0;
const run = (dataset: { readonly id: string }, source: string, at: number, rows: readonly unknown[], polled?: { from: number; to: number }): Run => ({
  dataset: dataset.id,
  source,
  partition: 'main',
  at,
  complete: true,
  reason: null,
  rows: rows as readonly Row[],
  record: record++,
  ...(polled ? { polled } : {}),
});

/** An entry as it would be collected, from what people write. */
const entry = (register: string, written: Readonly<Record<string, Json>>, more: Partial<RegisterEntry> = {}): RegisterEntry =>
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
const GOOD = { id: 'L-1', check: 'accounts-strong', item: 'cyd in okta', reason: 'until the new phone comes', until: '2026-07-01' };
const account = (login: string, of = 'cyd@acme.example', more = {}) =>
  user({ systemId: 'okta', userId: `id-${login}`, login, emails: [of], status: 'active', ...more });

/** What the log tells: the registers on some days, the accounts on every day. */
function told(registers: readonly (readonly [day: number, entries: readonly RegisterEntry[]])[], logins = [account('cyd')], until = 60) {
  const every = Array.from({ length: until + 1 }, (_, at) => at);
  const runs = [
    ...every.map((at) => run(workers, 'hr', day(at), [ANN, BOB, CYD])),
    run(aliases, 'file', day(0), []),
    run(declarations, 'file', day(0), []),
    ...every.map((at) => run(users, 'okta/users/main', day(at), logins)),
    ...registers.map(([at, entries]) => run(registerEntries, 'files', day(at), entries)),
    run(acts, 'acts', day(3), [{ id: 'a', at: day(1) }], { from: day(0), to: day(2) }),
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

const weekly = (entries: readonly RegisterEntry[], from = 7, to = 60): [number, RegisterEntry[]][] =>
  Array.from({ length: Math.ceil((to - from) / 7) }, (_, week) => [from + 7 * week, [...entries]]);

it('counts from when the approved entry was learned to its end', () => {
  const { waivers, ...ground } = told([[0, []], ...weekly([entry('waivers', GOOD)])]);

  expect(waivers).toEqual([
    {
      id: 'L-1',
      check: 'accounts-strong',
      item: 'okta%2Fusers%2Fmain/main/okta/id-cyd'.replace('okta/id-cyd', users.key(account('cyd'))),
      because: 'until the new phone comes',
      by: 'Bob',
      from: day(7),
      to: instant('2026-07-01T00:00:00Z'),
      until: instant('2026-07-01T00:00:00Z'),
      records: waivers[0]?.records,
    },
  ]);
  const state = (at: number) => waiverLines(ground, day(at)).map((line) => `${line.state}: ${line.says}`);
  expect(state(6)).toEqual([]);
  expect(state(8)).toEqual(['in force: waived by Bob until 2026-07-01T00:00:00Z, still a deviation']);
  expect(state(30)).toEqual(['expired: it ended on 2026-07-01T00:00:00Z']);
});

it('marks a deviation and changes no status but the one that alerts go by', () => {
  const ground = told([[0, []], ...weekly([entry('waivers', GOOD)])]);
  const observed = { from: START, to: day(60) };
  const reading = (at: number) => ground.assessor.at(strong as never, day(at), observed);
  expect([reading(6), reading(8), reading(30)].map(({ status, alert }) => `${status} ${alert}`)).toEqual(['fail fail', 'fail pass', 'fail fail']);
  expect(reading(8).deviations).toMatchObject([{ from: START, to: NEVER, waiver: { id: 'L-1' } }]);

  const catalog = { criteria: [], controls: [{ ...CONTROL, id: 'XX-01', checks: ['accounts-strong'] }] };
  const stamp = {
    company: 'A',
    demo: false,
    period: observed,
    timezone: 'UTC',
    checkpoint: { origin: '', size: 0, root: '' },
    units: [],
    catalogDigest: '',
    code: '',
  };
  const posture = assemble({ ...ground, catalog }, { ...stamp, asOf: day(8) });
  expect(posture.controls).toMatchObject([{ status: 'fail', alert: 'pass' }]);
  expect(posture.findings).toMatchObject([{ from: START, to: NEVER, verdict: 'deviates', waiver: { id: 'L-1', by: 'Bob' } }]);
});

it('ends when the entry goes, and when it is changed without approval', () => {
  const gone = told([
    [0, []],
    [7, [entry('waivers', GOOD)]],
    [14, []],
  ]);
  expect(gone.waivers.map(({ from, to }) => [from, to])).toEqual([[day(7), day(14)]]);
  expect(waiverLines(gone, day(15))).toMatchObject([{ state: 'withdrawn', says: 'it went from the register by 2026-06-15T00:00:00Z' }]);

  const longer = entry('waivers', { ...GOOD, until: '2027-07-01' }, { approverEmails: [], approval: 'none' });
  const changed = told([[0, []], [7, [entry('waivers', GOOD)]], ...weekly([longer], 14)]);
  expect(changed.waivers.map(({ from, to }) => [from, to])).toEqual([[day(7), day(14)]]);
  expect(waiverLines(changed, day(15))).toMatchObject([{ state: 'not approved' }]);
});

it('is one waiver where only its line in the file moved', () => {
  const ground = told([
    [0, []],
    [7, [entry('waivers', GOOD)]],
    [14, [entry('waivers', GOOD, { line: 40 })]],
    ...weekly([entry('waivers', GOOD, { line: 41 })], 21),
  ]);
  expect(ground.waivers.map(({ from, to }) => [from, to])).toEqual([[day(7), instant('2026-07-01T00:00:00Z')]]);
});

it('counts no longer where nobody has read the register for long', () => {
  const ground = told([
    [0, []],
    [7, [entry('waivers', GOOD)]],
  ]);
  expect(ground.waivers.map(({ from, to }) => [from, to])).toEqual([[day(7), day(18)]]);
  expect(waiverLines(ground, day(19))).toMatchObject([{ state: 'expired', says: expect.stringMatching(/not known whether it stands/) }]);
});

it.each([
  ['pushed alone', {}, { approval: 'none', approverEmails: [] }, 'not approved', /by Ann was approved by nobody else$/],
  ['merged by a host', {}, { approval: 'unknown', approverEmails: [] }, 'not approved', /does not say who approved it$/],
  ['without version control', {}, { commit: null, approval: 'unknown', approverEmails: [] }, 'not approved', /^nothing tells which commit/],
  ['approved by a stranger', {}, { approverEmails: ['eve@acme.example'] }, 'not approved', /no worker has the address .* eve@acme\.example$/],
  ['written by a stranger', {}, { authorEmail: 'eve@acme.example' }, 'not approved', /no worker has the address under which commit/],
  ['approved by whose account it is', {}, { approverEmails: ['cyd@acme.example'] }, 'not approved', /approved by Cyd, whom the item belongs to$/],
  ['approved by its author under another address', {}, { approverEmails: ['ann@home.example'] }, 'not approved', /by its author under another address$/],
  ['without an end', { until: null }, {}, 'refused', /^registers\/waivers\.yaml:3: it names no end, .* Write "until: 2027-03-31"/],
  ['without a reason', { reason: ' ' }, {}, 'refused', /gives no reason\. Write "reason:"/],
  ['without a check', { check: null }, {}, 'refused', /names no check\. Write "check:"/],
  ['of a check that is not', { check: 'nothing' }, {}, 'refused', /no check is called nothing/],
  ['without an item', { item: null }, {}, 'refused', /names no item\. Write "item:" as the pages show it/],
  ['of half an item', { item: { source: 'okta/users/main' } }, {}, 'refused', /names no item/],
  ['of an item that is not', { item: 'nobody in okta' }, {}, 'matches nothing', /examines no item called nobody in okta/],
] as const)('does not count %s', (_, written, more, state, says) => {
  const ground = told([[0, []], ...weekly([entry('waivers', { ...GOOD, ...written } as Readonly<Record<string, Json>>, more)])]);
  ground.engine.learn(run(aliases, 'file', day(1), [{ workerId: 'W-1', emails: ['ann@home.example'] }]));
  expect(waiversOf(ground)).toEqual([]);
  const [line] = waiverLines(ground, day(8));
  expect(line?.state).toBe(state);
  expect(line?.says).toMatch(says);
});

it('takes a name from HR that was read a moment later', () => {
  const ground = told([[-1, []], [-0.5, [entry('waivers', GOOD)]], ...weekly([entry('waivers', GOOD)], 6)]);
  expect(ground.waivers).toMatchObject([{ from: START - days(0.5), by: 'Bob' }]);
});

it('names an item by its source and key where its words fit two', () => {
  const two = [account('cyd'), { ...account('cyd'), userId: 'other' }];
  const words = told([[0, []], ...weekly([entry('waivers', GOOD)])], two);
  expect(words.waivers).toEqual([]);
  expect(waiverLines(words, day(8))).toMatchObject([
    { state: 'ambiguous', says: '2 items of accounts-strong are called cyd in okta: name it by source and key, and partition if need be' },
  ]);

  const key = users.key(account('cyd'));
  const exact = told([[0, []], ...weekly([entry('waivers', { ...GOOD, item: { source: 'okta/users/main', key } })])], two);
  expect(exact.waivers).toMatchObject([{ id: 'L-1', from: day(7) }]);
  expect(waiverLines(exact, day(8))).toMatchObject([{ item: `${key} of okta/users/main`, state: 'in force' }]);
});

const CONTROL = { title: 'T', statement: 'S.', criteria: [], owner: 'security', severity: 'high' as const, occurs: [] };
const CATALOG = { criteria: [], controls: [{ ...CONTROL, id: 'XX-01', checks: ['accounts-strong', 'acts-harmless'] }] };
const DEADLINES = [
  { at: START, days: { critical: 1, high: 10, medium: 20, low: 40 } },
  { at: day(5), days: { critical: 1, high: 30, medium: 20, low: 40 } },
];

it('makes a case of a deviation: whose it is, by when, and how it stands', () => {
  const note = entry(
    'findings',
    { id: 'N-1', finding: 'F-id', owner: 'W-2', status: 'in remediation', reason: 'phones are ordered' },
    { ownerId: 'W-2', committedAt: day(6) },
  );
  const base = told([[0, []]]);
  const id = casesAt({ ...base, catalog: CATALOG, deadlines: DEADLINES }, day(1), null).cases.find(({ check }) => check === 'accounts-strong')?.id ?? '';
  const written = { ...note, body: note.body.replace('F-id', id) };
  const ground = told([[0, []], [7, [written]], ...weekly([{ ...written, line: 30 }], 14)]);
  const at = (count: number) => casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(count), null).cases.find((one) => one.id === id);

  expect(id).toMatch(/^F-[0-9a-hjkmnp-tv-z]{10}$/);
  expect(at(1)).toMatchObject({ state: 'open', owner: 'security', assigned: false, severity: 'high', opened: START, due: day(10), overdue: false });
  expect(at(8)).toMatchObject({
    state: 'in remediation',
    owner: 'Bob',
    assigned: true,
    overdue: false,
    notes: [{ id: 'N-1', by: 'Ann', written: day(6), problem: null }],
  });
  expect(at(40)?.notes).toHaveLength(1);
  expect(at(10)).toMatchObject({ state: 'in remediation', overdue: true, due: day(10) });
});

it('closes an event by the word of two, and no state', () => {
  const closed = (id: string, check: string, item: string, more: Partial<RegisterEntry> = {}) =>
    entry('findings', { id, check, item, status: 'closed', reason: 'looked into' }, { committedAt: day(6), ...more });
  const ground = told([[0, []], ...weekly([closed('N-1', 'acts-harmless', 'act a'), closed('N-2', 'accounts-strong', 'cyd in okta')])]);
  const { cases, problems } = casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(8), null);
  expect(cases.map(({ check, state }) => `${check} ${state}`)).toEqual(['accounts-strong open', 'acts-harmless closed']);
  expect(problems).toEqual([expect.stringMatching(/^registers\/findings\.yaml:3: a state is not closed by word/)]);

  const alone = told([[0, []], ...weekly([closed('N-1', 'acts-harmless', 'act a', { approval: 'none', approverEmails: [] })])]);
  const view = casesAt({ ...alone, catalog: CATALOG, deadlines: DEADLINES }, day(8), null);
  expect(view.cases.map(({ state }) => state)).toEqual(['open', 'open']);
  expect(view.problems).toEqual([expect.stringMatching(/by Ann was approved by nobody else$/)]);
});

it.each([
  [{ finding: 'F-0000000000' }, /there is no finding F-0000000000$/],
  [{}, /says of no finding what is done about it/],
  [{ check: 'nothing', item: 'x' }, /no check is called nothing$/],
  [{ check: 'accounts-strong', item: 'x' }, /no deviation of accounts-strong is known of x$/],
  [{ check: 'accounts-strong', item: 'cyd in okta', status: 'done' }, /"done" is no status of a finding/],
] as const)('says what is wrong with an entry about findings: %j', (written, says) => {
  const ground = told([[0, []], ...weekly([entry('findings', { id: 'N-1', ...written })])]);
  expect(casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(8), null).problems).toEqual([expect.stringMatching(says)]);
});

it('takes the mean of what is fixed, and says how many are not', () => {
  const one = (severity: 'high' | 'low', state: 'fixed' | 'open' | 'closed', timeToFix: number | null, overdue = false) => ({
    severity,
    state,
    timeToFix,
    overdue,
  });
  expect(timesToFix([one('high', 'fixed', days(2)), one('high', 'fixed', days(4)), one('high', 'open', null, true), one('low', 'closed', null)])).toEqual([
    { severity: 'critical', fixed: 0, mean: null, longest: null, unfixed: 0, overdue: 0 },
    { severity: 'high', fixed: 2, mean: days(3), longest: days(4), unfixed: 1, overdue: 1 },
    { severity: 'medium', fixed: 0, mean: null, longest: null, unfixed: 0, overdue: 0 },
    { severity: 'low', fixed: 0, mean: null, longest: null, unfixed: 0, overdue: 0 },
  ]);
});

it('gives a case the same id for ever', () => {
  // The lower 50 bits of FNV-1a over "a\nb", reckoned by another program.
  expect(caseId('a', 'b')).toBe('F-nh3421bskg');
  expect(caseId('b', 'a')).not.toBe('F-nh3421bskg');
});
