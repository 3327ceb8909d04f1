import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Engine } from './engine.ts';
import { type Run, streamId } from './facts.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, histories } from './testing/histories.ts';
import { retold } from './testing/retold.ts';
import { someMemory } from './testing/small.ts';
import { keptBy, told } from './testing/told.ts';

const numRuns = cases(50);
const endOnFailure = !!process.env.QUICK;

/** Every run has a record of its own, in the order in which they arrived. */
const sealed = (runs: readonly Run[]): readonly Run[] => runs.map((run, record) => ({ ...run, record }));

/** As the program does it: what present knowledge does not tell is told again from the records. */
function knownAt(engine: Engine, runs: readonly Run[], record: number): { readonly engine: Engine; readonly read: number } {
  const { engine: known, forgotten } = engine.knownAt(record);
  const streams = forgotten.map(({ dataset, stream, tellings }) => {
    const its = tellings.flatMap(({ record: index }) => runs[index] ?? []);
    expect(its.every((run) => run.dataset === dataset && streamId(run.source, run.partition) === stream)).toBe(true);
    return retold(known, dataset, stream, its);
  });
  known.renew({ streams });
  return { engine: known, read: forgotten.length };
}

it('knows of a record what an engine knows that was told no later one, and goes on knowing the rest', () => {
  let [read, recalled] = [0, 0];
  fc.assert(
    fc.property(histories, fc.nat(), fc.boolean(), ({ runs: given }, seed, restored) => {
      const runs = sealed(given);
      const record = seed % runs.length;
      const whole = restored
        ? Engine.restore(CHECKS, keptBy(Engine.from(CHECKS, runs)), [], someMemory(runs))
        : Engine.from(CHECKS, runs, [], someMemory(runs));
      const before = told(whole.state());

      const known = knownAt(whole, runs, record);

      expect(told(known.engine.state())).toEqual(told(Engine.from(CHECKS, runs.slice(0, record + 1)).state()));
      expect(told(whole.state())).toEqual(before);
      read += known.read;
      recalled += [...whole.streams()].length - known.read;
    }),
    { numRuns, endOnFailure },
  );
  expect(Math.min(read, recalled)).toBeGreaterThan(0);
}, 0);

it('reads nothing again where every run came in its time', () => {
  fc.assert(
    fc.property(histories, fc.nat(), ({ runs: given }, seed) => {
      const states = given.filter(({ polled }) => !polled).toSorted((a, b) => a.at - b.at);
      const runs = sealed(states.filter((run, place) => !states.slice(place + 1).some((it) => it.at === run.at && it.source === run.source)));
      if (runs.length > 0) expect(knownAt(Engine.from(CHECKS, runs), runs, seed % runs.length).read).toBe(0);
    }),
    { numRuns: Math.ceil(numRuns / 4), endOnFailure },
  );
}, 0);
