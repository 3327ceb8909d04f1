import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Check, conforms, defineCheck } from '../checks/check.ts';
import { NEVER } from '../core/instant.ts';
import { defineDataset, type Selection } from '../datasets/dataset.ts';
import { Engine } from './engine.ts';
import { nameInWords, type Named, named, nameOf } from './naming.ts';
import { runsFrom } from './testing/runs.ts';

type Thing = { readonly id: string; readonly called: string; readonly counts: boolean };
const shape = { title: 'Things', row: z.custom<Thing>(), freshness: 9, key: ({ id }: Thing) => id, label: ({ called }: Thing) => called };
const things = defineDataset<Thing>({ ...shape, id: 'things' });
const happenings = defineDataset<Thing>({ ...shape, id: 'happenings', happened: () => 4 });
const checkOf = (population: Selection<Thing>) =>
  defineCheck({ id: `of-${population.dataset.id}`, title: 'X', version: 1, asserts: 'X.', population, examine: () => conforms() }) as unknown as Check;
const [check, ofEvents] = [checkOf(things.where(({ counts }) => counts)), checkOf(happenings)];
const thing = (id: string, called: string, counts = true): Thing => ({ id, called, counts });

/** Of one source a thing is renamed at 10 and gone at 20; of another it is called as the first was; a third source has two partitions. */
function known(): Engine {
  const run = runsFrom(0);
  return Engine.from(
    [check, ofEvents],
    [
      run(things, 'git/acme', 1, [thing('1', 'Ann'), thing('2', 'Bob', false)]),
      run(things, 'git/acme', 10, [thing('1', 'Anna'), thing('2', 'Bob', false)]),
      run(things, 'git/acme', 20, []),
      run(things, 'aws', 2, [thing('1', ' Ann ')]),
      run(things, 'okta', 2, [thing('1', 'Cyd')], { partition: 'eu/west' }),
      run(things, 'okta', 2, [thing('1', 'Dee')]),
      run(happenings, 'aws', 2, [thing('1', 'Push')]),
    ],
  );
}
const engine = known();
const ANN = 'git%2Facme/main/1';

describe('an item is named', () => {
  const labels = (item: string, ...instants: readonly number[]) => instants.map((at) => nameOf(engine, check, item, at).label);

  it('by what it was called at an instant, before it was known as it was called first, and when it is gone as it was called last', () => {
    expect(labels(ANN, -NEVER, 0, 1, 9, 10, 19, 20, NEVER)).toEqual(['Ann', 'Ann', 'Ann', 'Ann', 'Anna', 'Anna', 'Anna', 'Anna']);
  });

  it('by its key, where nothing is known of it', () => expect(labels('git%2Facme/main/a%2Fb', 5)).toEqual(['a%2Fb']));

  it('with the dataset, the source, the partition and the key, as people write them', () => {
    expect(nameOf(engine, check, ANN, 1)).toEqual({ dataset: 'things', source: 'git/acme', partition: 'main', key: '1', label: 'Ann' });
    expect(nameOf(engine, check, 'okta/eu%2Fwest/1', 2)).toEqual({ dataset: 'things', source: 'okta', partition: 'eu/west', key: '1', label: 'Cyd' });
  });
});

describe('a name is of the items', () => {
  const of = (name: Named, from = -NEVER, to = NEVER) => named(engine, check, name, { from, to });

  it('that had it at any time in a period, whatever spaces are around it', () => {
    const both = [ANN, 'aws/main/1'];
    expect([of('Ann'), of(' Ann  '), of('Anna'), of('Ann', 0, 5), of('ann'), of('An'), of('')]).toEqual([both, both, [ANN], both, [], [], []]);
    expect([of('Ann', 10, 12), of('Anna', 5, 10), of('Anna', 5, 11), of('Anna', 19, 25), of('Anna', 20, 25), of('Cyd', 0, 2)]).toEqual([
      ['aws/main/1'],
      [],
      [ANN],
      [ANN],
      [],
      [],
    ]);
  });

  it('that had it at the beginning of a period that ends before it begins', () => {
    expect([of('Anna', 10, 10), of('Anna', 10, 3), of('Anna', 9, 3), of('Cyd', 2, 0), of('Cyd', 1, 0), of('Cyd', NEVER, 3)]).toEqual([
      [ANN],
      [ANN],
      [],
      ['okta/eu%2Fwest/1'],
      [],
      [],
    ]);
  });

  it('of which the check says something', () => {
    expect([of('Bob'), of({ source: 'git/acme', key: '2', partition: null })]).toEqual([[], []]);
    expect([named(engine, ofEvents, 'Push', { from: 0, to: 9 }), named(engine, ofEvents, 'Push', { from: 0, to: 4 })]).toEqual([['aws/main/1'], []]);
  });

  it('of its source and key, and of its partition where one is named', () => {
    const its = (source: string, key: string, partition: string | null) => of({ source, key, partition }, 0, 1);
    expect([its('git/acme', '1', null), its('git/acme', '3', null), its('git', '1', null), its('okta', '1', null)]).toEqual([
      [ANN],
      [],
      [],
      ['okta/eu%2Fwest/1', 'okta/main/1'],
    ]);
    expect([its('okta', '1', 'main'), its('okta', '1', 'eu/west'), its('okta', '1', 'us'), its('okta', '2', 'main')]).toEqual([
      ['okta/main/1'],
      ['okta/eu%2Fwest/1'],
      [],
      [],
    ]);
  });
});

it('a name is said again as it was written, or as key and source', () =>
  expect([nameInWords('Ann'), nameInWords({ source: 'okta', key: '1', partition: 'main' })]).toEqual(['Ann', '1 of okta']));
