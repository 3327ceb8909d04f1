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
  number(kind: Said['kind'], because: string | null, needs: Said['needs'], lacks: Said['lacks'], settled: boolean, records: Said['records']): number;
  /** Whether two say the same, whatever records they rest on. */
  isSame(one: number, other: number): boolean;
}

const KINDS: Readonly<Record<Said['kind'], number>> = { conforms: 0, deviates: 1, unknown: 2, notYet: 3 };

const fits = (
  said: Said | undefined,
  ...[kind, needs, lacks, settled, records]: readonly [Said['kind'], Said['needs'], Said['lacks'], boolean, Said['records']]
) => said !== undefined && said.kind === kind && said.records === records && said.needs === needs && said.lacks === lacks && said.settled === settled;

/** @param shared the lists of the facts that verdicts rest on */
export function says(shared: Lists = lists()): Says {
  const all: Said[] = [];
  const last = [-1, -1, -1, -1];
  /** Most sentences are said in one way only. */
  const [first, others] = [new Map<string | null, number>(), new Map<string, number>()];

  const number: Says['number'] = (kind, because, needs, lacks, settled, records) => {
    // Most items of a check are told of by one run, and found alike.
    const before = last[KINDS[kind]] ?? -1;
    const same = all[before];
    if (same && same.records === records && same.because === because && same.needs === needs && same.lacks === lacks && same.settled === settled) return before;
    const known = first.get(because);
    if (known !== undefined && fits(all[known], kind, needs, lacks, settled, records)) return known;
    const said = { kind, because, needs: shared.share(needs), lacks: shared.share(lacks), settled, records: shared.share(records) };
    if (known === undefined) first.set(because, all.length);
    const its = known === undefined ? all.push(said) - 1 : another(said);
    last[KINDS[kind]] = its;
    return its;
  };

  const another = (said: Said): number => {
    const { kind, because, needs, lacks, settled, records } = said;
    const name = `${KINDS[kind]}${settled ? 1 : 0} ${shared.idOf(needs)} ${shared.idOf(lacks)} ${shared.idOf(records)}${because === null ? '' : ` ${because}`}`;
    const known = others.get(name) ?? all.push(said) - 1;
    others.set(name, known);
    return known;
  };

  const isSame: Says['isSame'] = (one, other) => {
    const [a, b] = [all[one], all[other]];
    return a === b || (!!a && !!b && a.kind === b.kind && a.because === b.because && a.settled === b.settled && a.needs === b.needs && a.lacks === b.lacks);
  };

  return { all, number, isSame };
}
