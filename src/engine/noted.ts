import type { Check } from '../checks/check.ts';
import { findingsAbout, type Grounds, type Stamp } from './assemble.ts';
import { nameKey } from './by-name.ts';
import { caseNumber } from './case-id.ts';
import { nameOf } from './naming.ts';
import { ordered } from './ordered.ts';
import type { Finding } from './posture.ts';

type At = Pick<Stamp, 'asOf' | 'period'>;
type Verdict = Finding['verdict'];
export const VERDICTS: readonly Verdict[] = ['deviates', 'unknown'];

/** Which items deviate or are unknown at an instant, by check: their numbers, ascending, eight bytes each. What an item is called or rests on is not in it, so it outlives what is learned. */
export type Noted = ReadonlyMap<string, Readonly<Record<Verdict, Float64Array>>>;

export function notedAt({ engine, assessor, checks }: Grounds, { asOf, period }: At): Noted {
  return new Map(
    checks.map((check) => {
      const { deviating, unknown } = assessor.at(check, asOf, period);
      const { places } = engine.verdicts(check);
      const numbers = (of: readonly number[]) => Float64Array.from(of, (place) => caseNumber(check.id, places.name(place))).sort();
      return [check.id, { deviates: numbers(deviating), unknown: numbers(unknown) }];
    }),
  );
}

/** Those of some numbers that are not among others. Both ascending. */
export function without(its: Float64Array, others: Float64Array): Float64Array {
  let place = 0;
  return its.filter((number) => {
    while (place < others.length && (others[place] ?? 0) < number) place++;
    return others[place] !== number;
  });
}

function isAmong(numbers: Float64Array, number: number): boolean {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number;
}

/** What was said at an instant of some items of a check, one finding of each, in the order of their names. */
export function* findingsOfNumbers(grounds: Grounds, check: Check, verdict: Verdict, numbers: Float64Array, { asOf, period }: At): Iterable<Finding> {
  const { engine, assessor, catalog } = grounds;
  const verdicts = engine.verdicts(check);
  const { places } = verdicts;
  const control = catalog.controls.flatMap(({ id, checks }) => (checks.includes(check.id) ? [id] : [])).sort()[0] ?? '';
  const found: number[] = [];
  for (const place of verdicts.held()) {
    if (found.length === numbers.length) break;
    if (isAmong(numbers, caseNumber(check.id, places.name(place)))) found.push(place);
  }
  const reading = assessor.at(check, asOf, period);
  yield* ordered(found, {
    keyOf: (place) => nameKey(places.name(place)),
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    make: (place) => findingsAbout(grounds, check, control, reading.of(place), asOf, verdict)[0] ?? onlyNamed(place),
  });

  /** By what is known by now it never was so. */
  function onlyNamed(place: number): Finding {
    const item = nameOf(engine, check, places.name(place), asOf);
    return { check: check.id, control, item, verdict, because: '', from: asOf, to: asOf + 1, records: [], waiver: null };
  }
}
