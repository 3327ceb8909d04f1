import { describe, expect, it } from 'vitest';
import { type Check, conforms, defineCheck, deviates, unknown } from '../checks/check.ts';
import { NEVER } from '../core/instant.ts';
import { assemble, assembleOver, findingsAbout, findingsAt, findingsOfItems, placesOf } from './assemble.ts';
import { Assessor, type Assessed, UNCOVERED } from './assess.ts';
import { Coverage } from './coverage.ts';
import type { Finding } from './posture.ts';
import { accessKeys, accounts } from './testing/checks/datasets.ts';
import { account, day, ground, stamp, WAIVER } from './testing/six-days.ts';

const spelled = (findings: Iterable<Finding>) =>
  Array.from(findings, ({ control, check, item, verdict }) => `${control} ${check} ${item.source} ${item.key} ${verdict}`);

describe('the places of what has to be told', () => {
  const both = { deviating: [3, 9], unknown: [1, 3, 12] };

  it('are those that deviate and those that are not known, each once, ascending', () => {
    expect(placesOf(both)).toEqual([1, 3, 9, 12]);
    expect(placesOf({ deviating: [10, 20], unknown: [9] })).toEqual([9, 10, 20]);
    expect([placesOf({ ...both, unknown: [] }), placesOf({ ...both, deviating: [] }), placesOf({ deviating: [], unknown: [] })]).toEqual([
      [3, 9],
      [1, 3, 12],
      [],
    ]);
  });

  it('are those of one verdict where that is asked for', () => {
    expect([placesOf(both, 'deviates'), placesOf(both, 'unknown')]).toEqual([both.deviating, both.unknown]);
    expect([placesOf({ ...both, unknown: [] }, 'unknown'), placesOf({ ...both, deviating: [] }, 'deviates')]).toEqual([[], []]);
  });
});

describe('what is told of one item', () => {
  const on = ground();
  const check = on.checks.find(({ id }) => id === 'admins-few') as Check;
  const claim = (more: Partial<Assessed>): Assessed => ({
    ...{ item: 'aws/main/a', kind: 'deviates', because: 'is an administrator', records: [102], uncovered: [] },
    ...{ from: day(0), to: NEVER, whole: { from: day(0), to: NEVER } },
    ...more,
  });
  const about = (claims: readonly Assessed[], now = day(5), verdict?: Finding['verdict']) => findingsAbout(on, check, 'BB-01', claims, now, verdict);
  const label = (person: string) => JSON.stringify(account('a', { system: 'aws', person, role: 'admin' }));

  it('is in the order of time, whatever order it is claimed in', () => {
    const parts = [3, 0, 4, 1, 2].map((at) => claim({ from: day(at), to: day(at + 1) }));
    expect(about(parts).map(({ from }) => from)).toEqual([0, 1, 2, 3, 4].map(day));
  });

  it('has the name that it had in the end, or has now', () => {
    const names = (to: number, now: number) => about([claim({ to })], now).map(({ item }) => item.label);
    expect(names(day(2), day(5))).toEqual([label('ann')]);
    expect(names(day(2) + 1, day(5))).toEqual([label('bob')]);
    expect([names(NEVER, day(1)), names(day(3), day(1)), names(NEVER, day(2))]).toEqual([[label('ann')], [label('ann')], [label('bob')]]);
  });

  it('ends where its end is known by now, and otherwise never', () => {
    expect([day(2), day(5), day(5) + 1, NEVER].map((to) => about([claim({ to })])[0]?.to)).toEqual([day(2), day(5), NEVER, NEVER]);
  });

  it('is of one verdict where that is asked for', () => {
    const claims = [claim({ to: day(1) }), claim({ kind: 'unknown', because: 'nobody tells', from: day(1), to: day(2) }), claim({ from: day(2) })];
    const told = (verdict?: Finding['verdict']) => about(claims, day(5), verdict).map((finding) => `${finding.verdict} ${finding.because}`);
    const [deviating, missing] = ['deviates is an administrator', 'unknown nobody tells'];
    expect([told(), told('deviates'), told('unknown')]).toEqual([[deviating, missing, deviating], [deviating, deviating], [missing]]);
  });

  it('says which evidence is missing at that time, and nothing where nothing was said', () => {
    const missing = (to: number) => about([claim({ kind: 'unknown', because: UNCOVERED, uncovered: ['access-keys'], from: day(2), to })])[0]?.because;
    const silent = 'iam (main) has given no complete evidence of access-keys since 2026-06-02T00:00:00Z.';
    expect([missing(NEVER), missing(day(2.5))]).toEqual([silent, 'Not every source that this rests on has been asked since the item appeared.']);
    expect(about([claim({ because: null })])[0]?.because).toBe('');
  });

  it('names the waiver that holds then', () => {
    expect(about([claim({ to: day(3) }), claim({ from: day(3), waiver: WAIVER })]).map(({ waiver }) => waiver)).toEqual([
      null,
      { id: 'L-1', because: 'on its way', by: 'Bob', until: day(9), records: [55] },
    ]);
  });
});

describe('findings', () => {
  const on = ground();
  const all = spelled(findingsAt(on, stamp(day(5))));

  it('are those of some controls, some checks or one verdict, in the order of all', () => {
    const asked = (asking: Parameters<typeof findingsAt>[2]) => spelled(findingsAt(on, stamp(day(5)), asking));
    expect(asked({ controls: ['ZZ-01', 'BB-01'] })).toEqual(all.filter((its) => /^(ZZ|BB)-01 /.test(its)));
    expect(asked({ controls: [] })).toEqual([]);
    expect(asked({ controls: ['ZZ-01'], checks: ['accounts-owned'], verdict: 'deviates' })).toEqual(all.filter((its) => /^ZZ-01 accounts-owned/.test(its)));
    for (const verdict of ['deviates', 'unknown'] as const) expect(asked({ verdict })).toEqual(all.filter((its) => its.endsWith(` ${verdict}`)));
    const { findings } = assemble(on, stamp(day(5)));
    expect([spelled(findings.of(['ZZ-01'])), spelled(findings.of(['ZZ-01'], 'unknown'))]).toEqual([
      all.filter((its) => its.startsWith('ZZ-01')),
      all.filter((its) => its.startsWith('ZZ-01') && its.endsWith(' unknown')),
    ]);
  });

  it('can be read again', () => {
    const { findings } = assemble(on, stamp(day(5)));
    const some = findings.of(['BB-01', 'BB-02']);
    expect([spelled(findings), spelled(findings), spelled(some), spelled(some)]).toEqual([all, all, all.slice(0, 2), all.slice(0, 2)]);
  });

  it('of some items are those about them, wherever they are, and none about others', () => {
    const of = (items: readonly string[], asking: Parameters<typeof findingsOfItems>[3] = {}) => spelled(findingsOfItems(on, stamp(day(5)), items, asking));
    expect(of(['okta/main/b', 'aws/main/a'])).toEqual([
      'BB-01 admins-few aws a deviates',
      ...['MM-01', 'ZZ-01'].flatMap((control) => [`${control} accounts-owned okta b deviates`, `${control} accounts-owned aws a deviates`]),
    ]);
    expect(of(['aws/main/a', 'iam/main/l'], { controls: ['ZZ-01'] })).toEqual(['ZZ-01 accounts-owned aws a deviates', 'ZZ-01 keys-disabled iam l unknown']);
    expect(of(['iam/main/k', 'iam/main/l'], { verdict: 'unknown' })).toEqual(['ZZ-01 keys-disabled iam l unknown']);
    expect([of([]), of(['okta/main/nobody', 'okta/main/a'])]).toEqual([[], []]);
  });
});

describe('a check', () => {
  const over = (checks: readonly unknown[], at: ReturnType<typeof stamp>, order = (its: readonly unknown[]) => its) => {
    const on = ground({ checks: checks as readonly Check[] });
    const expected = ['okta', 'aws', 'iam'].map((source) => ({
      ...{ dataset: source === 'iam' ? 'access-keys' : 'accounts', source, partition: 'main', from: -Infinity, to: NEVER },
    }));
    const coverage = new Coverage(on.engine.facts, on.engine.datasets(), order(expected) as typeof expected);
    return { ...on, coverage, assessor: new Assessor(on.engine, coverage, []), at };
  };
  const base = { title: 'T', version: 1, asserts: 'A.', examine: () => conforms() };
  const postureOf = (grounds: ReturnType<typeof over>, isOver: boolean) => (isOver ? assembleOver : assemble)(grounds, grounds.at).checks[0];

  it('rests on the newest looks up to the instant, or to the end of the period where that came first, in the order of records', () => {
    const check = defineCheck({ ...base, id: 'accounts-there', population: accounts });
    const records = (isOver: boolean, at: ReturnType<typeof stamp>, order?: (its: readonly unknown[]) => readonly unknown[]) =>
      postureOf(over([check], at, order), isOver)?.records;
    expect(records(false, stamp(day(2)))).toEqual([111, 112]);
    expect(records(false, stamp(day(2) - 1))).toEqual([106, 107]);
    expect(records(false, stamp(day(2)), (its) => its.toReversed())).toEqual([111, 112]);
    expect(records(true, stamp(day(2)))).toEqual([111, 112]);
    expect(records(true, { ...stamp(day(5)), period: { from: day(0), to: day(2) } })).toEqual([106, 107]);
  });

  it('says nothing of a gap where an item alone is not known, nor where there is no item and all is covered', () => {
    const silent = defineCheck({ ...base, id: 'silent', population: accounts, examine: () => unknown('nobody tells') });
    const none = defineCheck({ ...base, id: 'none', population: accounts.where(() => false) });
    expect([silent, none].map((check) => postureOf(over([check], stamp(day(5))), false))).toMatchObject([
      { status: 'unknown', examined: 4, unknowns: 4, gap: null },
      { status: 'empty', examined: 0, gap: null },
    ]);
  });

  it('says of a population that was not covered for a time why it was not at the end of that time', () => {
    const check = defineCheck({ ...base, id: 'accounts-there', population: accounts });
    const grounds = over([check], { ...stamp(day(5)), period: { from: day(-2), to: day(3) } });
    expect(postureOf(grounds, true)?.gap).toBe('okta (main) has not been asked for accounts yet. aws (main) has not been asked for accounts yet.');
    const keys = defineCheck({ ...base, id: 'keys-there', population: accessKeys });
    const twice = over([keys], { ...stamp(day(5)), period: { from: day(-2), to: day(9) } });
    expect(postureOf(twice, true)?.gap).toBe('iam (main) has given no complete evidence of access-keys since 2026-06-02T00:00:00Z.');
  });

  it('counts as conforming whatever is neither deviating nor unknown at any time', () => {
    const few = defineCheck({
      ...{ ...base, id: 'keys-few', tolerates: 0.9, population: accessKeys },
      examine: ({ state }) => (state === 'active' ? deviates('is active') : conforms()),
    });
    // One deviates, one is not known, and one is both.
    expect(postureOf(over([few], stamp(day(5))), true)?.tolerance).toEqual({ share: 0.9, deviating: 2, conform: 0, of: 3, within: true });
    expect(postureOf(over([few], { ...stamp(day(5)), period: { from: day(0), to: day(2) } }), true)?.tolerance).toMatchObject({ deviating: 2, conform: 1 });
    expect(postureOf(over([few], stamp(day(5))), false)?.tolerance).toMatchObject({ deviating: 1, conform: 0, of: 3 });
  });
});
