import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conforms, defineCheck, deviates, notYet } from '../checks/check.ts';
import { days, hours, instant, NEVER } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import type { Row } from '../datasets/dataset.ts';
import { Assessor } from './assess.ts';
import type { Catalog } from './catalog.ts';
import { Coverage, type Expected } from './coverage.ts';
import { bases, inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import type { Run } from './facts.ts';
import { periodReader } from './period.ts';
import { resultsOver } from './period-results.ts';
import { byBytes, memberKey, populationKeys, populationOf } from './population.ts';
import { cases } from './testing/cases.ts';
import { accessKeys, pullRequests } from './testing/checks/datasets.ts';
import { CHECKS, EXPECTED, histories, TICK, TICKS } from './testing/histories.ts';
import { Oracle } from './testing/oracle.ts';
import { someMemory } from './testing/small.ts';

const STAMP = { company: 'Acme', demo: true, timezone: 'UTC', checkpoint: { origin: 'acme', size: 1, root: '' }, catalogDigest: 'c', code: '1', units: [] };
const catalogOf = (...checks: readonly string[]): Catalog => ({
  criteria: [],
  controls: [{ id: 'C-1', title: 'Made', statement: '', owner: '', severity: 'high' as const, occurs: [], checks, criteria: [] }],
});

it('counts what the definition counts', () => {
  const datasets = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
  let moved = 0;
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const coverage = new Coverage(engine.facts, datasets, EXPECTED);
      const assessor = new Assessor(engine, coverage, waivers);
      const oracle = new Oracle(runs, EXPECTED, waivers, TICKS);
      const reader = periodReader({ engine, coverage, assessor, checks: CHECKS, catalog: catalogOf(...CHECKS.map(({ id }) => id)) });
      const period = { from, to };

      const { controls, until } = resultsOver(reader, { ...STAMP, period, asOf: now }, null, []);

      const places = TICKS.flatMap((at, place) => (from <= at && at < until ? [place] : []));
      for (const check of CHECKS) {
        const its = controls[0]?.checks.find(({ id }) => id === check.id);
        const over = assessor.over(check, period, now);
        expect([its?.status, its?.alert, its?.examined]).toEqual([over.status, over.alert, over.items]);
        expect(its?.deviate).toBe(new Set(over.deviations.map(({ item }) => item)).size);
        expect((its?.conform ?? 0) + (its?.deviate ?? 0) + (its?.undetermined ?? 0)).toBe(over.items);
        expect(Array.from(its?.deviations ?? [], ({ because, from: since }) => `${since} ${because}`).sort()).toEqual(
          over.deviations.map(({ because, from: since }) => `${since} ${because}`).sort(),
        );
        expect(its?.unknowns.reduce((sum, { count }) => sum + count, 0)).toBe(over.unknowns.length);

        const keys = [...populationKeys(reader, check, period, now)];
        expect(keys.length).toBe(over.items);
        expect(keys).toEqual([...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(Array.from(populationOf(reader, 'C-1', check, period, now).items, ({ key }) => key)).toEqual(keys);

        const claims = [...oracle.claims(check).values()];
        const events = check.population.dataset.happened !== undefined;
        if (!events) {
          const present = (place: number | undefined) => claims.filter((said) => place !== undefined && said[place] !== null).length;
          const turned = (was: boolean) =>
            places
              .slice(1)
              .reduce((sum, place) => sum + claims.filter((said) => (said[place - 1] !== null) === was && (said[place] !== null) !== was).length, 0);
          expect(its?.population).toEqual({
            kind: 'states',
            start: present(places[0]),
            joined: turned(false),
            left: turned(true),
            end: present(places.at(-1)),
          });
          moved += turned(false) + turned(true);
          const unknown = places.filter(
            (place) =>
              claims.some((said) => said[place]?.kind === 'unknown') ||
              !bases(check.population.dataset).every((id) => coverage.dataset(id).some((covered) => holds(covered, TICKS[place] ?? 0))),
          );
          expect(its?.unknownTime.total).toBe(unknown.reduce((sum, place) => sum + Math.min((TICKS[place] ?? 0) + TICK, until) - (TICKS[place] ?? 0), 0));
        } else expect(its?.population).toMatchObject({ kind: 'events', events: over.items });
        expect(its?.gaps.map(({ from: since, to: end }) => ({ from: since, to: end }))).toEqual(now < from ? [] : over.gaps);
      }
    }),
    { numRuns: cases(15), endOnFailure: true },
  );
  expect(moved).toBeGreaterThan(50);
}, 0);

const FROM = instant('2026-03-01T00:00:00Z');
const PERIOD = { from: FROM, to: FROM + days(31) };
const expected = (dataset: string): Expected => ({ dataset, source: 'aws', partition: 'main', from: -NEVER, to: NEVER });
const snapshot = (day: number, rows: readonly Row[], complete = true): Run => ({
  dataset: 'access-keys',
  source: 'aws',
  partition: 'main',
  at: FROM + days(day),
  complete,
  reason: complete ? null : 'the page 2 of 3 did not come',
  rows,
  record: 100 + day,
});
const key = (id: string, state = 'active'): Row => ({ id, state, createdAt: FROM - days(10) });

const keysActive = defineCheck({
  id: 'keys-active',
  title: 'Keys are active',
  version: 3,
  asserts: 'Every key is active.',
  population: accessKeys,
  tolerates: 0.5,
  parameters: { limit: '1 key' },
  examine: ({ state }) => (state === 'active' ? conforms() : deviates('is switched off')),
});

function read(runs: readonly Run[], now: number, check: typeof keysActive = keysActive, waivers: ConstructorParameters<typeof Assessor>[2] = []) {
  const engine = Engine.from([check], runs);
  const coverage = new Coverage(engine.facts, [accessKeys, pullRequests], [expected('access-keys'), expected('pull-requests')]);
  const reader = periodReader({ engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks: [check], catalog: catalogOf(check.id) });
  return { reader, results: (period = PERIOD) => resultsOver(reader, { ...STAMP, period, asOf: now }, ['C-1'], [{ at: FROM, record: 0 }]) };
}

describe('the results of a control', () => {
  const daily = Array.from({ length: 33 }, (_, day) =>
    snapshot(day - 1, [key('a'), key('b', day > 9 && day <= 14 ? 'disabled' : 'active'), ...(day < 21 ? [key('c')] : [key('d')])]),
  );
  const runs = daily
    .filter(({ record }) => record !== 105 && record !== 106)
    .map((run) => (run.record === 104 ? { ...run, complete: false, reason: 'the page 2 of 3 did not come', rows: [] } : run));

  it('tell who was there, what deviated and for how long, what is not known and why', () => {
    const { controls, until, configurations } = read(runs, FROM + days(40)).results();
    const [control] = controls;
    const [check] = control?.checks ?? [];
    expect({ until, configurations }).toEqual({ until: PERIOD.to, configurations: [{ at: FROM, record: 0 }] });
    expect(check).toMatchObject({
      version: 3,
      parameters: { limit: '1 key' },
      population: { kind: 'states', start: 3, joined: 1, left: 1, end: 3 },
      examined: 4,
      conform: 1,
      deviate: 1,
      undetermined: 2,
      tolerance: { share: 0.5, deviating: 1, conform: 1, of: 4, within: true },
      status: 'unknown',
    });
    expect([...(check?.deviations ?? [])]).toEqual([
      {
        item: { dataset: 'access-keys', source: 'aws', partition: 'main', key: 'b', label: expect.any(String) },
        because: 'is switched off',
        from: FROM + days(9),
        to: FROM + days(14),
        records: [109],
        lasted: days(5),
        waiver: null,
      },
    ]);
    const because = `aws (main) has given no complete evidence of access-keys since 2026-03-04T00:00:00Z: the page 2 of 3 did not come.`;
    const freshness = accessKeys.freshness;
    const gap = { from: FROM + days(3) + freshness, to: FROM + days(7) };
    expect(check?.gaps).toEqual([{ ...gap, because }]);
    expect(check?.unknownTime).toEqual({ total: gap.to - gap.from, intervals: [gap] });
    expect(check?.unknowns).toMatchObject([{ ...gap, because, count: 3, lasted: gap.to - gap.from }]);
    expect(check?.unknowns[0]?.items.map((item) => item.key)).toEqual(['a', 'b', 'c']);
    expect(check?.looks).toEqual([
      { dataset: 'access-keys', looks: 28, longest: { source: 'aws', partition: 'main', from: FROM + days(3), to: FROM + days(7) } },
    ]);
    expect(control?.intervals).toEqual([
      { from: FROM, to: gap.from, status: 'pass', alert: 'pass' },
      { ...gap, status: 'unknown', alert: 'unknown' },
      { from: gap.to, to: PERIOD.to, status: 'pass', alert: 'pass' },
    ]);
    expect(control?.quote).toBe(
      'C-1 (Made), 1 March 2026 to 31 March 2026, both days included (UTC; [2026-03-01T00:00:00Z, 2026-04-01T00:00:00Z)): ' +
        'keys-active examined 4 of 4 items of access-keys (1 conforms, 1 deviates, 2 could not be determined; rate of conformity 1 of 4 (25.0 %); the check tolerates 50 % of items that deviate, which was not exceeded). ' +
        `Evidence missing ${spoken(gap.from)} up to 2026-03-08 00:00 UTC because aws (main) has given no complete evidence of access-keys since 2026-03-04T00:00:00Z; status unknown.`,
    );
  });

  it('end where the period is not over, and mark what is waived', () => {
    const now = FROM + days(12);
    const strict = defineCheck({ ...keysActive, tolerates: 0 });
    const waivers = [
      {
        check: strict.id,
        item: 'aws/main/b',
        from: FROM + days(10),
        to: FROM + days(20),
        because: 'accepted',
        id: 'W-1',
        by: 'maria',
        until: FROM + days(20),
        records: [7],
      },
    ];
    const [control] = read(daily, now, strict, waivers).results().controls;
    const b = {
      item: { dataset: 'access-keys', source: 'aws', partition: 'main', key: 'b', label: expect.any(String) },
      because: 'is switched off',
      records: [109],
    };
    expect([...(control?.checks[0]?.deviations ?? [])]).toEqual([
      { ...b, from: FROM + days(9), to: FROM + days(10), lasted: days(1), waiver: null },
      {
        ...b,
        from: FROM + days(10),
        to: NEVER,
        lasted: days(2) + 1,
        waiver: { id: 'W-1', because: 'accepted', by: 'maria', until: FROM + days(20), records: [7] },
      },
    ]);
    expect(control?.intervals).toEqual([
      { from: FROM, to: FROM + days(9), status: 'pass', alert: 'pass' },
      { from: FROM + days(9), to: FROM + days(10), status: 'fail', alert: 'fail' },
      { from: FROM + days(10), to: now + 1, status: 'fail', alert: 'pass' },
    ]);
    expect(control?.quote).toContain(', as far as it was known at 2026-03-13 00:00 UTC: ');
    expect(control?.quote).toContain('1 deviates (1 under a waiver, and still a deviation)');
  });

  it('say nothing of a period that has not begun, nor of a control without a check', () => {
    const { reader, results } = read(daily, FROM - 1);
    expect(results().controls[0]).toMatchObject({
      status: 'unknown',
      intervals: [],
      checks: [{ examined: 0, population: { start: 0, joined: 0, left: 0, end: 0 } }],
    });
    expect(results().controls[0]?.quote).toMatch(/: the period had not begun at 2026-02-28 23:59:59 UTC, so nothing is known of it\.$/);
    expect([...populationKeys(reader, keysActive, PERIOD, FROM - 1)]).toEqual([]);
    const none = periodReader({ ...reader.grounds, catalog: catalogOf() });
    const stamp = { ...STAMP, period: { from: FROM, to: FROM + hours(5) }, asOf: FROM + days(9) };
    expect(resultsOver(none, stamp, null, []).controls[0]).toMatchObject({
      status: 'unknown',
      quote: 'C-1 (Made), [2026-03-01T00:00:00Z, 2026-03-01T05:00:00Z) (UTC): no check examines this control, so whether it operated is not known from here.',
    });
    expect(() => resultsOver(none, stamp, ['C-2'], [])).toThrow(new RangeError('C-2'));
  });

  it('count events that happened and are not decided yet', () => {
    const pull = (id: string, day: number): Row => ({ id, author: 'ann', mergedAt: FROM + days(day) });
    const poll: Run = {
      dataset: 'pull-requests',
      source: 'aws',
      partition: 'main',
      at: FROM + days(32),
      complete: true,
      reason: null,
      polled: { from: FROM - days(9), to: FROM + days(31) },
      rows: [pull('before', -1), pull('first', 0), pull('late', 30), pull('after', 31)],
      record: 7,
    };
    const decided = defineCheck({
      ...keysActive,
      tolerates: 0,
      population: pullRequests,
      examine: (row: Row, { at }) => {
        const due = Number(row.mergedAt) + days(3);
        return at < due ? notYet({ until: due }) : conforms();
      },
    }) as unknown as typeof keysActive;
    const [control] = read([poll], FROM + days(32), decided).results().controls;
    expect(control?.checks[0]).toMatchObject({ status: 'pass', examined: 1, population: { kind: 'events', events: 1, open: 1 } });
    expect(control?.quote).toMatch(
      /\(1 conforms, 0 deviate, 0 could not be determined; 1 more event cannot be decided yet\)\. No deviations noted in the evidence examined\.$/,
    );
    const { reader } = read([poll], FROM + days(40), decided);
    expect(Array.from(populationOf(reader, 'C-1', decided, PERIOD, FROM + days(40)).items, ({ key: its, from, to }) => [its, from, to])).toEqual([
      ['aws/main/first', FROM, NEVER],
      ['aws/main/late', FROM + days(30), NEVER],
    ]);
    const nothing = read([{ ...poll, rows: [] }], FROM + days(32), decided).results().controls[0];
    expect(nothing?.status).toBe('empty');
    expect(nothing?.quote).toMatch(
      /: keys-active found no occurrences according to pull-requests, covered without gap, so that operation could not be examined\.$/,
    );
  });

  const spoken = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
});

describe('the keys of a population', () => {
  const sign = fc.constantFrom('a', 'Z', '%', '0', 'A', '/', '\n', '\r', '\0', '\u0085', '\u2028', 'é', '\ufb01', '\ud800', '\u{1f600}');

  it('are one line each, and no two items have the same', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.array(sign, { maxLength: 5 }).map((signs) => signs.join('')),
          { maxLength: 20 },
        ),
        (keys) => {
          const spelled = keys.map((it) => memberKey(`a%2Fb/c/${it}`));
          expect(new Set(spelled).size).toBe(keys.length);
          for (const it of spelled) expect(it).toMatch(/^a%2Fb\/c\/[^\n\r\0\u0085\u2028\u2029]*$/u);
          expect(spelled.toSorted(byBytes)).toEqual(spelled.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
        },
      ),
      { numRuns: 200 },
    );
    expect(memberKey('hr%2Fcsv/main/a/b%\n\ud800é')).toBe('hr%2Fcsv/main/a/b%25%0A%ud800é');
    expect(['\u{1f600}', '\ufb01', 'z', ''].toSorted(byBytes)).toEqual(['', 'z', '\ufb01', '\u{1f600}']);
  });
});
