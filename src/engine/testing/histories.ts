import fc from 'fast-check';
import { defineCheck, type Check } from '../../checks/check.ts';
import { accessKeysRotated } from './checks/access-keys-rotated.ts';
import { accountsOwned } from './checks/accounts-owned.ts';
import { adminsFew } from './checks/admins-few.ts';
import { changeApproved } from './checks/change-approved.ts';
import { leaverOwnsNothing } from './checks/leaver-owns-nothing.ts';
import { ownedBySomeone } from './checks/owned-by-someone.ts';
import { leaverAccessRemoved } from './checks/leaver-access-removed.ts';
import { scopedAccountsActive } from './checks/scoped-accounts-active.ts';
import { securityTrainingCompleted } from './checks/security-training-completed.ts';
import { workersChangesApproved } from './checks/workers-changes-approved.ts';
import { hours, instant, type Instant } from '../../core/instant.ts';
import type { Row } from '../../datasets/dataset.ts';
import type { Waiver } from '../assess.ts';
import type { Expected } from '../coverage.ts';
import { streamId, type Run } from '../facts.ts';

/** Histories have few items, so that only a generous tolerance is ever within reach. */
const tolerant = defineCheck({ ...securityTrainingCompleted, tolerates: 0.5 });
export const CHECKS: readonly Check[] = [
  accessKeysRotated,
  accountsOwned,
  leaverAccessRemoved,
  changeApproved,
  adminsFew,
  tolerant,
  ownedBySomeone,
  leaverOwnsNothing,
  scopedAccountsActive,
  workersChangesApproved,
];

/** All that happens happens on a tick, so what is so at every tick is so always. */
export const TICK = hours(12);
export const START = instant('2026-03-01T00:00:00Z');
export const TICKS: readonly Instant[] = Array.from({ length: 28 }, (_, tick) => START + tick * TICK);
const tick = (min: number, max: number) => fc.integer({ min, max }).map((count) => START + count * TICK);
const one = <Value>(...values: Value[]) => fc.constantFrom(...values);
const id = one('1', '2', '3', '4'),
  person = one('ann', 'bob', 'cyd');

const ROWS: Record<string, fc.Arbitrary<Row>> = {
  accounts: fc.record({
    id,
    login: id,
    system: one('git', 'aws'),
    person: fc.option(person),
    role: one('admin', 'admin', 'user'),
    state: one('active', 'active', 'suspended'),
    names: fc.uniqueArray(one('x', 'y', 'z'), { maxLength: 2 }),
  }),
  nicknames: fc.record({ id, also: fc.uniqueArray(one('x', 'y', 'z'), { minLength: 1, maxLength: 2 }), person }),
  workers: fc.record({ person, startedAt: tick(-70, -40), leftAt: fc.option(tick(-4, 24)) }),
  'access-keys': fc.record({ id, state: one('active', 'active', 'disabled'), createdAt: tick(-185, -155) }),
  systems: fc.record({ id: one('git', 'aws'), inScope: one(true, true, false) }),
  'pull-requests': fc.record({ id, author: person, mergedAt: tick(0, 26) }),
  reviews: fc.record({ id, pull: id, reviewer: person, approved: one(true, true, false), at: tick(0, 26) }),
  trainings: fc.record({ id, person, completedAt: tick(-735, 20) }),
};
const EVENTS = ['pull-requests', 'reviews', 'trainings'];

const always = { from: -Infinity, to: Infinity };
export const EXPECTED: readonly Expected[] = Object.keys(ROWS).flatMap((dataset) => [
  { dataset, source: 'acme', partition: 'main', ...always },
  ...(['accounts', 'access-keys', 'reviews'].includes(dataset)
    ? [
        { dataset, source: 'acme', partition: 'eu/west', ...always, from: START + 3 * TICK },
        { dataset, source: 'other', partition: 'main', ...always, to: START + 20 * TICK },
      ]
    : []),
]);

/** Many streams are calm, so that there is something to be certain of; the rest is gaps, halves and overlaps. */
const runsOf = (stream: Expected) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      one(true, true, true, true, false),
      fc.array(
        fc.record({
          skew: one(0, 0, 0, 1, 2),
          lost: one(true, false, false, false),
          broken: one(true, false, false, false),
          back: one(0, 0, 1, -1),
          /** The clock jumps, for this run or until it is set right. */
          jump: one(0, 0, 0, 0, 0, 0, 0, 0, 0, 3, -4),
          rows: fc.uniqueArray(ROWS[stream.dataset]!, { maxLength: 3, selector: (row) => row.id ?? row.person }),
          stays: fc.boolean(),
        }),
        { minLength: 8, maxLength: 14 },
      ),
    )
    .map(([every, calm, plans]) => {
      const runs: Run[] = [];
      let rows: readonly Row[] = [],
        watermark = START;
      plans.forEach((plan, index) => {
        const place = index * every + (every > 1 ? plan.skew % every : 0) + (calm ? 0 : plan.jump);
        const at = START + Math.min(Math.max(place, 0), TICKS.length - 1) * TICK;
        if (!plan.stays || index === 0) rows = plan.rows;
        if (plan.lost && !calm) return;
        const polled = EVENTS.includes(stream.dataset) ? { polled: { from: watermark + plan.back * TICK, to: Math.max(watermark, at - TICK) } } : {};
        const { dataset, source, partition } = stream;
        runs.push({ dataset, source, partition, at, complete: calm || !plan.broken, reason: null, record: index, rows, ...polled });
        watermark = Math.max(watermark, at - TICK);
      });
      return runs;
    });

const waiver: fc.Arbitrary<Waiver> = fc
  .record({
    check: one(...CHECKS.map((check) => check.id)),
    stream: one(streamId('acme', 'main'), streamId('acme', 'main'), streamId('acme', 'eu/west')),
    key: fc.oneof(id, person, one('git', 'aws')),
    from: tick(-2, 10),
    length: fc.integer({ min: 4, max: 30 }),
  })
  .map(({ check, stream, key, from, length }) => ({
    check,
    item: `${stream}/${key}`,
    from,
    to: from + length * TICK,
    id: 'X',
    because: 'accepted',
    by: 'dee',
    until: from + length * TICK,
    records: [],
  }));

export const histories = fc.tuple(...EXPECTED.map(runsOf)).chain((streams) => {
  const runs = streams.flat();
  return fc.record({
    /** As they arrive: some late, some twice, some of those corrected. */
    runs: fc
      .tuple(fc.shuffledSubarray(runs, { minLength: runs.length }), fc.subarray(runs, { maxLength: 5 }), fc.boolean(), fc.boolean())
      .map(([shuffled, again, orderly, corrected]) => [
        ...(orderly ? runs.toSorted((a, b) => a.at - b.at) : shuffled),
        ...again.map((run) => (corrected ? { ...run, rows: run.rows.slice(1) } : run)),
      ]),
    waivers: fc.array(waiver, { maxLength: 40 }),
    from: tick(0, 12),
    to: tick(13, 27),
    now: tick(5, 27),
  });
});
