import { expect, it } from 'vitest';
import { days, hours, type Instant } from '../core/instant.ts';
import { assemble } from '../engine/assemble.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage } from '../engine/coverage.ts';
import { nextChange } from '../engine/deadlines.ts';
import { notingAt } from '../engine/noted.ts';
import { finished } from '../engine/steps-of-work.ts';
import { Engine } from '../engine/engine.ts';
import { accessKeysRotated } from '../engine/testing/checks/access-keys-rotated.ts';
import { accessKeys } from '../engine/testing/checks/datasets.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { changeLines, keepWatch, watching } from './watch.ts';

const SUNDAY = Date.parse('2026-03-01T03:00:00Z');
const DATASETS = [accessKeys] as unknown as readonly Dataset[];
const source = { dataset: 'access-keys', source: 'acme', partition: 'main' };
const catalog = {
  criteria: [],
  controls: [
    { id: 'AC-07', title: 'Keys are rotated', statement: '', criteria: [], owner: 'x', severity: 'high' as const, occurs: [], checks: [accessKeysRotated.id] },
  ],
};

/** A company with one key, whose clock goes as far as its test lets it. */
function company() {
  const engine = new Engine([accessKeysRotated]);
  let [clock, size] = [SUNDAY - hours(7), 0];
  const collect = (state: 'active' | 'disabled') => {
    const row = { id: 'k1', state, createdAt: SUNDAY - days(90) };
    engine.learn({ ...source, at: clock, complete: true, reason: null, record: size++, rows: [row] });
  };
  const on = () => {
    const coverage = new Coverage(engine.facts, DATASETS, [{ ...source, from: -Infinity, to: Infinity }]);
    return { engine, coverage, assessor: new Assessor(engine, coverage), checks: [accessKeysRotated], catalog };
  };
  const stamp = () => ({
    company: 'Acme',
    demo: true,
    asOf: clock,
    period: { from: 0, to: SUNDAY + days(90) },
    timezone: 'UTC',
    checkpoint: { origin: 'o', size, root: 'r' },
    catalogDigest: '',
    code: '',
    units: [],
  });
  return {
    ...watching(async () => ({ on: on(), posture: assemble(on(), stamp()), noted: finished(notingAt(on(), stamp())) })),
    nextChange: async () => nextChange(on(), clock),
    now: () => clock,
    collect,
    goTo: (at: Instant) => {
      clock = at;
    },
  };
}

it('wakes at three on a Sunday, when a key turns 90 days old, and tells what changed', async () => {
  const acme = company();
  acme.collect('active');
  const told: string[] = [];
  acme.onChange((changed) => told.push(...changeLines(changed)));
  const alarms: { at: Instant; act: () => void; off: boolean }[] = [];
  const looks: Promise<unknown>[] = [];
  const watch = keepWatch(
    {
      ...acme,
      observe: () => {
        const look = acme.observe();
        looks.push(look);
        return look;
      },
    },
    {
      after: (milliseconds, act) => {
        const alarm = { at: acme.now() + milliseconds, act, off: false };
        alarms.push(alarm);
        return () => {
          alarm.off = true;
        };
      },
      failed: (error) => {
        throw error;
      },
    },
  );
  const ring = async () => {
    const alarm = alarms.findLast(({ off }) => !off)!;
    acme.goTo(alarm.at);
    alarm.act();
    const count = alarms.length;
    for (let turn = 0; turn < 100 && alarms.length === count; turn++) await Promise.resolve();
    return alarm.at;
  };

  await watch.look();
  expect(told).toEqual([]);
  expect(await ring()).toBe(SUNDAY);
  expect(told).toEqual([
    expect.stringMatching(
      /by the passage of time: .*k1.* deviates from access-keys-rotated since 2026-03-01 03:00.*: was to be rotated by 2026-03-01T03:00:00Z/,
    ),
    expect.stringMatching(/by the passage of time: AC-07 was pass and is fail/),
  ]);

  told.length = 0;
  acme.goTo(SUNDAY + hours(5));
  acme.collect('disabled');
  await watch.look();
  expect(told).toEqual([
    expect.stringMatching(/by new evidence: .*k1.* no longer deviates from access-keys-rotated/),
    expect.stringMatching(/by new evidence: AC-07 was fail and is /),
  ]);
  expect(alarms.filter(({ off }) => !off)).toHaveLength(1);
  watch.stop();
  expect(alarms.filter(({ off }) => !off)).toEqual([]);
});
