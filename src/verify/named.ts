import { payloadPath } from '../log/paths.ts';
import { type Payload, payloadName, type Unsealed } from '../log/statement.ts';
import { faultOf, type onePack, type PayloadFault, payloadFault } from './packs.ts';
import type { Attempt, Report } from './problems.ts';

/** A payload of an era, and the first and the last record that name it. */
export interface Named {
  readonly index: number;
  last: number;
  readonly era: string;
  readonly payload: Payload;
  readonly fault: PayloadFault | null;
}

/** The payloads that records name, each looked at once. */
export interface NamedPayloads {
  readonly count: number;
  /** Looks at one, where none before it says the same. Waits only where its file is not at hand. */
  take(statement: Pick<Unsealed, 'era' | 'index'>, payload: Payload): Promise<void> | undefined;
  all(): Iterable<Named>;
}

export function namedPayloads(packs: ReturnType<typeof onePack>, { report, attempt }: { readonly report: Report; readonly attempt: Attempt }): NamedPayloads {
  const eras = new Map<string, Map<string, Named>>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    take({ era, index }, payload) {
      const its = eras.get(era) ?? new Map<string, Named>();
      eras.set(era, its);
      let name = payload.digest;
      let seen = its.get(name);
      if (seen && seen.payload.keyDigest !== payload.keyDigest) {
        name = payloadName(payload); // the same ciphertext under another key
        seen = its.get(name);
      }
      if (seen && isAlike(seen.payload, payload)) {
        seen.last = index;
        return undefined;
      }
      if (seen && seen.payload.size !== payload.size) report('PAYLOAD_SIZE', `it says another size of a payload than record ${seen.index}`, null, index);
      const keep = (fault: PayloadFault | null) => {
        its.set(seen ? `${name} ${index}` : name, { index, last: index, era, payload, fault });
        count++;
      };
      const there = packs.atHand(payload.place.pack);
      if (!there) return attempt(payloadPath(payload), index, () => payloadFault(packs.read, payload)).then(keep);
      keep(faultOf(there, payload));
      return undefined;
    },
    *all() {
      for (const its of eras.values()) yield* its.values();
    },
  };
}

const isAlike = ({ size, place }: Payload, other: Payload): boolean =>
  size === other.size && place.pack === other.place.pack && place.offset === other.place.offset && place.length === other.place.length;
