import { random } from './random.ts';

/** What an auditor draws: so many of a population, chosen by a seed, in the order of the population. Everyone with the seed draws the same. */
export function sampleOf<Item>(population: readonly Item[], count: number, seed: number): readonly Item[] {
  const its = random(seed);
  const drawn: Item[] = [];
  let left = Math.min(count, population.length);
  for (const [place, item] of population.entries()) {
    if (left === 0) break;
    if (its.below(population.length - place) >= left) continue;
    drawn.push(item);
    left--;
  }
  return drawn;
}
