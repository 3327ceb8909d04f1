import fc from 'fast-check';
import { expect, it } from 'vitest';
import { days, NEVER } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import { Assessor } from './assess.ts';
import { Coverage } from './coverage.ts';
import { Engine } from './engine.ts';
import { periodReader } from './period.ts';
import { populationOf } from './population.ts';
import { populationList } from './population-list.ts';
import { OUTCOMES } from './series.ts';
import { cases } from './testing/cases.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { grounded } from './testing/grounded.ts';
import { CHECKS, histories, START } from './testing/histories.ts';

it('lists the same items as the population, each with the worst of what was so, any part of it at once', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const { assessor, reader } = grounded({ runs, waivers });
      const period = { from, to };
      for (const check of CHECKS) {
        const all = [...populationOf(reader, 'C-1', check, period, now).items];
        const list = populationList(reader, check, period, now, { outcome: undefined, text: undefined });
        const items = [...list.each()];
        expect(items.map(({ outcome: _, because: __, records: ___, ...member }) => member)).toEqual(all);
        expect(list.count).toBe(all.length);
        const over = assessor.over(check, period, now);
        expect(items.filter(({ outcome }) => outcome === 'deviates' || outcome === 'waived').length).toBeLessThanOrEqual(over.deviating.length);
        for (const [place, item] of items.entries()) {
          seen.set(item.outcome, (seen.get(item.outcome) ?? 0) + 1);
          expect(list.behind(item.key)).toBe(place + 1);
          if (item.outcome === 'conforms') expect(item.because).toBe(null);
        }
        expect(list.window(1, 2)).toEqual(items.slice(1, 3));
        for (const outcome of OUTCOMES) {
          const some = populationList(reader, check, period, now, { outcome, text: undefined });
          expect([...some.each()]).toEqual(items.filter((item) => item.outcome === outcome));
        }
        const [first] = items;
        if (first) {
          const text = first.label.toUpperCase();
          const found = [...populationList(reader, check, period, now, { outcome: undefined, text }).each()];
          expect(found).toEqual(items.filter(({ label, key }) => `${label}\n${key}`.toLowerCase().includes(text.toLowerCase())));
        }
        // Where only conforming claims are left, nothing of it deviates or is unknown in the period.
        const conforming = items.filter(({ outcome }) => outcome === 'conforms').map(({ key }) => key);
        const named = new Set(
          over.deviations
            .concat(over.unknowns)
            .filter((claim) => holds(claim, claim.from))
            .map(({ item }) => item),
        );
        expect(conforming.filter((key) => named.has(key))).toEqual([]);
      }
    }),
    { numRuns: cases(25) },
  );
  // Few deviations of few histories are waived.
  expect(OUTCOMES.filter((outcome) => outcome !== 'waived' && (seen.get(outcome) ?? 0) < 20)).toEqual([]);
});

it('answers any part of a population of 100,000 at once', () => {
  const rows = Array.from({ length: 100_000 }, (_, place) => ({
    id: String(place).padStart(6, '0'),
    state: 'active',
    createdAt: START - days(place % 100 === 0 ? 95 : 5),
  }));
  const run = { dataset: 'access-keys', source: 'acme', partition: 'main', at: START, complete: true, reason: null, rows, record: 0 };
  const engine = Engine.from([accessKeysRotated], [run]);
  const coverage = new Coverage(
    engine.facts,
    [accessKeysRotated.population.dataset],
    [{ dataset: 'access-keys', source: 'acme', partition: 'main', from: -NEVER, to: NEVER }],
  );
  const reader = periodReader({
    engine,
    coverage,
    assessor: new Assessor(engine, coverage),
    checks: [accessKeysRotated],
    catalog: { criteria: [], controls: [] },
  });
  const period = { from: START, to: START + days(1) };
  const begun = performance.now();
  const list = populationList(reader, accessKeysRotated, period, START, { outcome: undefined, text: undefined });
  const made = performance.now() - begun;
  const parts = performance.now();
  for (let skip = 0; skip < 100_000; skip += 20_000) expect(list.window(skip, 200)[0]?.label).toContain(String(skip).padStart(6, '0'));
  const each = (performance.now() - parts) / 5;
  expect([list.count, list.window(99_999, 200).length]).toEqual([100_000, 1]);
  expect(populationList(reader, accessKeysRotated, period, START, { outcome: 'deviates', text: undefined }).count).toBe(1000);
  process.stderr.write(`100,000 items: a list in ${Math.round(made)} ms, a window of 200 in ${each.toFixed(1)} ms\n`);
  expect(made).toBeLessThan(8000);
  expect(each).toBeLessThan(200);
});
