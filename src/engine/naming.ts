import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Engine } from './engine.ts';
import { itemParts } from './facts.ts';
import type { ItemName } from './posture.ts';

/** An item as people name it, by its row at an instant, or the nearest before it. */
export function nameOf(engine: Engine, check: Check, item: string, at: Instant): ItemName {
  const { dataset } = check.population;
  const { source, partition, key } = itemParts(item);
  const facts = engine.facts.of(check.population, item);
  const fact = facts.findLast((it) => it.from <= at) ?? facts[0];
  return { dataset: dataset.id, source, partition, key, label: fact ? dataset.label(fact.row) : key };
}

/** Which item people mean: by the words that pages and reports show of it, or by its source and key. */
export type Named = string | { readonly source: string; readonly key: string; readonly partition: string | null };

/** The items of a check that a name fits at any time in a period. */
export function named(engine: Engine, check: Check, name: Named, { from, to }: Period): readonly string[] {
  const items = Iterator.from(engine.verdicts(check).keys());
  if (typeof name !== 'string') {
    const isMeant = (item: string) => {
      const { source, partition, key } = itemParts(item);
      return source === name.source && key === name.key && (name.partition === null || name.partition === partition);
    };
    return [...items.filter(isMeant)];
  }
  const { dataset } = check.population;
  const end = Math.max(to, from === NEVER ? NEVER : from + 1);
  const isCalled = (item: string) =>
    engine.facts.of(check.population, item).some((fact) => fact.from < end && from < fact.to && dataset.label(fact.row).trim() === name.trim());
  return [...items.filter(isCalled)];
}

/** How a name is said again, in a list or an error. */
export const nameInWords = (name: Named): string => (typeof name === 'string' ? name : `${name.key} of ${name.source}`);
