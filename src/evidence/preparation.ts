import { canonical, type Json } from '../core/canonical.ts';
import type { Instant } from '../core/instant.ts';
import { aTurn } from '../log/aside.ts';
import { eraAt } from '../log/disposal.ts';
import { sha256hex } from '../log/merkle.ts';
import type { Payloads, Plain } from './payloads.ts';
import type { Draft, Said } from './record.ts';
import { sealer } from './sealing.ts';

export interface TimedDraft {
  readonly draft: Draft;
  readonly sealedAt: Instant;
}

/**
 * What a batch holds in confidence, made before its turn: a function of its drafts and of nothing else, so that it may
 * be made while the batch before it is on its way to the disk, and be forgotten where that fails.
 */
export interface Preparation {
  /** Begins, once what was asked for before is made. */
  prepare(drafts: readonly Draft[]): void;
  /** Once that is made: whether all of these are, and their payloads can be looked for without writing a key. */
  isAtHand(timed: readonly TimedDraft[]): Promise<boolean>;
  /** What is not made by then is made when it is its turn. */
  stop(): Promise<void>;
  /** The payloads of these drafts in their order. Made as they are taken: the first are sealed by then. */
  plainsOf(timed: readonly TimedDraft[]): Iterable<Plain>;
}

/** So many bytes are made until others come round: what is on its way to the disk must not wait long. A detail counts as so many. */
const [TURN, DETAIL] = [32 * 1024, 2 * 1024];

export function preparation(payloads: Pick<Payloads, 'ahead'>): Preparation {
  const ahead = new WeakMap<Draft, readonly Plain[]>();
  let [isStopped, latest] = [true, null as Instant | null];
  let work: Promise<void> = Promise.resolve();

  return {
    prepare(drafts) {
      const at = latest;
      if (at === null) return;
      isStopped = false;
      work = work.then(() => make(drafts, at)).catch(() => undefined); // what cannot be made is told when it is its turn
    },
    async isAtHand(timed) {
      await work;
      const isFound = ({ again, fingerprint = null }: Plain) => again === null || fingerprint !== null;
      return timed.every(({ draft, sealedAt }) => {
        const era = eraOf(draft, sealedAt);
        return ahead.get(draft)?.every((plain) => plain.era === era && isFound(plain)) === true;
      });
    },
    async stop() {
      isStopped = true;
      await work;
    },
    *plainsOf(timed) {
      for (const { draft, sealedAt } of timed) {
        latest = sealedAt;
        const era = eraOf(draft, sealedAt);
        for (const plain of ahead.get(draft) ?? plainsOf(draft, era)) yield plain.era === era ? plain : { ...plain, era, fingerprint: null };
      }
    },
  };

  /** @param at about when they will be sealed: it tells the era by which what was said before is found */
  async function make(drafts: readonly Draft[], at: Instant): Promise<void> {
    const sealing = sealer();
    let made = TURN; // others come round before the first
    for (const draft of drafts) {
      if (made >= TURN) {
        await aTurn();
        made = 0;
      }
      if (isStopped) break;
      if (ahead.has(draft)) continue;
      made += draft.subjects.reduce((sum, { bytes }) => sum + bytes.length, DETAIL);
      const its = plainsOf(draft, eraOf(draft, at));
      ahead.set(
        draft,
        its.map((plain) => {
          const { fingerprint, mayBeKept } = payloads.ahead(plain);
          return mayBeKept ? { ...plain, fingerprint } : { ...plain, fingerprint, ahead: { sealing, place: sealing.add(plain.bytes).place } };
        }),
      );
    }
    sealing.close();
  }
}

/** The detail first, then one for each subject. */
function plainsOf(draft: Draft, era: string): readonly Plain[] {
  const subjects = draft.subjects.map(({ bytes, ...said }): Said => ({ ...said, sha256: sha256hex(bytes) }));
  const detail = Buffer.from(canonical({ body: draft.body, subjects } as unknown as Json));
  return [{ era, bytes: detail, again: null }, ...draft.subjects.map(({ bytes }, place) => ({ era, bytes, again: (subjects[place] as Said).sha256 }))];
}

export const eraOf = ({ retention = 'evidence' }: Draft, sealedAt: Instant): string => eraAt(retention, sealedAt);
