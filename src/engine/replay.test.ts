import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates, unknown } from '../checks/check.ts';
import { NEVER } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import { defineDataset, deriveDataset } from '../datasets/dataset.ts';
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
import { runsFrom } from './testing/runs.ts';
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

/** Of a thing what a check says from which instant on, the last up to the end. */
type Thing = { readonly id: string; readonly tells: readonly string[] };
const things = defineDataset<Thing>({ id: 'things', title: 'Things', row: z.custom<Thing>(), freshness: 9, key: ({ id }) => id, label: ({ id }) => id });
const telling = (id: string) =>
  defineCheck({
    ...{ id, title: id, version: 1, asserts: 'What it tells.', population: things },
    examine({ tells }, { at }) {
      const all = tells.map((its) => its.split('@'));
      const place = all.findLastIndex(([, from]) => Number(from) <= at);
      const because = all[place]?.[0] ?? 'nothing';
      const next = all[place + 1];
      const until = next ? { until: Number(next[1]) } : {};
      return because === 'fine' ? conforms(until) : deviates(because, until);
    },
  }) as unknown as Check;
const TELLING = [telling('b'), telling('a')];
const engineOf = (looks: readonly (readonly Thing[])[]) => {
  const run = runsFrom(0);
  return Engine.from(
    TELLING,
    looks.map((rows, place) => run(things, 's', 6 * place, rows)),
  );
};
const its = fc
  .tuple(
    fc.constantFrom('x', 'y', 'z'),
    fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
    fc.array(fc.constantFrom('fine', 'late'), { minLength: 4, maxLength: 4 }),
  )
  .map(([id, edges, says]): Thing => ({ id, tells: [0, ...edges.sort((a, b) => a - b)].map((from, place) => `${says[place]}@${from}`) }));
const looks = fc.array(fc.uniqueArray(its, { maxLength: 3, selector: ({ id }) => id }), { minLength: 2, maxLength: 2 });

it('tells each difference once and whole, in the order of checks, items and time, of what was learned apart and of what went on from the same', () => {
  fc.assert(
    fc.property(looks, looks, (was, is) => {
      const saidOf = (all: typeof was, id: string, at: number) => {
        const thing = all[at < 6 ? 0 : 1]?.find((it) => it.id === id);
        const because = thing?.tells.findLast((it) => Number(it.split('@')[1]) <= at)?.split('@')[0];
        return because === undefined ? null : because === 'fine' ? { kind: 'conforms', because: null } : { kind: 'deviates', because };
      };
      const expected = ['x', 'y', 'z'].flatMap((id) => {
        const parts: { from: number; to: number; before: unknown; after: unknown }[] = [];
        for (let at = 0; at <= 12; at++) {
          const [before, after] = [saidOf(was, id, at), saidOf(is, id, at)];
          const last = parts.at(-1);
          if (JSON.stringify(before) === JSON.stringify(after)) continue;
          if (last?.to === at && JSON.stringify([last.before, last.after]) === JSON.stringify([before, after])) last.to = at + 1;
          else parts.push({ from: at, to: at + 1, before, after });
        }
        return parts.map((part) => ({ item: `s/main/${id}`, ...part, to: part.to === 13 ? NEVER : part.to }));
      });
      const all = ['a', 'b'].flatMap((check) => expected.map((part) => ({ check, ...part })));
      const before = engineOf(was);
      expect([...differences(before, engineOf(is), ['b', 'a'])]).toEqual(all);
      const after = before.fork();
      const run = runsFrom(10);
      for (const [place, rows] of is.entries()) after.learn(run(things, 's', 6 * place, rows));
      expect([...differences(before, after, ['b', 'a'])]).toEqual(all);
    }),
    { numRuns: 300 },
  );
});

it('tells items in the order of their sources, partitions and keys, of what was learned apart and of what went on from the same', () => {
  const before = engineOf([]);
  const after = before.fork();
  const run = runsFrom(0);
  for (const [place, source] of ['git/x', 'git-x', 'git', 'a'].entries()) after.learn(run(things, source, place, [{ id: 'k', tells: [] }]));
  const items = ['a', 'git', 'git-x', 'git%2Fx'].map((source) => `${source}/main/k`);
  for (const other of [before, engineOf([])]) expect(Array.from(differences(other, after, ['a']), ({ item }) => item)).toEqual(items);
  expect([...differences(after, after.fork(), ['a', 'b'])]).toEqual([]);
});
