import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingsAt, findingsOfItems } from '../engine/assemble.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage } from '../engine/coverage.ts';
import { inOrder } from '../engine/derive.ts';
import { Engine } from '../engine/engine.ts';
import { streamId } from '../engine/facts.ts';
import { cases } from '../engine/testing/cases.ts';
import { CHECKS as BARE, EXPECTED, histories } from '../engine/testing/histories.ts';
import { asCase, casesFound } from './cases-found.ts';
import { viewCases } from './findings.ts';
import type { Ground } from './grounds.ts';
import { bestOf } from './mentioned.ts';

const CHECKS = BARE.map((check) => ({ ...check, title: `Items of ${check.id} conform` }));
const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const control = { title: '', statement: '', criteria: [], owner: 'it', severity: 'high' as const, occurs: [], leftOut: [], checks: CHECKS.map(({ id }) => id) };
const DEADLINES = [{ at: -Infinity, days: { critical: 1, high: 2, medium: 3, low: 4 } }];

const grounded = histories.map(({ runs, waivers, from, to }) => {
  const engine = Engine.from(CHECKS, runs);
  const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
  const its = { engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks: CHECKS, waivers, deadlines: DEADLINES };
  return { ...its, catalog: { criteria: [], controls: [{ ...control, id: 'A' }] }, periods: {}, asOf: to - 1, period: { from, to } } as unknown as Ground;
});

it('finds among many cases, by labels, titles and beginnings of ids, what looking at each finds', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(grounded, fc.nat(), async (ground, some) => {
      const all = [...viewCases(ground, {}).cases];
      const one = all[some % Math.max(1, all.length)];
      if (!one) return;
      const [label, title, id] = [one.item.label.toLowerCase(), one.title.toLowerCase(), one.id.toLowerCase()];
      const [word = ''] = title.split(' ');
      for (const sought of [label, label.slice(1), word, `${label} ${word}`, `${word} ${label.slice(0, 2)}`, id, id.slice(0, 5), 'f', 'nothing of it']) {
        const grounds = async () => ground;
        const found = await casesFound(grounds, {}, { sought, most: 1000 }, 0);
        const looked = bestOf(all, asCase, { sought, most: 1000 });
        expect([sought, found.map((its) => its.id)]).toEqual([sought, looked.map((its) => its.id)]);
        seen += found.length;
      }
    }),
    { numRuns: cases(6), endOnFailure: true },
  );
  expect(seen).toBeGreaterThan(20);
});

it('tells of some items what is told of them among all', () => {
  let seen = 0;
  fc.assert(
    fc.property(grounded, fc.nat(4), (ground, some) => {
      const all = [...findingsAt(ground, ground)];
      const itemOf = ({ item: { source, partition, key } }: (typeof all)[number]) => `${streamId(source, partition)}/${key}`;
      const items = [...new Set(all.map(itemOf))].filter((_, place) => place % 5 <= some);
      const expected = all.filter((finding) => items.includes(itemOf(finding)));
      const spelled = (findings: Iterable<unknown>) => Array.from(findings, (finding) => JSON.stringify(finding)).sort();
      expect(spelled(findingsOfItems(ground, ground, items, {}))).toEqual(spelled(expected));
      seen += expected.length;
    }),
    { numRuns: cases(25), endOnFailure: true },
  );
  expect(seen).toBeGreaterThan(50);
});
