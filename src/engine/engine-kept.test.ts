import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days } from '../core/instant.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { type Block, Engine, Restoring } from './engine.ts';
import { ReplayNeeded, type Run } from './facts.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { CHECKS, histories, START, TICK } from './testing/histories.ts';
import { small } from './testing/small.ts';
import { keptBy, told } from './testing/told.ts';

const KIND = ['looks', 'items', 'facts', 'fields', 'steps'];
const nameOf = ({ kind, name, block }: Pick<Block, 'kind' | 'name' | 'block'>) => `${kind} ${name} ${block}`;

/** What a database would hold: blocks by their names, as JSON says them. */
class Kept {
  readonly blocks = new Map<string, string>();

  take(blocks: Iterable<Block>): readonly string[] {
    const names: string[] = [];
    for (const block of blocks) {
      expect(KIND).toContain(block.kind);
      names.push(nameOf(block));
      if (block.content === null) {
        this.blocks.delete(nameOf(block));
        continue;
      }
      const text = JSON.stringify(block.content);
      this.blocks.set(nameOf(block), text);
      block.kept?.(() => JSON.parse(text));
    }
    return names;
  }

  restored(): Engine {
    const restoring = new Restoring(CHECKS, [], small());
    // In whatever order: the last written first.
    for (const [name, text] of [...this.blocks].reverse()) {
      const [kind = '', ...rest] = name.split(' ');
      const block = Number(rest.pop());
      restoring.block({ kind: kind as Block['kind'], name: rest.join(' '), block, read: () => JSON.parse(text) });
    }
    return restoring.engine();
  }
}

const learned = (engine: Engine, run: Run): boolean => {
  try {
    engine.learn(run);
    return true;
  } catch (error) {
    if (error instanceof ReplayNeeded) return false; // whoever keeps the records reads them again
    throw error;
  }
};

it('keeps what changed, and only that, so that what was kept bit by bit is what is kept at once', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 4 }), ({ runs }, every) => {
      const engine = new Engine(CHECKS, [], small(runs.length % 2 === 0 ? 1 : 2 ** 20));
      const kept = new Kept();
      for (const [place, run] of runs.entries()) {
        if (!learned(engine, run)) return;
        if (place % every !== 0) continue;
        kept.take(engine.changed());
        expect([...engine.changed()].map(nameOf), 'nothing has changed since').toEqual([]);
      }
      kept.take(engine.changed());
      expect(told(kept.restored().state())).toEqual(told(engine.state()));
      expect(Object.fromEntries(kept.blocks)).toEqual(Object.fromEntries([...engine.kept()].map((block) => [nameOf(block), JSON.stringify(block.content)])));
      // It goes on from there as if it had never been put away.
      const again = kept.restored();
      for (const run of runs.slice(0, 2)) if (!learned(again, run) || !learned(engine, run)) return;
      expect(told(again.state())).toEqual(told(engine.state()));
    }),
    { numRuns: 25 },
  );
});

const KEYS = accessKeysRotated.population.dataset;
const keyRun = (record: number, rows: readonly Row[], at = record * TICK): Run => ({
  ...{ dataset: KEYS.id, source: 'acme', partition: 'main', at: START + at, complete: true, reason: null },
  ...{ record, rows },
});
const key = (number: number, state = 'active'): Row => ({ id: `${number}`, state, createdAt: START - days(60) });
const many = (count: number, state?: string) => Array.from({ length: count }, (_, number) => key(number, state));

describe('an engine', () => {
  it('says how many items it examined, and passes over what nothing reads', () => {
    const engine = new Engine([accessKeysRotated]);
    expect(engine.learn(keyRun(0, many(5)))).toBe(5);
    expect(engine.learn(keyRun(1, many(5))), 'nothing is another').toBe(0);
    expect(engine.learn(keyRun(2, [...many(4), key(4, 'disabled')]))).toBe(1);
    expect(engine.learn({ ...keyRun(3, many(2)), dataset: 'nobody.reads' })).toBe(0);
    const before = told(engine.state());
    engine.tell({ ...keyRun(3, many(2)), dataset: 'nobody.reads' });
    expect(told(engine.state())).toEqual(before);
    expect([...engine.looks()].map(({ record }) => record)).toEqual([0, 1, 2]);
    expect([...engine.streams()]).toEqual([{ dataset: KEYS.id, stream: 'acme/main' }]);
    expect([engine.verdicts({ id: 'nobody' }).isEmpty, [...engine.verdicts({ id: 'nobody' }).keys()]]).toEqual([true, []]);
  });

  it('tells how far it is, a thousand items at a time and at the end of each check', () => {
    const engine = Engine.from([accessKeysRotated], [keyRun(0, many(2500))]);
    const heard: (readonly [number, number])[] = [];
    expect(engine.renew({ checks: new Set([accessKeysRotated.id]) }, (done, of) => heard.push([done, of]))).toBe(2500);
    expect(heard).toEqual([
      [1000, 2500],
      [2000, 2500],
      [2500, 2500],
    ]);
    expect(engine.renew({}, () => expect.fail('nothing was asked for'))).toBe(0);
  });

  it('goes on apart from a fork of it', () => {
    const engine = Engine.from([accessKeysRotated], [keyRun(0, many(3))]);
    const before = told(engine.state());
    const fork = engine.fork();
    expect(told(fork.state())).toEqual(before);
    fork.learn(keyRun(1, many(2)));
    expect([told(engine.state()), told(fork.state())]).toEqual([
      before,
      told(Engine.from([accessKeysRotated], [keyRun(0, many(3)), keyRun(1, many(2))]).state()),
    ]);
  });

  it('holds what it holds: looks without their rows, facts by dataset, steps by check and item', () => {
    const { looks, facts, steps } = Engine.from([accessKeysRotated], [keyRun(0, [key(7)])]).state();
    expect(looks).toMatchObject([{ dataset: KEYS.id, source: 'acme', record: 0 }]);
    expect(looks[0]).not.toHaveProperty('rows');
    expect(facts).toMatchObject([{ dataset: KEYS.id, item: 'acme/main/7', row: key(7) }]);
    expect(steps.map(({ check, item, from }) => [check, item, from])).toContainEqual([accessKeysRotated.id, 'acme/main/7', START]);
  });

  it('is put back without what nothing reads any more', () => {
    const engine = Engine.from(CHECKS, [keyRun(0, many(3))]);
    const blocks = keptBy(engine);
    const stranger = (kind: Block['kind'], content: unknown) => ({ kind, name: 'nobody.reads', block: 0, content }) as Block;
    const strangers = [stranger('items', ['a']), stranger('facts', null), stranger('fields', null), stranger('steps', null)];
    expect(told(Engine.restore(CHECKS, [...strangers, ...blocks]).state())).toEqual(told(engine.state()));
    const looks = blocks.filter(({ kind }) => kind === 'looks').map((block) => ({ ...block, content: { ...(block.content as object) } }) as Block);
    expect([...Engine.restore([], looks).looks()]).toEqual([]);
    expect(told(Engine.restore(CHECKS, []).state())).toEqual(told(new Engine(CHECKS).state()));
  });

  it('refuses a dataset that is derived from events', () => {
    const events = { ...KEYS, id: 'bench.events', happened: () => START } as unknown as Dataset;
    const derived = { ...KEYS, id: 'bench.derived', derived: { population: { dataset: events, admits: () => true }, with: {} } } as unknown as Dataset;
    expect(() => new Engine([], [derived])).toThrow(new RangeError('bench.derived: derived from events'));
  });
});
