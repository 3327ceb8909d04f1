import { expect, it } from 'vitest';
import type { Json } from '../core/canonical.ts';
import { days, instant, NEVER } from '../core/instant.ts';
import { users } from '../datasets/identity/users.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { assemble } from './assemble.ts';
import { caseId } from './case-id.ts';
import { waiverLines, waiversOf } from './waivers.ts';
import { START, day, run, entry, GOOD, account, weekly, strong, told, CONTROL } from './testing/registers.ts';

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
  expect(posture.checks.map(({ id, deviations }) => [deviations, posture.unwaived.get(id)])).toEqual([
    [1, 0],
    [1, 1],
  ]);
  expect([...posture.findings]).toMatchObject([{ from: START, to: NEVER, verdict: 'deviates', waiver: { id: 'L-1', by: 'Bob' } }]);
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

it('gives a case the same id for ever', () => {
  // The lower 50 bits of FNV-1a over "a\nb", reckoned by another program.
  expect(caseId('a', 'b')).toBe('F-nh3421bskg');
  expect(caseId('b', 'a')).not.toBe('F-nh3421bskg');
});
