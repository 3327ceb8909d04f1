import type { Check } from '../checks/check.ts';
import { findingsAbout, type Grounds, type Stamp } from './assemble.ts';
import { nameKey } from './by-name.ts';
import { nameOf } from './naming.ts';
import { ordered } from './ordered.ts';
import type { Places } from './places.ts';
import type { Finding } from './posture.ts';

type At = Pick<Stamp, 'asOf' | 'period'>;
type Verdict = Finding['verdict'];
export const VERDICTS: readonly Verdict[] = ['deviates', 'unknown'];

/** Places of some items, ascending, and where they are told apart by name: those outlive what is learned, and what an item rests on does not. */
export interface NotedPlaces {
  readonly of: Places;
  readonly places: Int32Array;
}

/** Which items deviate or are unknown at an instant, by check: four bytes each. */
export type Noted = ReadonlyMap<string, Readonly<Record<Verdict, NotedPlaces>>>;

/** Check by check. */
export function* notingAt({ engine, assessor, checks }: Grounds, { asOf, period }: At): Generator<void, Noted> {
  const noted = new Map<string, Readonly<Record<Verdict, NotedPlaces>>>();
  for (const check of checks) {
    const { deviating, unknown } = assessor.at(check, asOf, period);
    const { places: of } = engine.verdicts(check);
    noted.set(check.id, { deviates: { of, places: Int32Array.from(deviating) }, unknown: { of, places: Int32Array.from(unknown) } });
    yield;
  }
  return noted;
}

/** Those of some items that are not among others. */
export function without({ of, places }: NotedPlaces, others: NotedPlaces): NotedPlaces {
  const known = placedIn(of, others);
  let next = 0;
  return {
    of,
    places: places.filter((place) => {
      while (next < known.length && (known[next] ?? 0) < place) next++;
      return known[next] !== place;
    }),
  };
}

/** Where they are in what was made anew since. */
function placedIn(of: Places, { of: others, places }: NotedPlaces): Int32Array {
  if (of === others) return places;
  return Int32Array.from(places, (place) => of.find(others.name(place)) ?? -1)
    .filter((place) => place >= 0)
    .sort();
}

/** What was said at an instant of some items of a check, one finding of each, in the order of their names. Of what nothing is said any more, nothing is told. */
export function* findingsNoted(grounds: Grounds, check: Check, verdict: Verdict, noted: NotedPlaces, { asOf, period }: At): Iterable<Finding> {
  const { engine, assessor, catalog } = grounds;
  const verdicts = engine.verdicts(check);
  const { places } = verdicts;
  const control = catalog.controls.flatMap(({ id, checks }) => (checks.includes(check.id) ? [id] : [])).sort()[0] ?? '';
  const reading = assessor.at(check, asOf, period);
  yield* ordered(
    placedIn(places, noted).filter((place) => verdicts.at(place).length > 0),
    {
      keyOf: (place) => nameKey(places.name(place)),
      compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      make: (place) => findingsAbout(grounds, check, control, reading.of(place), asOf, verdict)[0] ?? onlyNamed(place),
    },
  );

  /** By what is known by now it never was so. */
  function onlyNamed(place: number): Finding {
    const item = nameOf(engine, check, places.name(place), asOf);
    return { check: check.id, control, item, verdict, because: '', from: asOf, to: asOf + 1, records: [], waiver: null };
  }
}
