import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Check, conforms, defineCheck, deviates, unknown } from '../checks/check.ts';
import { holds } from '../core/interval.ts';
import { deriveDataset } from '../datasets/dataset.ts';
import { Engine } from './engine.ts';
import { differences } from './replay.ts';
import { type Run, streamId } from './facts.ts';
import { ownedBySomeone } from './testing/checks/owned-by-someone.ts';
import { leaverOwnsNothing } from './testing/checks/leaver-owns-nothing.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { accounts, owned, type Owned, workers } from './testing/checks/datasets.ts';
import { adminsFew } from './testing/checks/admins-few.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, histories, TICKS } from './testing/histories.ts';
import { retold } from './testing/retold.ts';
import { someMemory } from './testing/small.ts';
import { keptBy, told } from './testing/told.ts';

const numRuns = cases(30);
const endOnFailure = !!process.env.QUICK;

/** The same program a version later: some checks say something else, one is new, one is gone, a derivation is another, a collector reads other rows. */
const ownedLater = deriveDataset<Owned, never, never>({ id: owned.id, title: owned.title, row: owned.row as never, label: owned.label as never }, {
  population: accounts,
  with: { workers: workers.on('person') },
  derive: ({ id, system, state, person }: Owned & { person: string | null }) => ({ row: { id, system, state, owner: person, rule: 'none' }, cites: [] }),
} as never);
const later = ({ id }: { readonly id: string }) => ownedLater.where((row) => id !== ownedBySomeone.id || row.state === 'active');
const LATER: readonly Check[] = [
  ...CHECKS.filter(({ id }) => ![accessKeysRotated.id, ownedBySomeone.id, leaverOwnsNothing.id, adminsFew.id].includes(id)),
  defineCheck({ ...accessKeysRotated, version: 2, examine: ({ state }) => (state === 'active' ? conforms() : deviates('is off')) }),
  defineCheck({ ...ownedBySomeone, population: later(ownedBySomeone) }),
  defineCheck({ ...leaverOwnsNothing, with: { accounts: ownedLater.on('owner', 'person') } }),
  defineCheck({ ...adminsFew, id: 'new-check', population: workers, with: {}, examine: ({ leftAt }) => (leftAt === null ? conforms() : unknown('left')) }),
] as unknown as readonly Check[];
const CHANGED = new Set([accessKeysRotated.id, ownedBySomeone.id, leaverOwnsNothing.id, 'new-check']);
const reads = (run: Run): Run => (run.source === 'other' ? { ...run, rows: run.rows.slice(1) } : run);

it('makes anew only what another version says otherwise, and is what that version would say from the beginning', () => {
  fc.assert(
    fc.property(histories, ({ runs: given }) => {
      const runs = given.map((run, record) => ({ ...run, record }));
      const streams = Map.groupBy(
        runs.filter(({ source }) => source === 'other').map(reads),
        ({ dataset, source, partition }) => `${dataset} ${streamId(source, partition)}`,
      );
      const kept = keptBy(Engine.from(CHECKS, runs));

      const engine = Engine.restore(LATER, kept, [], someMemory(runs));
      engine.renew({
        checks: CHANGED,
        derived: new Set([ownedLater.id]),
        streams: [...streams].map(([name, its]) => retold(engine, name.split(' ')[0] ?? '', name.split(' ')[1] ?? '', its)),
      });

      expect(told(engine.state())).toEqual(told(Engine.from(LATER, runs.map(reads)).state()));
    }),
    { numRuns, endOnFailure },
  );
}, 0);

it('tells for every instant whether a verdict differs, and how', () => {
  fc.assert(
    fc.property(histories, histories, ({ runs: some }, { runs: others }) => {
      const [before, after] = [Engine.from(CHECKS, some), Engine.from(CHECKS, others)];
      const parts = [
        ...differences(
          before,
          after,
          CHECKS.map(({ id }) => id),
        ),
      ];
      for (const { id } of CHECKS)
        for (const item of new Set([...before.verdicts({ id }).keys(), ...after.verdicts({ id }).keys()]))
          for (const at of TICKS) {
            const said = (engine: Engine) => {
              const step = engine
                .verdicts({ id })
                .get(item)
                ?.find((it) => holds(it, at));
              return step ? { kind: step.kind, because: step.because } : null;
            };
            const part = parts.find((it) => it.check === id && it.item === item && holds(it, at));
            const [was, is] = [said(before), said(after)];
            expect(part ? [part.before, part.after] : 'the same').toEqual(JSON.stringify(was) === JSON.stringify(is) ? 'the same' : [was, is]);
          }
    }),
    { numRuns: Math.ceil(numRuns / 3), endOnFailure },
  );
}, 0);
