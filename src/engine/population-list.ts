import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { uncoveredBecause } from './assemble.ts';
import { UNCOVERED } from './assess.ts';
import { type ClaimBlock, KIND, longer } from './claim-block.ts';
import { nameOf } from './naming.ts';
import { type PeriodReader, type Told, toldOf } from './period.ts';
import type { Period } from '../core/interval.ts';
import type { Member } from './period-posture.ts';
import { byBytes, memberKey, presenceIn } from './population.ts';
import { OUTCOMES, type Outcome } from './series.ts';

/** An item of a population, and how it came out: of all that was so in the period the worst. */
export interface MemberOutcome extends Member {
  readonly outcome: Outcome;
  /** Why it deviates or is unknown; as it was said last. */
  readonly because: string | null;
  readonly records: readonly number[];
}

export interface PopulationFilter {
  readonly outcome: Outcome | undefined;
  /** Somewhere in the label or the key, whatever the case. */
  readonly text: string | undefined;
}

/** The items of a population in the order of their keys. Of each it holds where it is, 21 bytes, and makes it when it is asked for. */
export interface PopulationList {
  readonly count: number;
  window(skip: number, limit: number): readonly MemberOutcome[];
  each(): Iterable<MemberOutcome>;
  /** How many stand up to and with a key. */
  behind(key: string): number;
}

interface Held {
  place: Int32Array;
  from: Float64Array;
  to: Float64Array;
  /** Places among {@link OUTCOMES}. */
  outcome: Uint8Array;
  count: number;
}

export function populationList(reader: PeriodReader, check: Check, period: Period, now: Instant, { outcome, text }: PopulationFilter): PopulationList {
  const { engine } = reader.grounds;
  const told = toldOf(period, now);
  const claims = reader.grounds.assessor.columns(check);
  const held = heldIn(claims.blocks(), told, outcome);
  const keyAt = (place: number) => memberKey(claims.places.name(place));
  const labelAt = (member: number) => {
    const last = Math.min((held.to[member] ?? now) - 1, now, told.until - 1);
    return nameOf(engine, check, claims.places.name(held.place[member] ?? -1), last).label;
  };
  const sought = text?.toLowerCase();
  const mentions = (member: number) => sought === undefined || `${labelAt(member)}\n${keyAt(held.place[member] ?? -1)}`.toLowerCase().includes(sought);
  const order = inOrder(held, mentions, keyAt);

  const memberAt = (at: number): MemberOutcome => {
    const member = order[at] ?? -1;
    const [place = -1, to = NEVER] = [held.place[member], held.to[member]];
    const its = OUTCOMES[held.outcome[member] ?? 0] ?? 'unknown';
    return {
      key: keyAt(place),
      label: labelAt(member),
      from: held.from[member] ?? 0,
      to: claims.events || to > now ? NEVER : to,
      outcome: its,
      ...whyOf(reader, check, place, told, its),
    };
  };
  return {
    count: order.length,
    window: (skip, limit) => Array.from({ length: Math.max(0, Math.min(limit, order.length - skip)) }, (_, offset) => memberAt(skip + offset)),
    each: () => Iterator.from(order.keys()).map(memberAt),

    behind(key) {
      let [low, high] = [0, order.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (byBytes(keyAt(held.place[order[middle] ?? -1] ?? -1), key) <= 0) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** Those that were there in the period, as populations count them. */
function heldIn(blocks: Iterable<ClaimBlock>, told: Told, wanted: Outcome | undefined): Held {
  const held: Held = { place: new Int32Array(64), from: new Float64Array(64), to: new Float64Array(64), outcome: new Uint8Array(64), count: 0 };
  for (const block of blocks)
    for (let item = 0; item < block.places.length; item++) {
      const its = presenceIn(block, item, told);
      const outcome = its ? outcomeOf(block, item, told) : -1;
      if (!its || outcome < 0 || (wanted !== undefined && OUTCOMES[outcome] !== wanted)) continue;
      if (held.count === held.place.length) {
        held.place = longer(held.place);
        held.from = longer(held.from);
        held.to = longer(held.to);
        held.outcome = longer(held.outcome);
      }
      held.place[held.count] = block.places[item] ?? -1;
      held.from[held.count] = its.from;
      held.to[held.count] = its.to;
      held.outcome[held.count++] = outcome;
    }
  return held;
}

const RANKS: Readonly<Record<number, Outcome>> = {
  [KIND.deviates]: 'deviates',
  [KIND.unknown]: 'unknown',
  [KIND.waived]: 'waived',
  [KIND.conforms]: 'conforms',
};

/** States by the worst that is claimed of them in the period, events by what is claimed of them now. */
function outcomeOf({ starts, from, to, kind, happened }: ClaimBlock, item: number, { period, until, now }: Told): number {
  const [begin, end] = happened ? [now, now + 1] : [period.from, until];
  let worst: number = OUTCOMES.length;
  for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++)
    if ((from[claim] ?? 0) < end && begin < (to[claim] ?? 0)) worst = Math.min(worst, OUTCOMES.indexOf(RANKS[kind[claim] ?? KIND.unknown] ?? 'unknown'));
  return worst === OUTCOMES.length ? -1 : worst;
}

function inOrder({ place, count }: Held, isWanted: (member: number) => boolean, keyAt: (place: number) => string): Int32Array {
  const members: { readonly member: number; readonly key: string }[] = [];
  for (let member = 0; member < count; member++) if (isWanted(member)) members.push({ member, key: keyAt(place[member] ?? -1) });
  members.sort((a, b) => byBytes(a.key, b.key));
  return Int32Array.from(members, ({ member }) => member);
}

function whyOf({ grounds: { assessor, coverage } }: PeriodReader, check: Check, place: number, told: Told, outcome: Outcome) {
  const isEvent = check.population.dataset.happened !== undefined;
  const [begin, end] = isEvent ? [told.now, told.now + 1] : [told.period.from, told.until];
  const kind = outcome === 'waived' ? 'deviates' : outcome;
  const claim = assessor.claimsAt(check, place).findLast((it) => it.kind === kind && it.from < end && begin < it.to);
  const because = claim?.because === UNCOVERED ? uncoveredBecause(coverage, claim.uncovered, Math.min(claim.to - 1, told.now)) : (claim?.because ?? null);
  return { because: outcome === 'conforms' ? null : because, records: claim?.records ?? [] };
}
