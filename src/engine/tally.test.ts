import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClaimBlock, KIND } from './claim-block.ts';
import { tallying, type Tallied } from './tally.ts';

/** Claims of some items, each from one instant up to another; an event happened at its first. */
const claims = fc.array(
  fc.array(fc.record({ from: fc.nat(30), lasts: fc.integer({ min: 1, max: 9 }), kind: fc.constantFrom(...Object.values(KIND)) }), { maxLength: 3 }),
  { maxLength: 12 },
);

function blockOf(items: readonly (readonly { readonly from: number; readonly lasts: number; readonly kind: number }[])[], events: boolean): ClaimBlock {
  const all = items.flat();
  const starts = [0];
  for (const its of items) starts.push((starts.at(-1) ?? 0) + its.length);
  return {
    places: Int32Array.from(items, (_, place) => place),
    starts: Int32Array.from(starts),
    from: Float64Array.from(all, ({ from }) => from),
    to: Float64Array.from(all, ({ from, lasts }) => from + lasts),
    kind: Uint8Array.from(all, ({ kind }) => kind),
    happened: events ? Float64Array.from(items, (its) => Math.min(...its.map(({ from }) => from), 99)) : null,
  };
}

it('counts at every instant what is claimed then, and the most of it in a period', () => {
  fc.assert(
    fc.property(claims, claims, fc.boolean(), fc.nat(20), fc.nat(40), fc.integer({ min: 1, max: 9 }), (some, others, events, since, from, lasts) => {
      const counting = tallying(since);
      for (const items of [some, others]) counting.add(blockOf(items, events));
      const tally = counting.tally();
      const counted = [...some, ...others].filter((its) => !events || Math.min(...its.map((claim) => claim.from), 99) >= since).flat();
      const at = (instant: number): Tallied => {
        const there = counted.filter((its) => its.from <= instant && instant < its.from + its.lasts);
        const of = (...kinds: readonly number[]) => there.filter(({ kind }) => kinds.includes(kind)).length;
        return { items: there.length, deviating: of(KIND.deviates, KIND.waived), unwaived: of(KIND.deviates), unknown: of(KIND.unknown) };
      };
      for (let instant = -1; instant <= 42; instant++) expect(tally.at(instant)).toEqual(at(instant));
      const span = Array.from({ length: lasts }, (_, offset) => at(from + offset));
      const most = (line: keyof Tallied) => Math.max(...span.map((its) => its[line]));
      expect(tally.most({ from, to: from + lasts })).toEqual({
        items: most('items'),
        deviating: most('deviating'),
        unwaived: most('unwaived'),
        unknown: most('unknown'),
      });
      const sum = { items: 0, deviating: 0, unwaived: 0, unknown: 0 };
      for (const [place, instant] of tally.instants.entries()) {
        const step = tally.step(place);
        for (const line of Object.keys(sum) as (keyof Tallied)[]) sum[line] += step[line];
        expect(sum).toEqual(at(instant));
      }
    }),
  );
});
