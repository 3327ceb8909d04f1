import { caseNumber } from './case-id.ts';
import { BLOCK, blockOf, type Places } from './places.ts';

const KNOWN = new WeakMap<Places, Map<string, (Float64Array | undefined)[]>>();

/** The numbers of the cases of a check by the places of their items, each made once: what an item is called never changes. Eight bytes for each item of a block in which one was asked for. */
export function caseNumbers(places: Places, check: string): (place: number) => number {
  const byCheck = KNOWN.get(places) ?? new Map<string, (Float64Array | undefined)[]>();
  KNOWN.set(places, byCheck);
  const blocks = byCheck.get(check) ?? [];
  byCheck.set(check, blocks);
  return (place) => {
    const number = blockOf(place);
    const block = blocks[number] ?? new Float64Array(BLOCK).fill(Number.NaN);
    blocks[number] = block;
    const known = block[place % BLOCK] ?? Number.NaN;
    if (!Number.isNaN(known)) return known;
    const made = caseNumber(check, places.name(place));
    block[place % BLOCK] = made;
    return made;
  };
}
