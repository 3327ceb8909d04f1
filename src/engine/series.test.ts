import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import { Assessor, type Waiver } from './assess.ts';
import type { Catalog } from './catalog.ts';
import { uncoveredBecause } from './assemble.ts';
import { type Changed, changedBetween } from './changed.ts';
import { countsAt } from './counts.ts';
import { Coverage } from './coverage.ts';
import { bases, inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import { periodReader } from './period.ts';
import { DRAWN, drawnAs, deviationSeries, outcomesAt, saidAt, statusSeries } from './series.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, EXPECTED, histories, TICKS } from './testing/histories.ts';
import { someMemory } from './testing/small.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const CATALOG: Catalog = {
  criteria: [],
  controls: CHECKS.map(({ id }) => ({ id: `C-${id}`, title: id, statement: '', owner: '', severity: 'high' as const, occurs: [], checks: [id], criteria: [] })),
};
const numRuns = cases(25);

function grounds({ runs, waivers }: { readonly runs: readonly never[] | readonly object[]; readonly waivers: readonly Waiver[] }) {
  const engine = Engine.from(CHECKS, runs as never, [], someMemory(runs));
  const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
  return { engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks: CHECKS, catalog: CATALOG };
}
type On = ReturnType<typeof grounds>;

/** What is said of an item at an instant, asked item by item. */
function saidOf({ assessor }: On, waivers: readonly Waiver[], check: Check, item: string, at: Instant): string | null {
  const claim = assessor.claims(check, item).find((it) => holds(it, at));
  if (claim?.kind !== 'deviates') return claim?.kind ?? null;
  return waivers.some((waiver) => waiver.check === check.id && waiver.item === item && holds(waiver, at)) ? 'waived' : 'deviates';
}

const happenedAt = ({ engine }: On, check: Check, item: string): Instant | null =>
  check.population.dataset.happened ? (engine.facts.of(check.population, item)[0]?.from ?? null) : null;
const itemsOf = ({ engine }: On, check: Check) => [...engine.verdicts(check).keys()];

it('counts what deviates, is waived, is unknown and is not covered, as asking every item at every tick does', () => {
  let [deviating, gaps] = [0, 0];
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const on = grounds({ runs, waivers });
      const until = Math.min(to, now + 1);
      const steps = deviationSeries(on, CHECKS, { from, to }, now, 1000);
      if (until <= from) {
        expect(steps).toEqual([]);
        return;
      }
      expect([steps[0]?.from, steps.at(-1)?.to]).toEqual([from, until]);
      for (const at of TICKS.filter((tick) => from <= tick && tick < until)) {
        const counted = { deviates: 0, unknown: 0, gaps: 0, waived: 0 };
        for (const check of CHECKS) {
          if (!bases(check.population.dataset).every((id) => on.coverage.dataset(id).some((span) => holds(span, at)))) counted.gaps++;
          for (const item of itemsOf(on, check)) {
            const happened = happenedAt(on, check, item);
            if (happened !== null && !(from <= happened && happened < until)) continue;
            const said = saidOf(on, waivers, check, item, at);
            if (said === 'deviates' || said === 'waived' || said === 'unknown') counted[said]++;
          }
        }
        expect(countsAt(steps, at)?.counts).toEqual(counted);
        [deviating, gaps] = [deviating + counted.deviates, gaps + counted.gaps];
      }
    }),
    { numRuns },
  );
  expect(Math.min(deviating, gaps)).toBeGreaterThan(20);
});

it('tells how items stand at an instant, and events of a period up to it', () => {
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const on = grounds({ runs, waivers });
      const told = outcomesAt(on, CHECKS, now, { from, to });
      for (const [place, check] of CHECKS.entries()) {
        const said = (begins: Instant, ends: Instant) => {
          const counts = { deviates: 0, unknown: 0, waived: 0, conforms: 0 };
          for (const item of itemsOf(on, check)) {
            const happened = happenedAt(on, check, item);
            const its = saidOf(on, waivers, check, item, now);
            if (its !== null && (happened === null || (begins <= happened && happened < ends))) counts[its as 'deviates']++;
          }
          return counts;
        };
        const isEvent = check.population.dataset.happened !== undefined;
        expect(told[place]).toMatchObject({ check: check.id, ...said(from, isEvent ? Math.max(from, Math.min(to, now + 1)) : 0) });
        expect([...saidAt(on, check, now)].length).toBe(itemsOf(on, check).filter((item) => saidOf(on, waivers, check, item, now) !== null).length);
      }
    }),
    { numRuns },
  );
});

it('counts statuses as the strips tell them', () => {
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const on = grounds({ runs, waivers });
      const stamp = {
        company: 'Acme',
        demo: true,
        timezone: 'UTC',
        checkpoint: { origin: 'acme', size: 1, root: '' },
        catalogDigest: 'c',
        code: '1',
        units: [],
      };
      const { controls, until } = periodReader(on).statuses({ ...stamp, period: { from, to }, asOf: now });
      const steps = statusSeries(controls, { from, to: until }, 1000);
      for (const at of TICKS.filter((tick) => from <= tick && tick < until)) {
        const drawn = controls.flatMap(({ intervals }) => intervals.filter((it) => holds(it, at)).map(drawnAs));
        expect(drawn.length).toBe(CHECKS.length);
        expect(countsAt(steps, at)?.counts).toEqual(Object.fromEntries(DRAWN.map((kind) => [kind, drawn.filter((it) => it === kind).length])));
      }
    }),
    { numRuns },
  );
});

/** The same of one check: every item asked at every tick. */
function changedPlainly(on: On, check: Check, since: Instant, now: Instant): readonly Omit<Changed, 'controls'>[] {
  const told = new Map<string, Omit<Changed, 'controls'> & { readonly rest: string }>();
  const sorted = (records: readonly number[]) => [...new Set(records)].sort((a, b) => a - b);
  for (const item of itemsOf(on, check))
    for (const at of TICKS.filter((tick) => since < tick && tick <= now)) {
      const [was, is] = [at - 1, at].map((when) => on.assessor.claims(check, item).find((claim) => holds(claim, when)));
      if (was?.kind === is?.kind) continue;
      const why = (claim: typeof is, when: Instant) =>
        claim?.uncovered.length ? uncoveredBecause(on.coverage, claim.uncovered, when) : (claim?.because ?? '');
      const full = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
      const fresh = (is?.records ?? []).filter((record) => !was?.records.includes(record));
      const learned = fresh.length > 0 ? fresh : (is?.records ?? was?.records ?? []);
      const name = nameOf(on.engine, check, item, at);
      const put = (what: Changed['what'], rest: string, records: readonly number[]) => {
        const isTogether = what === 'unknown' || what === 'known';
        const key = `${at} ${what} ${rest} ${isTogether ? '' : item}`;
        const known = told.get(key);
        const [count, first] = [(known?.count ?? 0) + 1, known?.item ?? name];
        const more = count > 1 ? ` and ${count - 1} more item${count > 2 ? 's' : ''}` : '';
        const says = isTogether ? `${first.label}${more} ${count > 1 ? 'are' : 'is'}${rest}` : `${first.label}${rest}`;
        told.set(key, { at, what, checks: [check.id], item: first, count, says, rest, records: sorted([...(known?.records ?? []), ...records]) });
      };
      if (is?.kind === 'deviates') put('deviates', ` deviates: ${full(why(is, at))}`, is.records);
      else if (is?.kind === 'unknown') put('unknown', ` unknown: ${full(why(is, at))}`, is.records);
      else if (was?.kind === 'deviates')
        put(
          'ends',
          is ? ` no longer deviates. Before: ${full(why(was, at - 1))}` : ` is no longer in the population. Before it deviated: ${full(why(was, at - 1))}`,
          learned,
        );
      else if (was?.kind === 'unknown' && is) put('known', ' known again.', learned);
    }
  return [...told.values()].map(({ rest: _, ...change }) => change);
}

it('says of each change what asking every item says, however the items lie in blocks and whatever was asked before', () => {
  const seen: Record<string, number> = {};
  const inOrder = (its: readonly Omit<Changed, 'controls'>[]) =>
    its.map(({ at, what, checks, count, item, says, records }) => JSON.stringify([at, what, checks, count, item, says, records])).sort();
  fc.assert(
    fc.property(histories, ({ runs, waivers, from: since, now }) => {
      const on = grounds({ runs, waivers });
      for (const check of CHECKS)
        for (const [after, at] of [
          [since, now],
          [-NEVER, TICKS.at(-1) ?? 0],
          [since, now],
        ] as const) {
          const told = changedBetween({ ...on, checks: [check] }, after, at);
          expect(inOrder(told)).toEqual(inOrder(changedPlainly(on, check, after, at)));
          for (const { what, count } of told) seen[`${what} ${count > 1 ? 'several' : 'one'}`] = (seen[`${what} ${count > 1 ? 'several' : 'one'}`] ?? 0) + 1;
        }
    }),
    { numRuns },
  );
  for (const what of ['deviates one', 'ends one', 'unknown one', 'unknown several', 'known one', 'known several']) expect(seen[what], what).toBeGreaterThan(0);
});

it('tells every change after an instant and no other, the newest first', () => {
  let told = 0;
  fc.assert(
    fc.property(histories, ({ runs, waivers, from: since, now }) => {
      const on = grounds({ runs, waivers });
      const expected: string[] = [];
      for (const check of CHECKS)
        for (const item of itemsOf(on, check))
          for (const at of TICKS.filter((tick) => since < tick && tick <= now)) {
            const kindAt = (when: Instant) => on.assessor.claims(check, item).find((claim) => holds(claim, when))?.kind;
            const [was, is] = [kindAt(at - 1), kindAt(at)];
            if (was === is) continue;
            const what = is === 'deviates' || is === 'unknown' ? is : was === 'deviates' ? 'ends' : was === 'unknown' && is === 'conforms' ? 'known' : null;
            if (what !== null) expected.push(`${at} ${what} ${check.id}`);
          }
      const changes = changedBetween(on, since, now);
      expect(
        changes.flatMap(({ at, what, checks, count }) => checks.flatMap((check) => Array.from({ length: count }, () => `${at} ${what} ${check}`))).sort(),
      ).toEqual(expected.sort());
      expect(changes.map(({ at }) => at)).toEqual(changes.map(({ at }) => at).sort((a, b) => b - a));
      expect(changes.filter(({ says }) => !says.endsWith('.'))).toEqual([]);
      told += changes.length;
    }),
    { numRuns },
  );
  expect(told).toBeGreaterThan(100);
});
