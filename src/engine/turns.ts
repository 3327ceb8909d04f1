import { type Instant, NEVER } from '../core/instant.ts';
import { longer } from './claim-block.ts';
import type { Said } from './says.ts';

/** What became otherwise: an item deviates or no longer does, or it is not known any more, or known again. */
export const CHANGES = ['deviates', 'unknown', 'ends', 'known'] as const;
export type What = (typeof CHANGES)[number];

/** What can be said of an item for some time: who conforms, deviates or is not known. */
type Kind = 'conforms' | 'deviates' | 'unknown';

/** `null`: nothing that anybody has to hear of. */
export function whatOf(was: Kind | undefined, is: Kind | undefined): What | null {
  if (is === 'deviates') return was === 'deviates' ? null : 'deviates';
  if (is === 'unknown') return was === 'unknown' ? null : 'unknown';
  if (was === 'deviates') return 'ends';
  return was === 'unknown' && is !== undefined ? 'known' : null;
}

/** What was learned that was not known before; where nothing was, what it rested on. */
export function taught(was: readonly number[] | undefined, is: readonly number[] | undefined): readonly number[] {
  const fresh = (is ?? []).filter((record) => !was?.includes(record));
  return fresh.length > 0 ? fresh : (is ?? was ?? []);
}

export const union = (a: readonly number[], b: readonly number[]): readonly number[] =>
  b.every((record) => a.includes(record)) ? a : [...new Set([...a, ...b])].sort((x, y) => x - y);

/** Items that became unknown, or known again, at one instant and for one reason. */
export interface Together {
  readonly at: Instant;
  readonly what: 'unknown' | 'known';
  /** Why they are not known; `null`: evidence is missing for what is said. */
  readonly because: string | null;
  /** What it needs. */
  readonly needs: readonly string[];
  /** Place of the first of them. */
  readonly place: number;
  readonly count: number;
  readonly records: readonly number[];
}

interface Claimed {
  readonly from: Instant;
  readonly to: Instant;
  readonly said: Said;
  readonly covered: boolean;
  readonly kind: Kind;
}

/**
 * When what is claimed of the items of a check becomes otherwise, noted as claims are laid, each block once. What several
 * items become together is counted, of each other turn it is kept where and when: 12 bytes.
 */
export class Turns {
  readonly #noted = new Set<number>();
  readonly #together = new Map<string, Together>();
  readonly #needs = new Map<readonly string[], number>();
  #places = new Int32Array(16);
  #ats = new Float64Array(16);
  #size = 0;

  /** Whether a block was laid before. */
  has(block: number): boolean {
    return this.#noted.has(block);
  }

  /** Of one block: what is noted counts once {@link Noting.done} is said. */
  noting(block: number): Noting {
    return new Noting((alone, together) => {
      if (this.#noted.has(block)) return;
      this.#noted.add(block);
      for (const { place, at } of alone) this.#add(place, at);
      for (const its of together) this.#join(its);
    });
  }

  /** After one instant and up to another. */
  *together(since: Instant, now: Instant): Iterable<Together> {
    for (const its of this.#together.values()) if (since < its.at && its.at <= now) yield its;
  }

  /** Places of the items that deviate, or no longer do, from some time after one instant and up to another on: each once, ascending. */
  alone(since: Instant, now: Instant): readonly number[] {
    const found = new Set<number>();
    for (let turn = 0; turn < this.#size; turn++) {
      const at = this.#ats[turn] ?? 0;
      if (since < at && at <= now) found.add(this.#places[turn] ?? -1);
    }
    return [...found].sort((a, b) => a - b);
  }

  #add(place: number, at: Instant): void {
    if (this.#size === this.#places.length) [this.#places, this.#ats] = [longer(this.#places), longer(this.#ats)];
    this.#places[this.#size] = place;
    this.#ats[this.#size++] = at;
  }

  #join(its: Together): void {
    const needs = this.#needs.get(its.needs) ?? this.#needs.size;
    this.#needs.set(its.needs, needs);
    const name = `${its.what} ${its.at} ${its.because === null ? needs : JSON.stringify(its.because)}`;
    const known = this.#together.get(name);
    this.#together.set(name, known ? both(known, its) : its);
  }
}

const both = (a: Together, b: Together): Together => ({
  ...a,
  place: Math.min(a.place, b.place),
  count: a.count + b.count,
  records: union(a.records, b.records),
});

interface Alone {
  readonly place: number;
  readonly at: Instant;
}

/** Turns of the items of one block, to be told item by item in the order of places. */
class Noting {
  readonly #done: (alone: readonly Alone[], together: readonly Together[]) => void;
  readonly #alone: Alone[] = [];
  readonly #together: { -readonly [Name in keyof Together]: Together[Name] }[] = [];
  #place = -1;
  #last: Claimed | null = null;
  /** Neighbours turn together. */
  #before: { readonly was: Said | null; readonly is: Said; readonly covered: boolean; readonly its: { count: number; readonly at: Instant } } | null = null;

  constructor(done: (alone: readonly Alone[], together: readonly Together[]) => void) {
    this.#done = done;
  }

  /** The claims that follow are of the item at a place. */
  begin(place: number): void {
    this.#end();
    this.#place = place;
  }

  claim(from: Instant, to: Instant, said: Said, covered: boolean): void {
    const kind = !covered || said.kind === 'notYet' ? 'unknown' : said.kind;
    const is = { from, to, said, covered, kind };
    const was = this.#last;
    // Between two claims that do not touch, the item was not in the population.
    if (was && was.to === from) this.#turn(from, was, is);
    else {
      this.#end();
      this.#turn(from, null, is);
    }
    this.#last = is;
  }

  done(): void {
    this.#end();
    this.#done(this.#alone, this.#together);
  }

  #end(): void {
    if (this.#last && this.#last.to < NEVER) this.#turn(this.#last.to, this.#last, null);
    this.#last = null;
  }

  #turn(at: Instant, was: Claimed | null, is: Claimed | null): void {
    const what = whatOf(was?.kind, is?.kind);
    if (what === null) return;
    if (!is || what === 'deviates' || what === 'ends') this.#alone.push({ place: this.#place, at });
    else this.#turnTogether(at, what, was, is);
  }

  #turnTogether(at: Instant, what: Together['what'], was: Claimed | null, is: Claimed): void {
    const before = this.#before;
    if (before && before.its.at === at && before.is === is.said && before.covered === is.covered && before.was === (was?.said ?? null)) {
      before.its.count++;
      return;
    }
    const records = what === 'known' ? taught(was?.said.records, is.said.records) : is.said.records;
    // What is known again is known again for whatever reason.
    const [because, needs] = what === 'known' ? ['', NOTHING] : is.covered ? [is.said.because ?? '', NOTHING] : [null, is.said.needs];
    const its = { at, what, because, needs, place: this.#place, count: 1, records };
    this.#together.push(its);
    this.#before = { was: was?.said ?? null, is: is.said, covered: is.covered, its };
  }
}

const NOTHING: readonly string[] = [];
export type { Noting };
