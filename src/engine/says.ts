import type { Verdict } from '../checks/check.ts';
import { type Lists, lists } from './lists.ts';

/** What is said of an item for some time, and what that rests on. */
export interface Said {
  readonly kind: Verdict['kind'];
  readonly because: string | null;
  /** Datasets that must be covered for it to count: all it reads, or those of which a deviation cites no row. */
  readonly needs: readonly string[];
  /** Those of them in which nothing was found: they must have been looked at since the item appeared. */
  readonly lacks: readonly string[];
  /** Time alone will not change it. */
  readonly settled: boolean;
  /** Records of the item's row and of the rows cited, as they were when it began. */
  readonly records: readonly number[];
}

/** Everything that a check ever said, each once, by number. */
export interface Says {
  readonly all: readonly Said[];
  /** Equal for two that say the same, whatever records they rest on. */
  readonly meanings: readonly number[];
  number(kind: Said['kind'], because: string | null, needs: Said['needs'], lacks: Said['lacks'], settled: boolean, records: Said['records']): number;
}

const KINDS: Readonly<Record<Said['kind'], number>> = { conforms: 0, deviates: 1, unknown: 2, notYet: 3 };

/** @param shared the lists of the facts that verdicts rest on */
export function says(shared: Lists = lists()): Says {
  const [all, meanings] = [[] as Said[], [] as number[]];
  const [numbers, meant] = [new Map<string, number>(), new Map<string, number>()];
  const last = [-1, -1, -1, -1];

  const number: Says['number'] = (kind, because, needs, lacks, settled, records) => {
    const place = last[KINDS[kind]] ?? -1;
    const before = all[place];
    // Most items of a check are told of by one run, and found alike.
    if (before && before.records === records && before.because === because && before.needs === needs && before.lacks === lacks && before.settled === settled)
      return place;
    const meaning = `${KINDS[kind]}${settled ? 1 : 0} ${shared.idOf(needs)} ${shared.idOf(lacks)}${because === null ? '' : ` ${because}`}`;
    const name = `${shared.idOf(records)} ${meaning}`;
    const known =
      numbers.get(name) ??
      add({ kind, because, needs: shared.share(needs), lacks: shared.share(lacks), settled, records: shared.share(records) }, name, meaning);
    last[KINDS[kind]] = known;
    return known;
  };

  function add(said: Said, name: string, meaning: string): number {
    const its = meant.get(meaning) ?? meant.size;
    meant.set(meaning, its);
    numbers.set(name, all.length);
    meanings.push(its);
    return all.push(said) - 1;
  }

  return { all, meanings, number };
}
