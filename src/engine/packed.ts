import type { Instant } from '../core/instant.ts';
import type { Row } from '../datasets/dataset.ts';
import type { Lists } from './lists.ts';
import { isOf, streamOf } from './places.ts';
import type { Said } from './says.ts';
import type { Fact, Look } from './fact.ts';

/** What a fact rests on: records, needs, lacks and, of an event that was told anew, the record that first told of it. */
type Rests = readonly [Fact['records'], Fact['needs'], Fact['lacks'], number?];

/** The facts of one block as they are kept, in what JSON can say. Instants are numbered, for most of them are those of few runs. */
export interface PackedFacts {
  /** Every instant but the ends of time, ascending. */
  readonly at: readonly Instant[];
  readonly rests: readonly Rests[];
  /** How many facts each place has. */
  readonly counts: readonly number[];
  /** Of each fact three numbers: its beginning and its end as {@link numbered} counts them, and what it rests on. */
  readonly facts: readonly number[];
  /** One for each fact. */
  readonly rows: readonly Row[];
}

/** The verdicts of one check on the items of one block, likewise. */
export interface PackedSteps {
  /** The dataset whose places these are. */
  readonly of: string;
  readonly at: readonly Instant[];
  readonly says: readonly PackedSaid[];
  readonly counts: readonly number[];
  /** Of each step three numbers: beginning, end, what is said. */
  readonly steps: readonly number[];
}

/** When a source was asked about one partition of a dataset, up to {@link LOOKS} times in the order of records. */
export interface PackedLooks {
  readonly of: Pick<Look, 'dataset' | 'source' | 'partition'>;
  readonly at: readonly Instant[];
  readonly records: readonly number[];
  /** Places of those that did not tell all, each with the reason. */
  readonly incomplete: readonly (readonly [place: number, reason: string | null])[];
  /** Complete ones that give a reason all the same. */
  readonly reasons: readonly (readonly [place: number, reason: string])[];
  /** Of polls for events. `null` is the end of time, for JSON has no word for it. */
  readonly polled: readonly (readonly [place: number, from: Instant | null, to: Instant | null])[];
}

/** So many looks share a block. */
export const LOOKS = 256;

type PackedSaid = readonly [Said['kind'], Said['because'], Said['needs'], Said['lacks'], Said['settled'], Said['records']];

export function packLooks(looks: readonly Look[]): PackedLooks | null {
  const [first] = looks;
  if (!first) return null;
  const { dataset, source, partition } = first;
  return {
    of: { dataset, source, partition },
    at: looks.map(({ at }) => at),
    records: looks.map(({ record }) => record),
    incomplete: looks.flatMap(({ complete, reason }, place) => (complete ? [] : [[place, reason] as const])),
    reasons: looks.flatMap(({ complete, reason }, place) => (complete && reason !== null ? [[place, reason] as const] : [])),
    polled: looks.flatMap(({ polled }, place) => (polled ? [[place, bound(polled.from), bound(polled.to)] as const] : [])),
  };
}

const bound = (at: Instant): Instant | null => (Number.isFinite(at) ? at : null);

export function unpackLooks({ of, at, records, incomplete, reasons, polled }: PackedLooks): readonly Look[] {
  const broken = new Map(incomplete);
  const said = new Map([...incomplete, ...reasons]);
  const asked = new Map(polled.map(([place, from, to]) => [place, { from: from ?? -Infinity, to: to ?? Infinity }]));
  return at.map((its, place): Look => {
    const poll = asked.get(place);
    const look = { ...of, at: its, complete: !broken.has(place), reason: said.get(place) ?? null, record: records[place] ?? -1 };
    return poll ? { ...look, polled: poll } : look;
  });
}

export function packFacts(block: readonly (readonly Fact[] | undefined)[]): PackedFacts | null {
  const all = block.flatMap((facts) => facts ?? []);
  if (all.length === 0) return null;
  const { at, number } = numbered(all);
  const [rests, places] = [[] as Rests[], new Map<string, number>()];
  const restOf = ({ records, needs, lacks, first }: Fact): number => {
    const name = `${records.join()} ${first} ${needs.join()} ${lacks.join()}`;
    const place = places.get(name) ?? rests.push(first === undefined ? [records, needs, lacks] : [records, needs, lacks, first]) - 1;
    places.set(name, place);
    return place;
  };
  const facts = all.flatMap((fact) => [number(fact.from), number(fact.to), restOf(fact)]);
  return { at, rests, counts: Array.from(block, (its) => its?.length ?? 0), facts, rows: all.map(({ row }) => row) };
}

/** @param items those of the block */
export function unpackFacts(packed: PackedFacts, items: readonly string[], lists: Lists): (readonly Fact[] | undefined)[] {
  const { at, rests, counts, facts, rows } = packed;
  const instant = instants(at);
  const shared = rests.map(([records, needs, lacks, told]) => ({
    records: lists.share(records),
    needs: lists.share(needs),
    lacks: lists.share(lacks),
    ...(told === undefined ? {} : { first: told }),
  }));
  let [place, stream] = [0, ''];
  return counts.map((count, offset) => {
    if (count === 0) return undefined;
    const item = items[offset] ?? '';
    if (!isOf(item, stream)) stream = streamOf(item);
    return Array.from({ length: count }, (): Fact => {
      const [from, to, rest] = [facts[3 * place], facts[3 * place + 1], facts[3 * place + 2]];
      const row = rows[place++] ?? {};
      const on = shared[rest ?? 0];
      if (!on) throw new RangeError(`${item}: what it rests on is missing`);
      return { item, stream, row, from: instant(from), to: instant(to), ...on };
    });
  });
}

/** Numbers instants: 0 is the beginning of time, 1 its end, all others follow in order. */
export function numbered(parts: Iterable<{ readonly from: Instant; readonly to: Instant }>): { readonly at: readonly Instant[]; number(at: Instant): number } {
  const all = new Set<Instant>();
  for (const { from, to } of parts) {
    if (Number.isFinite(from)) all.add(from);
    if (Number.isFinite(to)) all.add(to);
  }
  const at = [...all].sort((a, b) => a - b);
  const numbers = new Map(at.map((it, place) => [it, place + 2]));
  return { at, number: (it) => numbers.get(it) ?? (it > 0 ? 1 : 0) };
}

export function instants(at: readonly Instant[]): (number: number | undefined) => Instant {
  const all = [-Infinity, Infinity, ...at];
  return (number) => all[number ?? -1] ?? Number.NaN;
}
