import { describe, expect, it } from 'vitest';
import type { Json } from '../core/canonical.ts';
import { days } from '../core/instant.ts';
import { users } from '../datasets/identity/users.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { caseId } from './case-id.ts';
import { casesAt } from './cases.ts';
import { account, CONTROL, day, entry, run, told, weekly } from './testing/registers.ts';

const CATALOG = { criteria: [], controls: [{ ...CONTROL, id: 'XX-01', checks: ['accounts-strong', 'acts-harmless'] }] };
const DEADLINES = [{ at: day(0), days: { critical: 1, high: 10, medium: 20, low: 40 } }];
const ITEM = 'okta%2Fusers%2Fmain/main/id-cyd';
const ID = caseId('accounts-strong', ITEM);

const listed = (ground: ReturnType<typeof told>, at: number, within: readonly [number, number] | null = null) =>
  casesAt({ ...ground, catalog: CATALOG, deadlines: DEADLINES }, day(at), within && { from: day(within[0]), to: day(within[1]) });
const say = (words: Readonly<Record<string, Json>>, more: Partial<RegisterEntry> = {}) =>
  entry('findings', { id: 'N-1', check: 'accounts-strong', item: 'cyd in okta', ...words }, { committedAt: day(6), ...more });
const activeOn = (isActive: (at: number) => boolean) => (at: number) => [account('cyd', 'cyd@acme.example', { status: isActive(at) ? 'active' : 'suspended' })];

describe('what a register says of a case', () => {
  it('counts wherever the case is found, sorted and counted', () => {
    const worked = told([[0, []], ...weekly([say({ status: 'in remediation' }, { ownerId: null })])]);
    const { cases } = listed(worked, 8);
    expect(['open', 'in remediation'].map((state) => cases.where({ state: state as 'open', ids: [ID] }).count)).toEqual([0, 1]);
    expect(cases.byId(ID)).toMatchObject({ state: 'in remediation', assigned: false, owner: 'security' });
    const closed = say({ check: 'acts-harmless', item: 'act a', status: 'closed', reason: 'looked into' });
    const by = (more: Partial<RegisterEntry>) => listed(told([[0, []], ...weekly([{ ...closed, ...more }])]), 8).cases;
    expect(
      [by({}), by({ approval: 'none', approverEmails: [] })].map((its) => [its.where({ state: 'closed' }).count, its.where({ state: 'open' }).count]),
    ).toEqual([
      [1, 1],
      [0, 2],
    ]);
  });

  it('does not count where it is in no words that are known, and is told of the case all the same', () => {
    const { cases, problems } = listed(told([[0, []], ...weekly([say({ status: 'gone' }, { ownerId: 'W-2' })])]), 8);
    expect(cases.byId(ID)).toMatchObject({ state: 'open', assigned: false, notes: [{ kind: 'assigned', problem: expect.stringMatching(/no status/) }] });
    expect(problems).toHaveLength(1);
  });

  it('is told anew once it counts, and once it is said again after nobody had read it for long', () => {
    const closed = (more: Partial<RegisterEntry>) => say({ check: 'acts-harmless', item: 'act a', status: 'closed', reason: 'looked into' }, more);
    const notes = (ground: ReturnType<typeof told>, check: string) =>
      [...listed(ground, 58).cases].find((one) => one.check === check)?.notes.map(({ from, to, problem }) => [from, to, problem === null]);
    const alone = closed({ approval: 'none', approverEmails: [] });
    expect(
      notes(
        told([
          [0, []],
          [7, [alone]],
          [14, [closed({})]],
          [21, [closed({})]],
          [28, []],
        ]),
        'acts-harmless',
      ),
    ).toEqual([
      [day(7), day(14), false],
      [day(14), day(28), true],
    ]);
    expect(
      notes(
        told([
          [0, []],
          [7, [say({})]],
          [30, [say({})]],
          [35, []],
        ]),
        'accounts-strong',
      ),
    ).toEqual([
      [day(7), day(18), true],
      [day(30), day(35), true],
    ]);
  });

  it('leaves the case in those of a period in which it deviated, and in no other', () => {
    // From the second day to the fourth, and again from the eighth to the tenth.
    const ground = told(
      [[0, []], ...weekly([say({ status: 'in remediation' })])],
      activeOn((at) => (2 <= at && at < 4) || (8 <= at && at < 10)),
    );
    const isThere = (from: number, to: number) => {
      const { cases } = listed(ground, 12, [from, to]);
      return [cases.byId(ID) !== undefined, cases.where({ ids: [ID] }).count === 1, [...cases].some(({ id }) => id === ID)];
    };
    const [there, gone] = [
      [true, true, true],
      [false, false, false],
    ];
    expect([isThere(0, 2), isThere(0, 2.1), isThere(3, 3.5), isThere(3.9, 5), isThere(4, 8)]).toEqual([gone, there, there, there, gone]);
    expect([isThere(4, 8.1), isThere(9, 20), isThere(10, 20), isThere(0, 20)]).toEqual([there, there, gone, there]);
    expect(listed(ground, 12).cases.byId(ID)).toMatchObject({ state: 'fixed', reopened: 1, fixedAt: day(10) });
  });

  it('leaves its age what it is: since it began the last time', () => {
    const aged = (isActive: (at: number) => boolean, from: number) =>
      listed(told([[0, []], ...weekly([say({ status: 'in remediation' })])], activeOn(isActive)), 20).cases.where({
        ids: [ID],
        ages: { at: day(20), from: days(from), to: days(from + 1) },
      }).count;
    expect([19, 20, 21].map((age) => aged(() => true, age))).toEqual([0, 1, 0]);
    const again = (at: number) => at < 3 || at >= 8;
    expect([11, 12, 13, 20].map((age) => aged(again, age))).toEqual([0, 1, 0, 0]);
  });
});

describe('an entry', () => {
  const problems = (words: Readonly<Record<string, Json>>, logins: Parameters<typeof told>[1]) =>
    listed(told([[0, []], ...weekly([entry('findings', { id: 'N-1', ...words })])], logins), 8).problems;
  const named = { check: 'accounts-strong', item: 'cyd in okta' };

  it('is about the one of two items with a name that deviated', () => {
    const twin = account('cyd', 'cyd@acme.example', { userId: 'other', status: 'suspended' });
    const logins = [twin, account('cyd')];
    expect(problems(named, logins)).toEqual([]);
    const { cases } = listed(told([[0, []], ...weekly([say({ reason: 'phones' })])], logins), 8);
    expect(cases.byId(ID)?.notes.map(({ reason }) => reason)).toEqual(['phones']);
  });

  it('is about none where the item that it names never deviated, or what it names is no id', () => {
    expect(
      problems(
        named,
        activeOn(() => false),
      ),
    ).toEqual(['registers/findings.yaml:3: no deviation of accounts-strong is known of cyd in okta']);
    expect(problems({ finding: 'cyd' }, [account('cyd')])).toEqual(['registers/findings.yaml:3: there is no finding cyd']);
    expect(problems({ finding: ID }, [account('cyd')])).toEqual([]);
  });
});

describe('a case', () => {
  it('is not known at each time at which nobody tells, and only then', () => {
    const status = (at: number) => (at < 10 || (12 <= at && at < 14) || at >= 16 ? 'active' : 'unknown');
    const ground = told([[0, []]], (at) => [account('cyd', 'cyd@acme.example', { status: status(at) })]);
    expect([9, 11, 13, 15, 17].map((at) => listed(ground, at).cases.byId(ID)?.unknown)).toEqual([false, true, false, true, false]);
  });

  it('is to be read before anything is learned: whatever is not there any more is not told', () => {
    const ground = told([[0, []]], [account('cyd')], 0);
    const { cases } = listed(ground, 0);
    expect(cases.where({ ids: [ID] }).count).toBe(1);
    ground.engine.learn({ ...run(users, 'okta/users/main', day(0), activeOn(() => false)(0)), record: 999 });
    expect(() => cases.byId(ID)).toThrow(new RangeError(`the case ${ID} is not there any more: something was learned since it was found`));
  });
});
