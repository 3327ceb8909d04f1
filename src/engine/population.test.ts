import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Assessor } from './assess.ts';
import { nameOf } from './naming.ts';
import { toldOf } from './period.ts';
import { byBytes, memberKey, movement, populationKeys, populationOf } from './population.ts';
import { cases } from './testing/cases.ts';
import { grounded } from './testing/grounded.ts';
import { CHECKS, histories } from './testing/histories.ts';

/** When something is claimed of an item, times that touch taken together. */
function presences(assessor: Assessor, check: Check, item: string): readonly Period[] {
  const all: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of assessor.claims(check, item)) {
    const last = all.at(-1);
    if (last?.to === from) last.to = to;
    else all.push({ from, to });
  }
  return all;
}

it('holds the items that were there in the period, and the events that happened in it', () => {
  const seen = { events: 0, states: 0, moved: 0 };
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const { engine, assessor, reader } = grounded({ runs, waivers });
      const period = { from, to };
      const told = toldOf(period, now);
      const { until } = told;
      for (const check of CHECKS) {
        const isEvent = check.population.dataset.happened !== undefined;
        const items = [...engine.verdicts(check).keys()];
        const members = items.flatMap((item) => {
          const its = presences(assessor, check, item);
          if (until === from) return [];
          if (isEvent) {
            const at = engine.facts.of(check.population, item)[0]?.from ?? Number.NaN;
            const isSaid = its.some((one) => one.from <= now && now < one.to);
            return from <= at && at < until && isSaid ? [{ item, from: at, to: NEVER, last: Math.min(now, until - 1) }] : [];
          }
          const there = its.filter((one) => one.from < until && from < one.to);
          const [first, last] = [there[0], there.at(-1)];
          return first && last ? [{ item, from: first.from, to: last.to > now ? NEVER : last.to, last: Math.min(last.to - 1, now, until - 1) }] : [];
        });
        const expected = members
          .map(({ item, from: begin, to: end, last }) => ({
            key: memberKey(item),
            label: nameOf(engine, check, item, last).label,
            ...{ from: begin, to: end },
          }))
          .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
        const population = populationOf(reader, 'C-1', check, period, now);
        expect([...population.items]).toEqual(expected);
        const keys = expected.map(({ key }) => key);
        expect([population.count, [...population.keys], [...populationKeys(reader, check, period, now)]]).toEqual([keys.length, keys, keys]);
        expect([...population.pick(new Set([...keys.slice(1, 3), 'nobody/is/there']))]).toEqual(expected.slice(1, 3));
        expect([population.kind, population.control, population.check, population.until, population.asOf]).toEqual([
          isEvent ? 'events' : 'states',
          'C-1',
          check.id,
          until,
          now,
        ]);
        expect(population.selection).toContain(`the check ${check.id}, version ${check.version}, selects${isEvent ? ', that happened in' : ' and applies to'}`);
        if (isEvent) {
          seen.events += members.length;
          continue;
        }
        const moved = { start: 0, joined: 0, left: 0, end: 0 };
        for (const item of until === from ? [] : items) {
          const its = presences(assessor, check, item);
          const isThere = (at: Instant) => Number(its.some((one) => one.from <= at && at < one.to));
          moved.start += isThere(from);
          moved.end += isThere(until - 1);
          moved.joined += its.filter((one) => from < one.from && one.from < until).length;
          moved.left += its.filter((one) => from < one.to && one.to < until).length;
        }
        expect(movement(assessor.columns(check), told)).toEqual(moved);
        expect(moved.start + moved.joined - moved.left).toBe(moved.end);
        seen.states += members.length;
        seen.moved += moved.joined + moved.left;
      }
    }),
    { numRuns: cases(15) },
  );
  expect(Math.min(seen.events, seen.states, seen.moved)).toBeGreaterThan(4);
});

const SIGNS = fc.constantFrom('a', '/', '%', '0', '\n', '\u0000', '\u007f', '\u0085', '\u2028', '\u2029', '\ud800', '\udfff', 'é', '\ue000', '\u{1f600}');

it('spells a key in one line in which nothing hides, and no two items alike', () => {
  expect(memberKey('hr%2Fcsv/main/a/b')).toBe('hr%2Fcsv/main/a/b');
  expect(memberKey('hr%2Fcsv/main/100% \u0007\u2028\ud800')).toBe('hr%2Fcsv/main/100%25 %07%E2%80%A8%ud800');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: SIGNS, maxLength: 3 }), { maxLength: 9 }), (keys) => {
      const spelled = keys.map((key) => memberKey(`s/p/${key}`));
      expect(new Set(spelled).size).toBe(new Set(keys).size);
      for (const one of spelled) expect(one).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      expect(spelled.toSorted(byBytes)).toEqual(spelled.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
    { numRuns: 30 },
  );
});

it('sorts as bytes do, where strings do not', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u07ff', '\ud7ff', '\ue000', '\ufb01', '\uffff', '\u{10000}', '\u{1f600}'), maxLength: 4 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(byBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 500 },
  );
});
