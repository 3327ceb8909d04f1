import { expect, it } from 'vitest';
import type { Json } from '../core/canonical.ts';
import { days } from '../core/instant.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { casesAt, timesToFix } from './cases.ts';
import { START, day, entry, account, weekly, told, CONTROL } from './testing/registers.ts';

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
  const id = [...casesAt({ ...base, catalog: CATALOG, deadlines: DEADLINES }, day(1), null).cases].find(({ check }) => check === 'accounts-strong')?.id ?? '';
  const written = { ...note, body: note.body.replace('F-id', id) };
  const ground = told([[0, []], [7, [written]], ...weekly([{ ...written, line: 30 }], 14)]);
  const at = (count: number) => casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(count), null).cases.byId(id);

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
  expect([...cases].map(({ check, state }) => `${check} ${state}`)).toEqual(['accounts-strong open', 'acts-harmless closed']);
  expect(problems).toEqual([expect.stringMatching(/^registers\/findings\.yaml:3: a state is not closed by word/)]);

  const alone = told([[0, []], ...weekly([closed('N-1', 'acts-harmless', 'act a', { approval: 'none', approverEmails: [] })])]);
  const view = casesAt({ ...alone, catalog: CATALOG, deadlines: DEADLINES }, day(8), null);
  expect([...view.cases].map(({ state }) => state)).toEqual(['open', 'open']);
  expect(view.problems).toEqual([expect.stringMatching(/by Ann was approved by nobody else$/)]);
});

it.each([
  [{ finding: 'F-0000000000' }, /there is no finding F-0000000000$/],
  [{}, /says of no finding what is done about it/],
  [{ check: 'nothing', item: 'x' }, /no check is called nothing$/],
  [{ check: '', item: 'x' }, /no check is called \(none\)$/],
  [
    { check: 'acts-harmless', item: 'act a', status: 'closed' },
    /^registers\/findings\.yaml:3: it is closed without a reason\. Write "reason:" and what was done/,
  ],
  [{ check: 'accounts-strong', item: 'x' }, /no deviation of accounts-strong is known of x$/],
  [{ check: 'accounts-strong', item: 'cyd in okta', status: 'gone' }, /"gone" is no status of a finding/],
] as const)('says what is wrong with an entry about findings: %j', (written, says) => {
  const ground = told([[0, []], ...weekly([entry('findings', { id: 'N-1', ...written })])]);
  expect(casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(8), null).problems).toEqual([expect.stringMatching(says)]);
});

const strongCase = (ground: ReturnType<typeof told>, at: number) =>
  [...casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(at), null).cases].find(({ check }) => check === 'accounts-strong');

it('keeps what a register said of a case as it said it, and as one for as long as it said the same', () => {
  const say = (id: string, words: Readonly<Record<string, Json>>, more: Partial<RegisterEntry> = {}) =>
    entry('findings', { id, check: 'accounts-strong', item: 'cyd in okta', ...words }, { ownerId: 'W-2', ...more });
  const ground = told([
    [0, []],
    [7, [say('N-1', { reason: 'a' })]],
    [14, [say('N-1', { reason: 'a' }, { line: 30 })]],
    [21, [say('N-1', { reason: 'b' })]],
    [28, [say('N-1', { reason: 'b', status: 'Done' })]],
    [35, [say('N-1', { reason: 'b', status: 'Done' }, { ownerId: 'W-3' })]],
    [42, [say('N-1', { reason: 'b' }, { ownerId: null, author: null })]],
    [49, [say('N-1', { reason: 'b' }, { ownerId: null, committedAt: day(48) })]],
    [56, [say('N-2', { reason: 'b' }, { ownerId: null, committedAt: day(48) })]],
  ]);
  const notes = strongCase(ground, 58)?.notes.map(({ id, kind, owner, reason, by, written, from, to, place }) => [
    id,
    kind,
    owner,
    reason,
    by,
    written,
    from,
    to,
    place,
  ]);
  const place = 'registers/findings.yaml:3';
  expect(notes).toEqual([
    ['N-1', 'assigned', 'W-2', 'a', 'Ann', START, day(7), day(21), place],
    ['N-1', 'assigned', 'W-2', 'b', 'Ann', START, day(21), day(28), place],
    ['N-1', 'done', 'W-2', 'b', 'Ann', START, day(28), day(35), place],
    ['N-1', 'done', 'W-3', 'b', 'Ann', START, day(35), day(42), place],
    ['N-1', 'noted', null, 'b', 'nobody known', START, day(42), day(49), place],
    ['N-1', 'noted', null, 'b', 'Ann', day(48), day(49), day(56), place],
    ['N-2', 'noted', null, 'b', 'Ann', day(48), day(56), day(67), place],
  ]);
  expect(strongCase(ground, 21)?.notes).toHaveLength(2);
  expect(strongCase(ground, 20)?.notes).toHaveLength(1);
});

it('has a case belong to whom the last entry names that counts and names somebody', () => {
  const say = (id: string, status: string, ownerId: string | null) =>
    entry('findings', { id, check: 'accounts-strong', item: 'cyd in okta', status, reason: 'r' }, { ownerId });
  const ground = told([[0, []], ...weekly([say('N-1', '', 'W-2'), say('N-2', '', null), say('N-3', 'gone', 'W-3')])]);
  expect(strongCase(ground, 8)).toMatchObject({ owner: 'Bob', ownerId: 'W-2', assigned: true });
});

it('asks for the id where two items have one name, and says of a case that nobody can tell any more', () => {
  const twins = told(
    [[0, []], ...weekly([entry('findings', { id: 'N-1', check: 'accounts-strong', item: 'cyd in okta' })])],
    [account('cyd'), account('cyd', 'cyd@acme.example', { userId: 'other' })],
  );
  expect(casesAt({ ...twins, catalog: CATALOG, deadlines: DEADLINES }, day(8), null).problems).toEqual([
    'registers/findings.yaml:3: 2 items of accounts-strong are called cyd in okta: name the finding by its id',
  ]);

  const silent = told([[0, []]], (at) => [account('cyd', 'cyd@acme.example', { status: at < 10 ? 'active' : 'unknown' })]);
  expect([8, 12].map((at) => strongCase(silent, at)).map((one) => [one?.state, one?.unknown])).toEqual([
    ['open', false],
    ['open', true],
  ]);
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
