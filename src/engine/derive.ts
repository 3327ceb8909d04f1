import type { Check } from '../checks/check.ts';
import type { Dataset, Joins, Selection } from '../datasets/dataset.ts';

/** The datasets that sources tell of and that a dataset rests on: itself, or all that its derivation reads. */
export function bases(dataset: Dataset): readonly string[] {
  const { derived } = dataset;
  if (!derived) return [dataset.id];
  const read = [derived.population, ...Object.values(derived.with).map(({ rows }) => rows)];
  return [...new Set(read.flatMap((selection) => bases(selection.dataset)))].sort();
}

/** The dataset whose sources give the items of this one: itself, or that of the population it is derived from. */
export function base(dataset: Dataset): Dataset {
  return dataset.derived ? base(dataset.derived.population.dataset) : dataset;
}

/** These datasets and all they are derived from, each after those that it reads. Throws `RangeError` on a cycle. */
export function inOrder(datasets: Iterable<Dataset>): readonly Dataset[] {
  const ordered = new Map<string, Dataset>();
  const visit = (dataset: Dataset, path: readonly string[]) => {
    if (path.includes(dataset.id)) throw new RangeError(`datasets derived from each other: ${[...path, dataset.id].join(' from ')}`);
    if (ordered.has(dataset.id)) return;
    const { derived } = dataset;
    if (derived)
      for (const selection of [derived.population, ...Object.values(derived.with).map(({ rows }) => rows)]) visit(selection.dataset, [...path, dataset.id]);
    ordered.set(dataset.id, dataset);
  };
  for (const dataset of datasets) visit(dataset, []);
  return [...ordered.values()];
}

/** The fields that joins name, of each dataset by its id, in order: by those its items are asked for. */
export function joinFields(checks: readonly Pick<Check, 'population' | 'with'>[], datasets: readonly Dataset[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>();
  const add = ({ id }: Dataset, field: string) => fields.set(id, (fields.get(id) ?? new Set()).add(field));
  const join = (population: Selection, joins: Joins) => {
    for (const { rows, key } of Object.values(joins)) {
      if (!key) continue;
      add(rows.dataset, key.theirs);
      add(population.dataset, key.ours);
    }
  };
  for (const { population, with: joins } of checks) join(population, joins);
  for (const { derived } of datasets) if (derived) join(derived.population, derived.with);
  return new Map([...fields].map(([id, its]) => [id, [...its].sort()]));
}
