import type { Check } from '../checks/check.ts';
import { type Instant, iso, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { nameOf } from './naming.ts';
import { type ClaimBlock, longer } from './claim-block.ts';
import type { Claims } from './claims.ts';
import { base } from './derive.ts';
import { sourcesAsked } from './looks.ts';
import { ordered } from './ordered.ts';
import type { Places } from './places.ts';
import { type PeriodReader, type Told, toldOf } from './period.ts';
import type { Member, Movement, Population } from './period-posture.ts';

/** Every item of a check in a period, as it can be told at an instant, with the question it answers. Its items are made as they are read. */
export function populationOf(reader: PeriodReader, control: string, check: Check, period: Period, now: Instant): Population {
  const { engine, coverage } = reader.grounds;
  const told = toldOf(period, now);
  const { claims } = reader.check(check, told);
  const { dataset } = check.population;
  const kind = dataset.happened ? 'events' : 'states';
  const present = presences(claims, told);
  const keyAt = (place: number) => memberKey(claims.places.name(place));
  const member = (place: number, from: Instant, to: Instant): Member => {
    const item = claims.places.name(place);
    return {
      key: memberKey(item),
      label: nameOf(engine, check, item, Math.min(to - 1, now, told.until - 1)).label,
      from,
      to: kind === 'events' || to > now ? NEVER : to,
    };
  };
  return {
    control,
    check: check.id,
    version: check.version,
    kind,
    dataset: { id: dataset.id, title: dataset.title },
    selection: inWords(check, told),
    sources: sourcesAsked(coverage, base(dataset).id, { from: period.from, to: told.until }),
    period,
    until: told.until,
    asOf: now,
    count: present.count,
    items: { [Symbol.iterator]: () => inKeyOrder(claims.places, present, member)[Symbol.iterator]() },
    keys: { [Symbol.iterator]: () => inKeyOrder(claims.places, present, keyAt)[Symbol.iterator]() },
    pick: (keys) => inKeyOrder(claims.places, present, member, (place) => keys.has(keyAt(place))),
  };
}

/** The keys of a population and nothing else of it, ascending. */
export function populationKeys(reader: PeriodReader, check: Check, period: Period, now: Instant): Iterable<string> {
  const told = toldOf(period, now);
  const { claims } = reader.check(check, told);
  return inKeyOrder(claims.places, presences(claims, told), (place) => memberKey(claims.places.name(place)));
}

function inKeyOrder<Value>(
  places: Places,
  { place, from, to, count }: Presences,
  make: (place: number, from: Instant, to: Instant) => Value,
  isWanted: (place: number) => boolean = () => true,
): Iterable<Value> {
  const members = Int32Array.from({ length: count }, (_, member) => member);
  return ordered(
    members.filter((member) => isWanted(place[member] ?? -1)),
    {
      keyOf: (member) => memberKey(places.name(place[member] ?? -1)),
      compare: byBytes,
      make: (member) => make(place[member] ?? -1, from[member] ?? 0, to[member] ?? 0),
    },
  );
}

/** How many states there were at the beginning and at the end of a period, and how they changed in it. */
export function movement(claims: Claims, { period, until }: Told): Movement {
  const moved = { start: 0, joined: 0, left: 0, end: 0 };
  if (until === period.from) return moved;
  for (const block of claims.blocks())
    for (let item = 0; item < block.places.length; item++)
      for (const { from, to } of presencesOf(block, item)) {
        if (from <= period.from && period.from < to) moved.start++;
        if (period.from < from && from < until) moved.joined++;
        if (period.from < to && to < until) moved.left++;
        if (from < until && until <= to) moved.end++;
      }
  return moved;
}

/**
 * An item's key as it stands in a population: one line, in which nothing can hide. Source and partition are encoded
 * already; of the key itself control characters and `%` are, so that two items never have one spelling.
 */
export function memberKey(item: string): string {
  const second = item.indexOf('/', item.indexOf('/') + 1) + 1;
  const key = item
    .slice(second)
    .replace(/[%\p{Cc}\p{Cs}\u2028\u2029]/gu, (sign) => (/\p{Cs}/u.test(sign) ? `%u${sign.charCodeAt(0).toString(16)}` : encodeURIComponent(sign)));
  return `${item.slice(0, second)}${key}`;
}

/** The order of bytes in UTF-8, in which `LC_ALL=C sort` sorts: by code points, where a string's own order is by halves of them. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  // Only beyond these signs do strings and bytes differ in their order.
  if (!BEYOND.test(a) || !BEYOND.test(b)) return a < b ? -1 : 1;
  for (let place = 0; place < a.length && place < b.length; place++) {
    const [left, right] = [a.charCodeAt(place), b.charCodeAt(place)];
    if (left !== right) return weight(left) - weight(right);
  }
  return a.length - b.length;
}

const BEYOND = /[\ud800-\uffff]/;
const weight = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Who was there at some time in a period, in the order of places: 20 bytes each. */
interface Presences {
  readonly place: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly count: number;
}

/** Of states every item that is there at some time in the period, of events every one that happened in it. */
function presences(claims: Claims, told: Told): Presences {
  let [place, from, to, count] = [new Int32Array(64), new Float64Array(64), new Float64Array(64), 0];
  for (const block of claims.blocks())
    for (let item = 0; item < block.places.length; item++) {
      const its = presenceIn(block, item, told);
      if (!its) continue;
      if (count === place.length) [place, from, to] = [longer(place), longer(from), longer(to)];
      place[count] = block.places[item] ?? -1;
      from[count] = its.from;
      to[count++] = its.to;
    }
  return { place, from, to, count };
}

/** When one item was in a population; `null` where it was not in the period. */
export function presenceIn(block: ClaimBlock, item: number, { period, until, now }: Told): Period | null {
  if (until === period.from) return null;
  const at = block.happened?.[item];
  const its = presencesOf(block, item);
  if (at !== undefined) return period.from <= at && at < until && its.some((presence) => holds(presence, now)) ? { from: at, to: NEVER } : null;
  const [joined, left] = [its.find(({ to }) => to > period.from), its.findLast(({ from }) => from < until)];
  return joined && left && joined.from <= left.from ? { from: joined.from, to: left.to } : null;
}

/** When an item was in the population: its claims, those that touch taken together. */
function presencesOf({ starts, from, to }: ClaimBlock, item: number): Period[] {
  const periods: { from: Instant; to: Instant }[] = [];
  for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
    const last = periods.at(-1);
    if (last && last.to === from[claim]) last.to = to[claim] ?? NEVER;
    else periods.push({ from: from[claim] ?? 0, to: to[claim] ?? NEVER });
  }
  return periods;
}

function inWords({ id, version, population: { dataset } }: Check, { period, until, now }: Told): string {
  const when = `[${iso(period.from)}, ${iso(until)})`;
  const row = dataset.title.charAt(0).toLowerCase() + dataset.title.slice(1);
  return dataset.happened
    ? `Every row of ${dataset.id} (${row}) that the check ${id}, version ${version}, selects, that happened in ${when} and of which the check says something at ${iso(now)}.`
    : `Every row of ${dataset.id} (${row}) that the check ${id}, version ${version}, selects and applies to at any time in ${when}, those that ended included.`;
}
