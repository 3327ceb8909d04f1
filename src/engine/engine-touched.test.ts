import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Check, conforms, defineCheck } from '../checks/check.ts';
import { type Dataset, deriveDataset, type Row } from '../datasets/dataset.ts';
import { type Block, Engine, Restoring } from './engine.ts';
import type { Run } from './facts.ts';
import { Memory } from './memory.ts';
import { BLOCK } from './places.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { accountsOwned } from './testing/checks/accounts-owned.ts';
import { adminsFew } from './testing/checks/admins-few.ts';
import { changeApproved } from './testing/checks/change-approved.ts';
import { type Account, accounts } from './testing/checks/datasets.ts';
import { leaverAccessRemoved } from './testing/checks/leaver-access-removed.ts';
import { START, TICK } from './testing/histories.ts';
import { retold } from './testing/retold.ts';
import { told } from './testing/told.ts';

const checks = (...its: readonly unknown[]) => its as readonly Check[];
let records = 0;
const run = (dataset: string, at: number, rows: readonly Row[], more: Partial<Run> = {}): Run => ({
  ...{ dataset, source: 'acme', partition: 'main', at: START + at * TICK, complete: true, reason: null, record: ++records, rows },
  ...more,
});
const account = (id: string, person: string | null, more: Row = {}): Row => ({
  ...{ id, login: id, system: 'git', person, role: 'user', state: 'active', names: [] },
  ...more,
});
const worker = (person: string, leftAt: number | null = null): Row => ({ person, startedAt: START, leftAt });
const key = (id: number, state = 'active'): Row => ({ id: `${id}`, state, createdAt: START });
const keys = (count: number, state?: string) => Array.from({ length: count }, (_, id) => key(id, state));
const namesOf = (blocks: Iterable<Block>) => Array.from(blocks, ({ kind, name, block }) => `${kind} ${name} ${block}`);

describe('what a run touches', () => {
  const people = ['ann', 'bob', 'cyd'];

  it('are its own items, and not others that have the same in the field by which these are joined', () => {
    const its = [account('1', 'ann'), account('2', 'ann'), account('3', 'bob')];
    const engine = Engine.from(checks(accountsOwned), [
      run(
        'workers',
        0,
        people.map((person) => worker(person)),
      ),
      run('accounts', 0, its),
    ]);
    expect(engine.learn(run('accounts', 1, [account('1', 'ann', { login: 'x' }), ...its.slice(1)]))).toBe(1);
  });

  it('are the items that a row is joined with by their field, where the row is of those that are asked for', () => {
    const leavers = people.map((person) => worker(person, START));
    const active = people.map((person) => account(person, person));
    const engine = Engine.from(checks(leaverAccessRemoved), [run('workers', 0, leavers), run('accounts', 0, active)]);
    const learn = (at: number, ...more: readonly Row[]) => engine.learn(run('accounts', at, [...active, ...more]));
    expect(learn(1, account('x', 'ann', { state: 'suspended' })), 'nobody asks for suspended ones').toBe(0);
    expect(learn(2, account('x', 'ann')), 'ann').toBe(1);
    expect(learn(3, account('x', 'ann'), account('y', 'dee'), account('z', null)), 'nobody').toBe(0);
    expect(learn(4, account('x', 'bob')), 'ann and bob').toBe(2);
  });

  it('are all items where every row is asked for, and only by a row that is', () => {
    const systems = ['git', 'aws', 'crm'].map((id): Row => ({ id, inScope: true }));
    const engine = Engine.from(checks(adminsFew), [run('systems', 0, systems), run('accounts', 0, [account('1', 'ann')])]);
    expect(engine.learn(run('accounts', 1, [account('1', 'ann'), account('2', 'bob')]))).toBe(0);
    expect(engine.learn(run('accounts', 2, [account('1', 'ann'), account('2', 'bob', { role: 'admin' })]))).toBe(3);
  });

  it('is derived anew, of the rows alone that it is to be derived from', () => {
    const active = deriveDataset<Account, Account, Record<never, never>>(
      { id: 'active', title: 'Active accounts', row: z.custom<Account>(), label: ({ id }) => id },
      { population: accounts.where(({ state }) => state === 'active'), with: {}, derive: (row) => ({ row, cites: [] }) },
    );
    const known = defineCheck({ id: 'active-known', title: 'T', version: 1, asserts: 'A.', population: active, examine: () => conforms() });
    const runs = [
      run('accounts', 0, [account('1', 'ann'), account('2', 'ann', { state: 'suspended' })]),
      run('accounts', 1, [account('1', 'ann', { state: 'suspended' }), account('2', 'ann')]),
    ];
    const learned = new Engine(checks(known));
    expect(runs.map((its) => learned.learn(its))).toEqual([1, 2]);
    for (const engine of [Engine.from(checks(known), runs), learned])
      expect([...engine.verdicts(known)].map(([item, steps]) => [item, steps.map(({ from, to }) => [from, to])])).toEqual([
        ['acme/main/1', [[START, START + TICK]]],
        ['acme/main/2', [[START + TICK, Infinity]]],
      ]);
  });
});

describe('an engine', () => {
  it('reads what its checks read, and nothing where there are none', () => {
    const idsOf = (engine: Engine) => engine.datasets().map(({ id }) => id);
    expect([new Engine([]), Engine.from([], []), Engine.restore([], [])].map(idsOf)).toEqual([[], [], []]);
    expect([new Engine(checks(accountsOwned)), Engine.restore(checks(accountsOwned), [])].map(idsOf)).toEqual([
      ['accounts', 'workers'],
      ['accounts', 'workers'],
    ]);
    expect(idsOf(new Engine(checks(accessKeysRotated), [accounts] as unknown as readonly Dataset[]))).toEqual(['access-keys', 'accounts']);
  });

  it('passes over streams that were told anew of what it does not read', () => {
    const other = Engine.from(checks(accountsOwned), []);
    const anew = retold(other, 'accounts', 'acme/main', [run('accounts', 0, [account('1', null)])]);
    const engine = Engine.from(checks(accessKeysRotated), [run('access-keys', 0, keys(2))]);
    const before = told(engine.state());
    expect([engine.renew({ streams: [anew] }), other.renew({ streams: [anew] })]).toEqual([0, 1]);
    expect(told(engine.state())).toEqual(before);
  });

  it('asks for the tellings that a stream was known by in the order in which they were to be told', () => {
    records = 0;
    // The second time it is told twice, and a third comes in between, late.
    const late = [run('access-keys', 0, keys(1)), run('access-keys', 4, keys(2)), run('access-keys', 4, keys(3)), run('access-keys', 2, keys(4))];
    const engine = Engine.from(checks(accessKeysRotated), late);
    const tellings = (record: number) =>
      engine.knownAt(record).forgotten.flatMap((its) => its.tellings.map(({ at, record: number }) => [(at - START) / TICK, number]));
    expect(tellings(3)).toEqual([
      [0, 1],
      [4, 2],
      [4, 3],
    ]);
    expect([tellings(2), tellings(4)]).toEqual([
      [
        [0, 1],
        [4, 2],
      ],
      [],
    ]);
  });

  it('is put back though a check is called what a dataset is', () => {
    const namesake = { ...accessKeysRotated, id: 'access-keys' };
    const engine = Engine.from(checks(namesake), [run('access-keys', 0, keys(3))]);
    const blocks = [...engine.kept()];
    for (const order of [blocks, blocks.toReversed()]) expect(told(Engine.restore(checks(namesake), order).state())).toEqual(told(engine.state()));
  });
});

describe('what is kept', () => {
  it('is of each dataset its looks, items and facts, of each that is joined by a field its values, and what a check says', () => {
    const keysAlone = Engine.from(checks(accessKeysRotated), [run('access-keys', 0, keys(2))]);
    expect(namesOf(keysAlone.changed())).toEqual([
      'looks access-keys acme/main 0',
      'items access-keys 0',
      'facts access-keys 0',
      'steps access-keys-rotated 0',
    ]);
    const owned = Engine.from(checks(accountsOwned), [run('workers', 0, [worker('ann')]), run('accounts', 0, [account('1', 'ann')])]);
    expect(namesOf(owned.kept()).filter((name) => name.startsWith('fields '))).toEqual(['fields accounts 0', 'fields workers 0']);
    expect(namesOf(owned.changed())).toEqual(namesOf(owned.kept()));
  });

  it('is told in the order of its blocks, in whatever order they changed', () => {
    const all = keys(2 * BLOCK + 3);
    const engine = Engine.from(checks(accessKeysRotated), [run('access-keys', 0, all)]);
    const facts = ['facts access-keys 0', 'facts access-keys 1', 'facts access-keys 2'];
    expect(namesOf(engine.changed()).filter((name) => name.startsWith('facts '))).toEqual(facts);
    const changed = [...all].reverse().map((row) => (Number(row.id) % (BLOCK + 1) === 0 ? { ...row, state: 'disabled' } : row));
    engine.learn(run('access-keys', 1, changed));
    expect(namesOf(engine.changed()).filter((name) => /^(facts|steps) /.test(name))).toEqual([
      ...facts,
      ...facts.map((name) => name.replace('facts access-keys', 'steps access-keys-rotated')),
    ]);
  });

  it('is nothing of a block in which nothing is left, and that it is nothing is told once', () => {
    const polled = { polled: { from: START, to: START + TICK } };
    const engine = Engine.from(checks(changeApproved), [run('pull-requests', 1, [{ id: '7', author: 'ann', mergedAt: START }], polled)]);
    expect(Array.from(engine.changed(), ({ content }) => content === null)).toEqual([false, false, false, false, false]);
    engine.learn(run('pull-requests', 2, [], { withdrawn: ['7'], polled: { from: START + TICK, to: START + 2 * TICK } }));
    const changed = [...engine.changed()];
    expect(changed.flatMap((block) => (block.content === null ? namesOf([block]) : []))).toEqual([
      'facts pull-requests 0',
      'fields pull-requests 0',
      'steps change-approved 0',
    ]);
    expect(Array.from(engine.kept(), ({ content }) => content).every((content) => content !== null)).toBe(true);
    expect(namesOf(engine.kept()).filter((name) => /^(facts|steps) /.test(name))).toEqual([]);
  });

  it('may leave memory once it is kept, and is read from where it is', () => {
    // Room for nothing, and nowhere to put anything: what was not kept stays.
    const engine = Engine.from(checks(accountsOwned), [run('workers', 0, [worker('ann')]), run('accounts', 0, [account('1', 'ann')])], [], new Memory(1));
    const before = told(engine.state());
    const read = new Set<string>();
    for (const block of engine.changed()) {
      const text = JSON.stringify(block.content);
      block.kept?.(() => {
        read.add(`${block.kind} ${block.name}`);
        return JSON.parse(text) as unknown;
      });
    }
    engine.memory.rest();
    expect(told(engine.state())).toEqual(before);
    expect([...read].sort()).toEqual(['facts accounts', 'facts workers', 'items accounts', 'items workers', 'steps accounts-owned']);
    engine.fork().learn(run('workers', 1, []));
    expect([...read].filter((name) => name.startsWith('fields '))).toEqual(['fields accounts']);
  });

  it('of fields saves whoever is put back from reading all facts to find few', () => {
    const many = Array.from({ length: 2 * BLOCK }, (_, id) => account(`${id}`, id === 3 ? 'ann' : 'bob'));
    const blocks = [...Engine.from(checks(accountsOwned), [run('workers', 0, [worker('ann'), worker('bob')]), run('accounts', 0, many)]).kept()];
    const read: string[] = [];
    const restoring = new Restoring(checks(accountsOwned), []);
    for (const block of blocks)
      restoring.block({
        ...block,
        read() {
          read.push(`${block.kind} ${block.name} ${block.block}`);
          return block.content;
        },
      });
    const engine = restoring.engine();
    expect(engine.learn(run('workers', 1, [worker('bob')]))).toBe(1);
    const found = read.filter((name) => /^(facts|fields) accounts /.test(name));
    expect(found.sort(), 'ann has one in the first block').toEqual(['facts accounts 0', 'fields accounts 0', 'fields accounts 1']);
  });
});
