import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { assemble } from '../engine/assemble.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage } from '../engine/coverage.ts';
import { inOrder } from '../engine/derive.ts';
import { Engine } from '../engine/engine.ts';
import type { Posture } from '../engine/posture.ts';
import { periodReader } from '../engine/period.ts';
import { CHECKS, EXPECTED, histories, TICK, TICKS } from '../engine/testing/histories.ts';
import { livePosture } from './live.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const whole = (posture: Posture) => ({ ...posture, findings: [...posture.findings] });
const catalog = {
  criteria: [],
  controls: [
    {
      id: 'ALL',
      title: 'All',
      statement: '',
      criteria: [],
      owner: '',
      severity: 'high' as const,
      occurs: [],
      checks: CHECKS.map(({ id }) => id),
    },
  ],
};

it('says at every tick, and between ticks, what is assembled anew, and assembles only where something changes', async () => {
  let [asked, assembled] = [0, 0];
  await fc.assert(
    fc.asyncProperty(histories, async ({ runs, waivers, from, to }) => {
      const engine = Engine.from(CHECKS, runs);
      const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
      const assessor = new Assessor(engine, coverage, waivers);
      const grounds = { engine, coverage, assessor, checks: CHECKS, catalog };
      const at = vi.spyOn(assessor, 'at');
      const stamp = async (asOf: number) => ({
        company: 'Acme',
        demo: true,
        asOf,
        period: { from, to },
        timezone: 'UTC',
        checkpoint: { origin: 'acme', size: 1, root: '' },
        catalogDigest: '',
        code: '',
        units: [],
      });
      const live = livePosture();
      const periods = periodReader(grounds);
      for (const tick of TICKS) {
        for (const asOf of [tick, tick + TICK / 3]) {
          at.mockClear();
          const said = await live({ ...grounds, periods, period: { from, to }, waivers, asOf, stamp });
          asked++;
          assembled += Number(at.mock.calls.length > 0);
          expect(whole(said)).toEqual(whole(assemble(grounds, await stamp(asOf))));
        }
      }
    }),
    { numRuns: Number(process.env.CASES ?? 15), endOnFailure: true },
  );
  expect(assembled).toBeLessThan(asked * 0.8);
});
