import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { Cache } from '../src/app/cache.ts';
import type { Program } from '../src/app/units.ts';
import { type Check, conforms, defineCheck, deviates } from '../src/checks/check.ts';
import { type Collector, table } from '../src/collectors/collector.ts';
import { days, hours } from '../src/core/instant.ts';
import { defineDataset, type Dataset } from '../src/datasets/dataset.ts';
import type { Engine } from '../src/engine/engine.ts';
import { told } from '../src/engine/testing/told.ts';
import type { Archive } from '../src/evidence/archive.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { type Changes, openStore, type Store } from '../src/store/store.ts';
import { madeRun, NOW } from './run-draft.ts';

interface Person {
  readonly [field: string]: string | boolean;
  readonly id: string;
  readonly active: boolean;
}
const people = defineDataset<Person>({
  id: 'people',
  title: 'People',
  row: z.custom<Person>(),
  key: ({ id }) => id,
  label: ({ id }) => id,
  freshness: days(2),
});
const collector = (upperCase = false) =>
  ({
    id: 'test/people',
    version: upperCase ? 2 : 1,
    feeds: [people],
    partitions: () => ['acme'],
    normalize: ([answer]: readonly { readonly body: Uint8Array }[]) => {
      const rows = JSON.parse(Buffer.from(answer?.body ?? []).toString()) as Person[];
      return [table(people, upperCase ? rows.map((row) => ({ ...row, id: row.id.toUpperCase() })) : rows)];
    },
  }) as unknown as Collector;
const spec = { title: 'Active', asserts: 'Everyone is active.', population: people } as const;
const active = (version = 1) =>
  defineCheck({ ...spec, id: 'active', version, examine: ({ active: is }) => (is === (version === 1) ? conforms() : deviates('is what it should not be')) });
const named = defineCheck({ ...spec, id: 'named', version: 1, examine: ({ id }) => (id === 'p0' ? deviates('has the first name') : conforms()) });

function program(checks: readonly unknown[], collectors: readonly Collector[]): Program {
  const unit = (kind: 'check' | 'collector', { id, version }: { readonly id: string; readonly version: number }) => ({
    kind,
    id,
    version,
    digest: `code ${version}`,
  });
  const units = [
    ...(checks as readonly Check[]).map((check) => unit('check', check)),
    ...collectors.map((it) => unit('collector', it)),
    { kind: 'dataset', id: 'people', version: 1, digest: 'd' } as const,
    { kind: 'house', id: 'engine', version: 1, digest: 'h' } as const,
  ];
  return { checks: checks as readonly Check[], collectors, datasets: [people as unknown as Dataset], units, code: JSON.stringify(units) };
}

const dir = mkdtempSync(join(tmpdir(), 'cache-'));
let archive: Archive;
let database: Database;
let store: Store;
const saved: Changes[] = [];
const PEOPLE = 300;
const everyone = (...left: readonly number[]): readonly Person[] =>
  Array.from({ length: PEOPLE }, (_, place) => ({ id: `p${place}`, active: !left.includes(place) }));

beforeAll(async () => {
  let clock = NOW;
  archive = await openArchive({ dir: join(dir, 'log'), clock: () => clock++, origin: 'acme.example/cache' });
  database = await openDatabase({ dir: join(dir, 'database') });
  const opened = await openStore(database);
  store = {
    ...opened,
    async save(expected, changes) {
      const kept = { ...changes, blocks: [...changes.blocks] };
      saved.push(kept);
      return opened.save(expected, kept);
    },
  };
});
afterAll(async () => {
  await archive.close();
  await database.close();
  rmSync(dir, { recursive: true });
});

const collect = (at: number, rows: readonly Person[]) =>
  archive.append([
    madeRun({ body: { collector: { id: 'test/people', version: 1, sourceDigest: '00' }, slot: at, config: '{}' }, artifacts: { rows: JSON.stringify(rows) } }),
  ]);
const FIRST = program([active(), named], [collector()]);
const opened = (of: Program, room?: number) => new Cache(archive, store, of, 'c', room);
const written = () => {
  const { records, blocks } = saved.at(-1)!;
  return [records.length, ...[...blocks].map(({ kind, name, block }) => `${kind} ${name} ${block}`)];
};
const LOOKS = 'looks people test%2Fpeople%2Facme/acme 0';
/** What an engine knows that is told by this program what the first records say. */
async function scratch({ checks, collectors, datasets }: Program, upTo = Infinity): Promise<Engine> {
  const { size, ...whole } = await archive.checkpoint();
  const cut = {
    checkpoint: async () => ({ ...whole, size: Math.min(upTo + 1, size) }),
    records: (from: number) => archive.records(from),
    bytes: (payload: Parameters<Archive['bytes']>[0]) => archive.bytes(payload),
  } as Archive;
  const empty = { position: async () => null, units: async () => [], clear: async () => undefined, save: async () => undefined } as unknown as Store;
  return (await new Cache(cut, empty, { checks, collectors, datasets, units: [], code: 'scratch' }, 'c').sync()).engine;
}

it('writes of a collection that changes nothing its record and its look, and of one that changes a few rows the blocks that they are in', async () => {
  await collect(NOW, everyone());
  const cache = opened(FIRST);
  await cache.sync();
  const both = (name: string) => [`${name} 0`, `${name} 1`];
  expect(written()).toEqual([1, LOOKS, ...['items people', 'facts people', 'steps active', 'steps named'].flatMap(both)]);

  await collect(NOW + hours(24), everyone());
  await cache.sync();
  expect(written()).toEqual([1, LOOKS]);

  await collect(NOW + hours(48), everyone(3, 4, 5));
  await cache.sync();
  // The three are in one block. Each has a second fact; one check says something else of them, the other what it said.
  expect(written()).toEqual([1, LOOKS, 'facts people 0', 'steps active 0']);
});

it('reads a stream again, and no other record, where a run comes late into what was put back', async () => {
  await collect(NOW + hours(36), everyone(3));
  const { engine } = await opened(FIRST).sync();
  expect(told(engine.state())).toEqual(told((await scratch(FIRST)).state()));
  expect(saved.at(-1)?.records.map(({ index }) => index)).toEqual([3]);
  expect(written()).toEqual([1, LOOKS, 'facts people 0', 'steps active 0']);
  expect(told((await opened(FIRST).sync()).engine.state())).toEqual(told(engine.state()));
});

it('knows at each record what it knew then', async () => {
  const cache = opened(FIRST);
  for (const record of [0, 1, 2, 3]) {
    const { engine, size } = await cache.knownAt(record);
    expect(size).toBe(record + 1);
    expect(told(engine.state())).toEqual(told((await scratch(FIRST, record)).state()));
  }
  expect((await cache.knownAt(1)).engine).toBe((await cache.knownAt(1)).engine);
  await expect(cache.knownAt(4)).rejects.toThrow('there is no record 4: the newest is 3.');
});

it('tells what is known now while it works out what was known then', async () => {
  const held = Promise.withResolvers<void>();
  let holds = false;
  const slow: Partial<Archive> = {
    checkpoint: () => archive.checkpoint(),
    records: (from) => archive.records(from),
    bytes: (payload) => archive.bytes(payload),
    async record(index) {
      if (holds) await held.promise;
      return archive.record(index);
    },
  };
  const cache = new Cache(slow as Archive, store, FIRST, 'c');
  const { engine } = await cache.sync();
  holds = true;
  const then = cache.knownAt(2);
  expect((await cache.sync()).engine).toBe(engine);
  held.resolve();
  expect(told((await then).engine.state())).toEqual(told((await scratch(FIRST, 2)).state()));
});

it('knows the same where memory has room for next to nothing', async () => {
  const cache = opened(FIRST, 1);
  const { engine } = await cache.sync();
  expect(told(engine.state())).toEqual(told((await scratch(FIRST)).state()));
  expect(engine.memory.weigh()).toBeLessThan(100_000);
  expect(told((await cache.knownAt(1)).engine.state())).toEqual(told((await scratch(FIRST, 1)).state()));
});

it('examines only a changed check again when it is opened, and tells what that changed', async () => {
  const changed = program([active(2), named], [collector()]);
  const cache = opened(changed);
  const { engine } = await cache.sync();
  expect(written()).toEqual([0, 'steps active 0', 'steps active 1']);
  expect(told(engine.state())).toEqual(told((await scratch(changed)).state()));

  const seen: string[] = [];
  const [replayed, forced] = await cache.replay(
    { checks: new Set(['named']), collectors: new Set() },
    (done, of, what) => void seen.push(`${done} of ${of} ${what}`),
  );
  expect(seen).toEqual([`${PEOPLE} of ${PEOPLE} items`]);
  expect(replayed).toMatchObject({ rebuilt: false, checks: ['active'], collectors: [], records: 0 });
  const differences = [...(replayed?.differences ?? [])];
  expect([replayed?.items, replayed?.count, new Set(differences.map(({ item }) => item)).size]).toEqual([PEOPLE, differences.length, PEOPLE]);
  expect(differences.find(({ item }) => item.endsWith('/p9'))).toEqual({
    check: 'active',
    item: 'test%2Fpeople%2Facme/acme/p9',
    from: NOW,
    to: Infinity,
    before: { kind: 'conforms', because: null },
    after: { kind: 'deviates', because: 'is what it should not be' },
  });
  expect(forced).toMatchObject({ checks: ['named'], count: 0 });
  expect(await cache.replay({ checks: new Set(), collectors: new Set(['test/people']) }, () => undefined)).toMatchObject([{ records: 4, count: 0 }]);
});

it('reads again what a changed collector told, and forgets a check that is no more', async () => {
  const changed = program([named], [collector(true)]);
  const cache = opened(changed);
  const { engine } = await cache.sync();
  expect(told(engine.state())).toEqual(told((await scratch(changed)).state()));
  expect(engine.facts.of({ dataset: people as unknown as Dataset }, 'test%2Fpeople%2Facme/acme/P3')).toHaveLength(2);
  const again = opened(changed);
  expect(told((await again.sync()).engine.state())).toEqual(told(engine.state()));
  expect(await again.replay({ checks: new Set(), collectors: new Set() }, () => undefined)).toMatchObject([{ checks: [], collectors: [], count: 0 }]);
});

it('is made anew where the house itself has changed', async () => {
  const house = program([named], [collector(true)]);
  const units = house.units.map((unit) => (unit.kind === 'house' ? { ...unit, digest: 'another' } : unit));
  const cache = opened({ ...house, units, code: 'another' });
  await cache.sync();
  expect(written()[0]).toBe(4);
  expect((await cache.replay({ checks: new Set(), collectors: new Set() }, () => undefined))[0]).toMatchObject({ rebuilt: true, records: 4 });
});
